"""Drafts of the records of one request: what is about to be forwarded, what was refused, how it ended. Pure.

Law: no record holds plaintext of a payload, or an unkeyed hash of one. `body_after` is an unkeyed SHA-256
only where the redaction changed the body; otherwise the body after *is* the body before, and its keyed digest
is used (docs/decisions/002-audit-log.md).
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from shield.audit.record import Draft, Kind, listed_paths
from shield.domain import NOTHING_FOUND, Decision, Opaque, Summary, Verdict

_METHOD = re.compile(r"[A-Z][A-Z-]{0,19}")
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,64}/[a-z0-9!#$&^_.+-]{1,96}")
_REQUEST_ID_LENGTH = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a result rests on: a route, its policy, and the detectors that the policy runs.

    Names come from the configuration; digests are `sha256:` + hex, of what `audit.documents` keeps.
    """

    route: str
    policy: str
    policy_digest: str
    model_digest: str
    mode: str

    @property
    def fields(self) -> dict[str, str]:
        """The fields, as in records on a route that are not of one request."""
        return {
            "route": self.route,
            "policy": self.policy,
            "policy_digest": self.policy_digest,
            "model_digest": self.model_digest,
        }


class Facts(NamedTuple):
    """What is known of a request when a record of it is made, whatever was decided.

    `body_before_hmac` is `AuditLog.digest_body` of the body as it came, or empty without a body;
    `size_before` is in bytes. Paths of `found` must be safe to publish (`payload.paths.safe_path`).
    `stage_seconds` is keyed by stage. `tenant` is empty where it is not known.
    """

    request_id: str
    method: str
    build: str = ""
    media_type: str = ""
    tenant: str = ""
    found: Summary = NOTHING_FOUND
    body_before_hmac: str = ""
    size_before: int = 0
    segments: int = 0
    uninspected_bytes: int = 0
    opaque: Sequence[Opaque] = ()
    stage_seconds: Mapping[str, float] = MappingProxyType({})


def intent(
    facts: Facts,
    basis: Basis,
    decision: Decision,
    *,
    upstream: str,
    body_after_sha256: str,
    size_after: int,
    dropped: Sequence[str] = (),
    type_changes: Sequence[str] = (),
    tier: str = "",
    reduced: bool = False,
) -> Draft:
    """Draft: a request is about to be forwarded. An `outcome` follows.

    `tier` is what read its text to the end: the name of the policy's model, or `patterns`. `reduced` says
    that this was less than the policy asks for, for lack of time; a `rescan` follows.

    `body_after_sha256` is SHA-256 (hex) of the body that is forwarded where the redaction changed the *body*,
    and empty where it did not; it is used only under FORWARD_REDACTED (and in a bypass). Paths must be safe
    to publish (`payload.paths.safe_path`). Raises `ValueError` for an unkeyed digest of the body before.
    """
    fields = _exchange(
        facts, basis, decision, upstream=upstream, after=body_after_sha256, size_after=size_after
    )
    if dropped:
        fields["dropped"] = listed_paths(dropped)
    if type_changes:
        fields["type_changes"] = listed_paths(type_changes)
    if tier:
        fields["tier"] = tier
        if reduced:
            fields["reduced"] = True
    return Draft(Kind.INTENT, fields)


def bypass(
    facts: Facts,
    basis: Basis,
    *,
    upstream: str,
    reason: str,
    as_received: Sequence[str] = (),
    body_after_sha256: str = "",
    size_after: int | None = None,
    dropped: Sequence[str] = (),
    type_changes: Sequence[str] = (),
) -> Draft:
    """Draft: a request is about to be forwarded after an error, by the route's setting.

    `reason` is the error's code. `as_received` are the parts that are forwarded as they came, of `body`,
    `path`, `query` and `header`; the treatment of the others is as in an intent. An `outcome` follows.
    """
    fields = _exchange(
        facts,
        basis,
        Decision(Verdict.BYPASS, reason),
        upstream=upstream,
        after=body_after_sha256,
        size_after=facts.size_before if size_after is None else size_after,
    )
    if as_received:
        fields["as_received"] = list(as_received)
    if dropped:
        fields["dropped"] = listed_paths(dropped)
    if type_changes:
        fields["type_changes"] = listed_paths(type_changes)
    return Draft(Kind.BYPASS, fields)


def reject(facts: Facts, basis: Basis | None, *, code: str, status: int, blocked: bool = False) -> Draft:
    """Draft: the shield itself answered a request, and nothing was forwarded.

    `basis` is None where no route took it. `code` is the error's code, `status` the HTTP status of the
    answer; `blocked` says that the policy decided so (and not that the request or the shield was at fault).
    """
    decision = Decision(Verdict.BLOCK if blocked else Verdict.REJECT, code)
    return Draft(
        Kind.REJECT,
        {**_exchange(facts, basis, decision, upstream=None, after="", size_after=None), "status": status},
    )


