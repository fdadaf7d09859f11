"""What a record of the audit log says: builders with named fields, and the one encoding.

Pure. A record is one JSON object in compact UTF-8 of at most 65,535 bytes, its members in a fixed
order: `version`, `index`, `kind`, `time`, `nonce`, then the fields of its kind. Numbers are integers
but for `min_score`. The bytes are stored and hashed as they were made, never made again.

Law: no plaintext of a payload, and no unkeyed hash of one, is in a record. `body_after` is an unkeyed
SHA-256 only where the redaction changed the body; else the body after *is* the body before, and its
keyed digest stands (docs/decisions/002-audit-log.md).
"""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import orjson

from shield.audit.tiles import MAX_ENTRY_BYTES
from shield.domain import EMPTY, Decision, Placed, Verdict
from shield.errors import AuditUnavailableError

VERSION = 1
NONCE_BYTES = 16
PATHS_PER_LIST = 32
OUTCOME_UNKNOWN = "outcome_unknown"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_METHOD = re.compile(r"[A-Z][A-Z-]{0,19}")
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,64}/[a-z0-9!#$&^_.+-]{1,96}")
_REQUEST_ID_LENGTH = 128


class Kind(enum.StrEnum):
    """What a record is about. `intent` and `bypass` wait for an `outcome` that names their index."""

    BOOT = "boot"
    INTENT = "intent"
    OUTCOME = "outcome"
    BYPASS = "bypass"
    REJECT = "reject"
    CONFIG = "config"
    CHECKPOINT = "checkpoint"
    SHUTDOWN = "shutdown"
    RECOVERED = "recovered"
    HEARTBEAT = "heartbeat"
    ACKNOWLEDGE = "acknowledge"
    ACCESS = "access"
    CANARY = "canary"
    READ_BACK = "read_back"
    SHADOW = "shadow"
    RESCAN = "rescan"
    ROTATE = "rotate"
    DIGEST_KEY = "digest_key"
    PRUNE = "prune"
    HOLD = "hold"
    ROSTER = "roster"
    ANCHOR = "anchor"


AWAITING_OUTCOME = frozenset({Kind.INTENT, Kind.BYPASS})


class Draft(NamedTuple):
    """A record without what the log adds: version, index, time and nonce."""

    kind: Kind
    fields: Mapping[str, Any]


def rfc3339(time_ns: int) -> str:
    """UTC with microseconds, such as `2031-05-04T03:02:01.000000Z`; always 27 characters long."""
    second, fraction = divmod(time_ns // 1000, 1_000_000)
    return f"{_to_the_second(second)}.{fraction:06d}Z"


@functools.lru_cache(maxsize=4)  # the records of one second come together
def _to_the_second(second: int) -> str:
    return (_EPOCH + timedelta(seconds=second)).isoformat()[:19]


def encode_record(draft: Draft, *, index: int, time: int, nonce: bytes, clock_back_us: int = 0) -> bytes:
    """The stored bytes of a record.

    `time` is nanoseconds since 1970; `clock_back_us` says by how many microseconds it lies before the
    time of the record before. Where the record would be longer than 65,535 bytes, lists of paths are
    shortened, each saying in `paths_omitted` how many; counts and types always stay. Raises
    `AuditUnavailableError` where even that does not make it fit.
    """
    head: dict[str, Any] = {
        "version": VERSION,
        "index": index,
        "kind": str(draft.kind),
        "time": rfc3339(time),
        "nonce": nonce.hex(),
    }
    if clock_back_us:
        head["clock_back_us"] = clock_back_us
    raw = orjson.dumps({**head, **draft.fields})
    limit = PATHS_PER_LIST
    while len(raw) > MAX_ENTRY_BYTES:
        if limit == 0:
            raise AuditUnavailableError("a record would be longer than 65,535 bytes")
        limit //= 4
        raw = orjson.dumps({**head, **_with_fewer_paths(draft.fields, limit)})
    return raw


def _with_fewer_paths(fields: Mapping[str, Any], limit: int) -> dict[str, Any]:
    def shortened(value: Any) -> Any:
        if isinstance(value, dict) and len(value.get("paths", ())) > limit:
            omitted = value.get("paths_omitted", 0) + len(value["paths"]) - limit
            return {**value, "paths": value["paths"][:limit], "paths_omitted": omitted}
        return value

    return {
        name: [shortened(item) for item in value] if isinstance(value, list) else shortened(value)
        for name, value in fields.items()
    }


def listed_paths(paths: Sequence[str]) -> dict[str, Any]:
    """How a list of paths stands in a record: how many, and the first of the distinct ones."""
    distinct = list(dict.fromkeys(paths))
    listed: dict[str, Any] = {"count": len(paths), "paths": distinct[:PATHS_PER_LIST]}
    if len(distinct) > PATHS_PER_LIST:
        listed["paths_omitted"] = len(distinct) - PATHS_PER_LIST
    return listed


def summary(findings: Sequence[Placed]) -> list[dict[str, Any]]:
    """Findings as type x count, in the order of their first appearance."""
    groups: dict[str, list[Placed]] = {}
    for placed in findings:
        groups.setdefault(placed.finding.entity_type, []).append(placed)
    return [
        {
            "type": entity_type,
            "count": 1,
            "paths": [group[0].path],
            "recognizers": [group[0].finding.recognizer],
            "operators": [group[0].operator],
            "min_score": round(group[0].finding.score, 3),
        }
        if len(group) == 1  # as most are: a third of what this costs
        else {
            "type": entity_type,
            **listed_paths([placed.path for placed in group]),
            "recognizers": sorted({placed.finding.recognizer for placed in group}),
            "operators": sorted({placed.operator for placed in group}),
            "min_score": round(min(placed.finding.score for placed in group), 3),
        }
        for entity_type, group in groups.items()
    ]


@functools.lru_cache(maxsize=64)
def _method(method: str) -> str:
    """A method is chosen by the client and might say anything; what is not shaped like one is OTHER."""
    return method if _METHOD.fullmatch(method) else "OTHER"


@functools.lru_cache(maxsize=256)
def _media_type(media_type: str) -> str:
    """`type/subtype` alone: parameters are the client's free text."""
    essence = media_type.partition(";")[0].strip().lower()
    return essence if not essence or _MEDIA_TYPE.fullmatch(essence) else "other"


def _microseconds(stage_seconds: Mapping[str, float]) -> dict[str, int]:
    return {stage: round(seconds * 1_000_000) for stage, seconds in stage_seconds.items()}


def _exchange(
    kind: Kind,
    decision: Decision,
    *,
    request_id: str,
    route: str | None,
    method: str,
    upstream: str | None,
    policy: str,
    policy_digest: str,
    model_digest: str,
    build: str,
    media_type: str,
    findings: Sequence[Placed],
    dropped: Sequence[str],
    type_changes: Sequence[str],
    body_before_hmac: str,
    body_after_sha256: str,
    size_before: int,
    size_after: int | None,
    segments: int,
    uninspected_bytes: int,
    mode: str,
    stage_seconds: Mapping[str, float],
    tenant: str,
) -> Draft:
    """The fields that every record of a request's inspection has, so that one reader reads them all."""
    changed = decision.verdict is Verdict.FORWARD_REDACTED and body_after_sha256
    if body_before_hmac and not body_before_hmac.startswith("hmac-sha256:"):
        raise ValueError("the digest of the body before must be a keyed one")
    after = f"sha256:{body_after_sha256.removeprefix('sha256:')}" if changed else body_before_hmac
    fields: dict[str, Any] = {
        "request_id": request_id[:_REQUEST_ID_LENGTH],
        "route": route,
        "method": _method(method),
        "upstream": upstream,
        "decision": decision.verdict.value,
        "reason": decision.reason,
        "mode": mode,
        "policy": policy,
        "policy_digest": policy_digest,
        "model_digest": model_digest,
        "build": build,
        "media_type": _media_type(media_type),
        "findings": summary(findings),
        "body_before": body_before_hmac or None,
        "body_after": (after or None) if size_after is not None else None,
        "size_before": size_before,
        "size_after": size_after,
        "segments": segments,
        "uninspected_bytes": uninspected_bytes,
        "stages_us": _microseconds(stage_seconds),
    }
    if tenant:
        fields["tenant"] = tenant
    if dropped:
        fields["dropped"] = listed_paths(dropped)
    if type_changes:
        fields["type_changes"] = listed_paths(type_changes)
    return Draft(kind, fields)


def intent(
    *,
    request_id: str,
    route: str,
    method: str,
    upstream: str,
    policy: str,
    policy_digest: str,
    model_digest: str,
    build: str,
    media_type: str,
    findings: Sequence[Placed],
    dropped: Sequence[str],
    type_changes: Sequence[str],
    body_before_hmac: str,
    body_after_sha256: str,
    size_before: int,
    size_after: int,
    segments: int,
    uninspected_bytes: int,
    decision: Decision,
    mode: str,
    stage_seconds: Mapping[str, float],
    tenant: str = "",
    tier: str = "",
    reduced: bool = False,
) -> Draft:
    """That a request is about to be forwarded. An `outcome` follows.

    `tier` is what read its text to the end: the name of the policy's model, or `patterns`. `reduced` is
    whether that was less than the policy asks for, since there was no time for more; a `rescan` follows.

    `body_before_hmac` is `AuditLog.digest_body` of the body as it came, or empty without a body.
    `body_after_sha256` is SHA-256 (hex) of the body that is forwarded where the redaction changed the
    *body*, and empty where it did not; it is not used under any verdict but FORWARD_REDACTED. Paths
    must be safe to publish (`payload.paths.safe_path`). Raises `ValueError` for an unkeyed digest of
    the body before.
    """
    draft = _exchange(
        Kind.INTENT,
        decision,
        request_id=request_id,
        route=route,
        method=method,
        upstream=upstream,
        policy=policy,
        policy_digest=policy_digest,
        model_digest=model_digest,
        build=build,
        media_type=media_type,
        findings=findings,
        dropped=dropped,
        type_changes=type_changes,
        body_before_hmac=body_before_hmac,
        body_after_sha256=body_after_sha256,
        size_before=size_before,
        size_after=size_after,
        segments=segments,
        uninspected_bytes=uninspected_bytes,
        mode=mode,
        stage_seconds=stage_seconds,
        tenant=tenant,
    )
    if not tier:
        return draft
    return Draft(draft.kind, {**draft.fields, "tier": tier, **({"reduced": True} if reduced else {})})


def bypass(
    *,
    request_id: str,
    route: str,
    method: str,
    upstream: str,
    policy: str,
    policy_digest: str,
    model_digest: str,
    build: str,
    media_type: str,
    body_before_hmac: str,
    size: int,
    mode: str,
    reason: str,
    stage_seconds: Mapping[str, float],
    findings: Sequence[Placed] = (),
    segments: int = 0,
    uninspected_bytes: int = 0,
    tenant: str = "",
) -> Draft:
    """That a request is about to be forwarded unchanged after an error, by the route's setting.

    `reason` is the error's code. An `outcome` follows, as after an intent.
    """
    return _exchange(
        Kind.BYPASS,
        Decision(Verdict.BYPASS, reason),
        request_id=request_id,
        route=route,
        method=method,
        upstream=upstream,
        policy=policy,
        policy_digest=policy_digest,
        model_digest=model_digest,
        build=build,
        media_type=media_type,
        findings=findings,
        dropped=(),
        type_changes=(),
        body_before_hmac=body_before_hmac,
        body_after_sha256="",
        size_before=size,
        size_after=size,
        segments=segments,
        uninspected_bytes=uninspected_bytes,
        mode=mode,
        stage_seconds=stage_seconds,
        tenant=tenant,
    )


def reject(
    *,
    request_id: str,
    route: str | None,
    method: str,
    code: str,
    status: int,
    blocked: bool = False,
    policy: str = "",
    policy_digest: str = "",
    model_digest: str = "",
    build: str = "",
    media_type: str = "",
    findings: Sequence[Placed] = (),
    body_before_hmac: str = "",
    size_before: int = 0,
    segments: int = 0,
    uninspected_bytes: int = 0,
    mode: str = "",
    stage_seconds: Mapping[str, float] = EMPTY,
    tenant: str = "",
) -> Draft:
    """That a request was answered by the shield itself and nothing was forwarded.

    `code` is the error's code, `status` the HTTP status of the answer, `blocked` whether the policy
    decided so (rather than the request or the shield being at fault).
    """
    draft = _exchange(
        Kind.REJECT,
        Decision(Verdict.BLOCK if blocked else Verdict.REJECT, code),
        request_id=request_id,
        route=route,
        method=method,
        upstream=None,
        policy=policy,
        policy_digest=policy_digest,
        model_digest=model_digest,
        build=build,
        media_type=media_type,
        findings=findings,
        dropped=(),
        type_changes=(),
        body_before_hmac=body_before_hmac,
        body_after_sha256="",
        size_before=size_before,
        size_after=None,
        segments=segments,
        uninspected_bytes=uninspected_bytes,
        mode=mode,
        stage_seconds=stage_seconds,
        tenant=tenant,
    )
    return Draft(Kind.REJECT, {**draft.fields, "status": status})


def outcome(
    *, request_id: str, intent: int, status: int | None, result: str, upstream_seconds: float | None = None
) -> Draft:
    """What became of the intent (or bypass) of index `intent`.

    `status` is the upstream's, None where it gave none. `result` is `answered`, an upstream error's
    code (`upstream_unreachable`, `upstream_reset`, `upstream_timeout`, …), `client_gone`, or
    `outcome_unknown`, which recovery writes for what a crash left without an outcome.
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


def config(
    *,
    reason: str,
    digest_before: str | None,
    digest_after: str | None,
    policies: Mapping[str, str] = EMPTY,
    models: Mapping[str, str] = EMPTY,
) -> Draft:
    """That the configuration in force changed (`start`, `reload`), or that one was refused (`refused`).

    Digests are `sha256:` + hex; `policies` maps the names of the policies in force to their digests,
    `models` to those of their detectors. What each digest stands for: `audit.documents`.
    """
    return Draft(
        Kind.CONFIG,
        {
            "reason": reason,
            "digest_before": digest_before,
            "digest_after": digest_after,
            "policies": dict(policies),
            "models": dict(models),
        },
    )


def heartbeat(
    *,
    interval: float,
    config_digest: str,
    requests_started: int,
    requests_finished: int,
    requests_ended: Mapping[str, int],
) -> Draft:
    """That the process is alive and serves under this configuration.

    `interval` is seconds until the next one. The counters are the proxy's own since the process started,
    kept apart from the log: what came to it, what it is done with, and of the latter how each ended as the
    metrics have it (`shield_requests_total` by outcome; canaries are not in it). Between the first two
    lie the requests in flight, so what the log holds of this run must lie between them too.
    """
    return Draft(
        Kind.HEARTBEAT,
        {
            "interval_us": round(interval * 1_000_000),
            "config_digest": config_digest,
            "requests_started": requests_started,
            "requests_finished": requests_finished,
            "requests_ended": dict(requests_ended),
        },
    )


def acknowledge(
    *,
    exception: str,
    record_sha256: str,
    kinds: Sequence[str],
    state: str,
    owner: str,
    ticket: str,
    note: str,
) -> Draft:
    """That somebody took up an exception: a record of a register, never of the log that it is about.

    `exception` is `ORIGIN#INDEX`; `record_sha256` is the RFC 6962 leaf hash (hex) of the record there, so
    that the acknowledgement is of that record and no other. `note` is the owner's words: the
    caller answers for their holding nothing of a payload.
    """
    return Draft(
        Kind.ACKNOWLEDGE,
        {
            "exception": exception,
            "record_sha256": record_sha256,
            "kinds": list(kinds),
            "state": state,
            "owner": owner,
            "ticket": ticket,
            "note": note,
        },
    )


def boot(
    *,
    build: str,
    origin: str,
    vkey: str,
    digest_key: str,
    signed_size: int,
    signed_root: str | None,
    digest_period: str = "",
) -> Draft:
    """That a process began to write: first record of each run. The log writes it itself.

    `signed_size` and `signed_root` (base64) are those of the checkpoint that it found. `digest_period` is
    the period of the digest key (`2031-05`), empty where the key has none.
    """
    return Draft(
        Kind.BOOT,
        {
            "build": build,
            "origin": origin,
            "vkey": vkey,
            "digest_key": digest_key,
            "digest_period": digest_period,
            "signed_size": signed_size,
            "signed_root": signed_root,
        },
    )


def recovered(*, clean: bool, unsigned_records: int, cut_bytes: int, unknown_outcomes: int) -> Draft:
    """What opening found of a run that did not end with a `shutdown` record, or left intents open.

    `unsigned_records` were on disk beyond the last checkpoint and are kept; `cut_bytes` of a torn
    write after them were not a whole record and are gone; `unknown_outcomes` follow as outcomes.
    """
    return Draft(
        Kind.RECOVERED,
        {
            "clean": clean,
            "unsigned_records": unsigned_records,
            "cut_bytes": cut_bytes,
            "unknown_outcomes": unknown_outcomes,
        },
    )


def checkpoint(*, size: int, root: str, signature: str) -> Draft:
    """The checkpoint that was signed last (`root`, `signature` in base64): their history is in the log."""
    return Draft(Kind.CHECKPOINT, {"size": size, "root": root, "signature": signature})


def shutdown(*, reason: str) -> Draft:
    """That the process stopped writing in good order: last record of a run. The log writes it itself."""
    return Draft(Kind.SHUTDOWN, {"reason": reason})
