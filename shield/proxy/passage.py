"""What is known of one exchange while it runs, and the audit records that are made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from shield.audit import record
from shield.config.settings import Mode
from shield.domain import Decision, Placed, Verdict
from shield.errors import PolicyBlockedError, RequestError, ShieldError, UpstreamError
from shield.proxy.inspection import Inspected, Job
from shield.proxy.lane import Lane
from shield.proxy.rescans import Pending
from shield.proxy.runtime import RoutePlan
from shield.proxy.tickets import Ticket
from shield.proxy.upstream import UpstreamClient
from shield.proxy.written import Written
from shield.telemetry.metrics import Outcome, Uninspected
from shield.telemetry.tracing import Trace

_SERVER_ERROR = 500
_FORWARD = Decision(Verdict.FORWARD), Outcome.FORWARDED
_OBSERVE = Decision(Verdict.OBSERVE), Outcome.OBSERVED
_REDACTED = Decision(Verdict.FORWARD_REDACTED), Outcome.REDACTED


class ClientGoneError(RequestError):
    """The client closed its connection before its request was forwarded. Nobody reads the answer."""

    code: ClassVar[str] = "client_gone"
    status: ClassVar[int] = 499  # nobody gets it; a name that access logs know
    title: ClassVar[str] = "The client closed the connection."


@dataclass(slots=True)
class Passage:
    """One exchange so far: for its records, its metrics and its access line. Times in seconds."""

    request_id: str
    started: float
    lane: Lane | None = None  # set for a canary of this process's own
    plan: RoutePlan | None = None
    upstream: UpstreamClient | None = None  # held open while set
    ticket: Ticket | None = None  # its standing with the admission
    stages: dict[str, float] = field(default_factory=dict)
    media_type: str = ""
    trace: Trace | None = None
    tenant: str = ""  # who sent it, where that is known
    size: int = 0
    body: bytes = b""  # as received, once all of it was
    before: str = ""
    findings: tuple[Placed, ...] = ()
    segments: int = 0
    inspected_bytes: int = 0
    uninspected: Mapping[Uninspected, int] = field(default_factory=dict)
    tier: str = ""  # what read its text to the end
    rescan: Pending | None = None  # room for the inspection in full that there was no time for
    inspection: tuple[Job, Inspected] | None = None  # kept where a shadow policy or a read-back may want it
    written: Written | None = None  # set for a write that is to be read back
    intent: int | None = None  # index of the intent or bypass record, once durable
    closed: bool = False  # whether an outcome follows it
    outcome: Outcome = Outcome.REJECTED
    reason: str = ""
    status: int = 0
    read_seconds: float = 0.0
    upstream_seconds: float = 0.0
    head_at: float | None = None  # when the upstream's answer began

    @property
    def uninspected_bytes(self) -> int:
        return sum(self.uninspected.values())


def decide(plan: RoutePlan, inspected: Inspected) -> tuple[Decision, Outcome]:
    """The decision on an inspected request that the policy does not block."""
    if not inspected.acted:
        return _FORWARD
    return _OBSERVE if plan.route.mode is Mode.OBSERVE else _REDACTED


def refusal_outcome(error: ShieldError) -> Outcome:
    """How an exchange that `error` ended is counted."""
    if isinstance(error, PolicyBlockedError):
        return Outcome.BLOCKED
    if isinstance(error, ClientGoneError):
        return Outcome.CLIENT_GONE
    if isinstance(error, UpstreamError):
        return Outcome.UPSTREAM_FAILED
    return Outcome.UNAVAILABLE if error.status >= _SERVER_ERROR else Outcome.REJECTED


def marked(passage: Passage, draft: record.Draft) -> record.Draft:
    """The draft, and where it is a canary's, that it is one and has no upstream but the sink."""
    if passage.lane is None:
        return draft
    return record.Draft(draft.kind, {**draft.fields, "upstream": None, "canary": True})


def intent_draft(
    passage: Passage,
    plan: RoutePlan,
    method: str,
    build: str,
    *,
    inspected: Inspected,
    decision: Decision,
) -> record.Draft:
    """That the request is about to be forwarded as `inspected` has it."""
    route = plan.route
    return record.intent(
        request_id=passage.request_id,
        route=route.name,
        method=method,
        upstream=route.upstream.name,
        policy=route.policy.name,
        policy_digest=route.policy.digest,
        model_digest=plan.model_digest,
        build=build,
        media_type=passage.media_type,
        tenant=passage.tenant,
        tier=passage.tier,
        reduced=inspected.reduced,
        findings=inspected.findings,
        dropped=inspected.dropped,
        type_changes=inspected.type_changes,
        body_before_hmac=inspected.before,
        body_after_sha256=inspected.after,
        size_before=passage.size,
        size_after=len(inspected.body),
        segments=inspected.segments,
        uninspected_bytes=inspected.uninspected_bytes,
        decision=decision,
        mode=route.mode.value,
        stage_seconds=passage.stages,
    )


def bypass_draft(passage: Passage, plan: RoutePlan, method: str, build: str) -> record.Draft:
    """That the request is about to be forwarded as it came, because `passage.reason` befell it."""
    route = plan.route
    return record.bypass(
        request_id=passage.request_id,
        route=route.name,
        method=method,
        upstream=route.upstream.name,
        policy=route.policy.name,
        policy_digest=route.policy.digest,
        model_digest=plan.model_digest,
        build=build,
        media_type=passage.media_type,
        tenant=passage.tenant,
        body_before_hmac=passage.before,
        size=passage.size,
        mode=route.mode.value,
        reason=passage.reason,
        stage_seconds=passage.stages,
        uninspected_bytes=passage.uninspected_bytes,
    )


def refusal_draft(passage: Passage, method: str, build: str, error: ShieldError) -> record.Draft:
    """That the shield answered with `error` and forwarded nothing."""
    plan = passage.plan
    blocked = isinstance(error, PolicyBlockedError)
    if plan is None:
        return record.reject(
            request_id=passage.request_id,
            route=None,
            method=method,
            code=error.code,
            status=error.status,
            blocked=blocked,
            build=build,
            tenant=passage.tenant,
        )
    route = plan.route
    return record.reject(
        request_id=passage.request_id,
        route=route.name,
        method=method,
        code=error.code,
        status=error.status,
        blocked=blocked,
        policy=route.policy.name,
        policy_digest=route.policy.digest,
        model_digest=plan.model_digest,
        build=build,
        media_type=passage.media_type,
        tenant=passage.tenant,
        findings=passage.findings,
        body_before_hmac=passage.before,
        size_before=passage.size,
        segments=passage.segments,
        uninspected_bytes=passage.uninspected_bytes,
        mode=route.mode.value,
        stage_seconds=passage.stages,
    )