def outcome(
    *, request_id: str, intent: int, status: int | None, result: str, upstream_seconds: float | None = None
) -> Draft:
    """Draft: the result of the intent (or bypass) of index `intent`.

    `status` is the upstream's, None where it gave none. `result` is `answered`, an upstream error's code
    (`upstream_unreachable`, `upstream_reset`, `upstream_timeout`, …), `client_gone`, `draining` (a stop came
    first: nothing was sent), or `outcome_unknown`, which is written for what a stop did not wait for, and by
    recovery for what a crash left without an outcome.
    """
    return Draft(
        Kind.OUTCOME,
        {
            "request_id": request_id[:_REQUEST_ID_LENGTH],
            "intent": intent,
            "result": result,
            "upstream_status": status,
            "upstream_us": None if upstream_seconds is None else round(upstream_seconds * 1_000_000),
        },
    )


def unread(
    request_id: str,
    basis: Basis | None,
    *,
    method: str,
    build: str,
    media_type: str,
    tenant: str,
    code: str,
    status: int,
) -> Draft:
    """The draft that `reject` makes where only the request's head was read.

    Under overload most records are of this kind and differ by little, so the common part is cached for a few
    kinds.
    """
    alike = _alike(basis, method, build, media_type, tenant, code, status)
    # keeps its place as the first member
    return Draft(Kind.REJECT, {**alike, "request_id": request_id[:_REQUEST_ID_LENGTH]})


@functools.lru_cache(maxsize=256)
def _alike(  # noqa: PLR0917  as `unread`
    basis: Basis | None, method: str, build: str, media_type: str, tenant: str, code: str, status: int
) -> Mapping[str, Any]:
    facts = Facts("", method, build, media_type, tenant)
    return reject(facts, basis, code=code, status=status).fields


_NO_ROUTE = Basis(route="", policy="", policy_digest="", model_digest="", mode="")


def _exchange(
    facts: Facts,
    basis: Basis | None,
    decision: Decision,
    *,
    upstream: str | None,
    after: str,
    size_after: int | None,
) -> dict[str, Any]:
    """The fields that every record of a request's inspection has, so that one reader reads them all."""
    basis = basis or _NO_ROUTE
    before = facts.body_before_hmac
    if before and not before.startswith("hmac-sha256:"):
        raise ValueError("the digest of the body before must be a keyed one")
    body_after = before
    if after:
        if after.startswith("hmac-sha256:"):  # compressed again, not redacted
            body_after = after
        elif decision.verdict in {Verdict.FORWARD_REDACTED, Verdict.BYPASS}:
            body_after = f"sha256:{after.removeprefix('sha256:')}"
    fields: dict[str, Any] = {
        "request_id": facts.request_id[:_REQUEST_ID_LENGTH],
        "route": basis.route or None,
        "method": _method(facts.method),
        "upstream": upstream,
        "decision": decision.verdict.value,
        "reason": decision.reason,
        "mode": basis.mode,
        "policy": basis.policy,
        "policy_digest": basis.policy_digest,
        "model_digest": basis.model_digest,
        "build": facts.build,
        "media_type": _media_type(facts.media_type),
        "findings": list(facts.found.rows),
        "body_before": before or None,
        "body_after": (body_after or None) if size_after is not None else None,
        "size_before": facts.size_before,
        "size_after": size_after,
        "segments": facts.segments,
        "uninspected_bytes": facts.uninspected_bytes,
        "stages_us": _microseconds(facts.stage_seconds),
    }
    if facts.tenant:
        fields["tenant"] = facts.tenant
    if facts.opaque:
        fields["opaque"] = {
            **listed_paths([each.path for each in facts.opaque]),
            "bytes": sum(each.size for each in facts.opaque),
            "forms": dict(sorted(Counter(each.form for each in facts.opaque).items())),
        }
    return fields


@functools.lru_cache(maxsize=64)  # the few that clients send
def _method(method: str) -> str:
    """The method. A client chooses it and might say anything; what is not shaped like one becomes OTHER."""
    return method if _METHOD.fullmatch(method) else "OTHER"


@functools.lru_cache(maxsize=256)  # the few that the configuration names
def _media_type(media_type: str) -> str:
    """`type/subtype` alone: parameters are the client's free text."""
    essence = media_type.partition(";")[0].strip().lower()
    return essence if not essence or _MEDIA_TYPE.fullmatch(essence) else "other"


def _microseconds(stage_seconds: Mapping[str, float]) -> dict[str, int]:
    return {stage: round(seconds * 1_000_000) for stage, seconds in stage_seconds.items()}
