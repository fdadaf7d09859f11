"""The state of one exchange while it runs, and the audit records that are made from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from shield.audit import exchange_records
from shield.audit.record import Draft
from shield.config.settings_route import Mode
from shield.domain import NOTHING_FOUND, Decision, Opaque, Placed, Summary, Verdict
from shield.errors import (
    OpaqueContentError,
    PolicyBlockedError,
    RequestError,
    ShieldError,
    UpstreamError,
)
from shield.proxy.inspection import BLOCKED_OPAQUE, Inspected
from shield.proxy.inspection_run import Job
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
    status: ClassVar[int] = 499  # never sent; access logs know it
    title: ClassVar[str] = "The client closed the connection."


@dataclass(slots=True)
class Passage:
    """One exchange so far: for its records, its metrics and its access line. Times in seconds."""

    request_id: str
    started: float
    lane: Lane | None = None  # set for a canary of this process's own
    plan: RoutePlan | None = None
    upstream: UpstreamClient | None = None  # held open while set
    ticket: Ticket | None = None  # its standing in admission
    stages: dict[str, float] = field(default_factory=dict)
    media_type: str = ""
    trace: Trace | None = None
    tenant: str = ""  # the sender, where known
    size: int = 0
    body: bytes = b""  # as received, once all has arrived
    before: str = ""
    findings: tuple[Placed, ...] = ()  # empty for a large body: see `Inspected`
    found: Summary = NOTHING_FOUND
    segments: int = 0
    inspected_bytes: int = 0
    uninspected: Mapping[Uninspected, int] = field(default_factory=dict)
    unlearned: int = 0  # letters that the model has not learned
    opaque: tuple[Opaque, ...] = ()
    as_received: tuple[str, ...] = ()  # parts that a bypass forwards as they came
    tier: str = ""  # the tier that read all of its text
    rescan: Pending | None = None  # reserved for the full inspection that there was no time for
    inspection: tuple[Job, Inspected] | None = None  # kept where a shadow policy or a read-back may want it
    written: Written | None = None  # set for a write that is to be read back
    committing: bool = False  # while its intent is being written
    intent: int | None = None  # index of the intent or bypass record, once durable
    closed: bool = False  # whether an outcome follows it
    unsent: bool = False  # a stop came between the two: nothing of it went upstream
    refusal: int | None = None  # index of the reject record, once appended
    outcome: Outcome = Outcome.REJECTED
    reason: str = ""
    status: int = 0
    read_seconds: float = 0.0
    upstream_seconds: float = 0.0
    head_at: float | None = None  # when the upstream's answer began

    @property
    def unread(self) -> bool:
        """Whether only its head is known."""
        return not (self.stages or self.size or self.before or self.segments or self.found.rows)

    @property
    def recorded(self) -> list[int]:
        """The indices of the records that stand for it as a request: its intent or bypass, or its refusal."""
        return [index for index in (self.intent, self.refusal) if index is not None]

    @property
    def uninspected_bytes(self) -> int:
        return sum(self.uninspected.values())


def decide(plan: RoutePlan, inspected: Inspected) -> tuple[Decision, Outcome]:
    """The decision on an inspected request that the policy does not block."""
    if not inspected.acted:
        return _FORWARD
    return _OBSERVE if plan.route.mode is Mode.OBSERVE else _REDACTED


def blocked_error(inspected: Inspected) -> PolicyBlockedError:
    """The error that answers a request which the policy blocks."""
    if inspected.blocked != BLOCKED_OPAQUE:
        return PolicyBlockedError(f"The policy blocks what was found: {inspected.blocked}.")
    forms = sorted({each.form for each in inspected.opaque})
    return OpaqueContentError(
        f"The request holds content that cannot be inspected ({', '.join(forms)}). Send it without, "
        "or let the operator set the route's key opaque, or a rule for the field."
    )


def refusal_outcome(error: ShieldError) -> Outcome:
    """The outcome by which an exchange that `error` ended is counted."""
    if isinstance(error, PolicyBlockedError):
        return Outcome.BLOCKED
    if isinstance(error, ClientGoneError):
        return Outcome.CLIENT_GONE
    if isinstance(error, UpstreamError):
        return Outcome.UPSTREAM_FAILED
    return Outcome.UNAVAILABLE if error.status >= _SERVER_ERROR else Outcome.REJECTED


def marked(passage: Passage, draft: Draft) -> Draft:
    """The draft; a canary's is marked as such and has no upstream but the sink."""
    if passage.lane is None:
        return draft
    return Draft(draft.kind, {**draft.fields, "upstream": None, "canary": True})


def intent_draft(
    passage: Passage,
    plan: RoutePlan,
    method: str,
    build: str,
    *,
    inspected: Inspected,
    decision: Decision,
) -> Draft:
    """The record that the request is about to be forwarded as `inspected` has it."""
    return exchange_records.intent(
        _facts(passage, method, build),
        plan.basis,
        decision,
        upstream=plan.route.upstream.name,
        body_after_sha256=inspected.after,
        size_after=len(inspected.body),
        dropped=inspected.dropped,
        type_changes=inspected.type_changes,
        tier=passage.tier,
        reduced=inspected.reduced,
    )


def bypass_draft(passage: Passage, plan: RoutePlan, method: str, build: str, inspected: Inspected) -> Draft:
    """The record that it is about to be forwarded, in part as it came, because of `passage.reason`."""
    return exchange_records.bypass(
        _facts(passage, method, build),
        plan.basis,
        upstream=plan.route.upstream.name,
        reason=passage.reason,
        as_received=passage.as_received,
        body_after_sha256=inspected.after,
        size_after=len(inspected.body),
        dropped=inspected.dropped,
        type_changes=inspected.type_changes,
    )


def refusal_draft(passage: Passage, method: str, build: str, error: ShieldError) -> Draft:
    """The record that the shield answered with `error` and forwarded nothing."""
    if passage.unread and not isinstance(error, PolicyBlockedError):
        return exchange_records.unread(
            passage.request_id,
            passage.plan.basis if passage.plan is not None else None,
            method=method,
            build=build,
            media_type=passage.media_type,
            tenant=passage.tenant,
            code=error.code,
            status=error.status,
        )
    return exchange_records.reject(
        _facts(passage, method, build),
        passage.plan.basis if passage.plan is not None else None,
        code=error.code,
        status=error.status,
        blocked=isinstance(error, PolicyBlockedError),
    )


def _facts(passage: Passage, method: str, build: str) -> exchange_records.Facts:
    # Positional, in the order of the fields: passing so many by name costs twice as much.
    return exchange_records.Facts(
        passage.request_id,
        method,
        build,
        passage.media_type,
        passage.tenant,
        passage.found,
        passage.before,
        passage.size,
        passage.segments,
        passage.uninspected_bytes,
        passage.opaque,
        passage.stages,
    )
