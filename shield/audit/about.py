"""Drafts of the records on the control itself rather than on one request. Pure.

`access`: somebody read, exported or changed evidence. `acknowledge`: somebody acknowledged an exception.
`canary`: synthetic values went through the live path. `shadow`: what another policy would have done
differently. `rescan`: what a second look at a write found. `read_back`: what storage gave back of a write.
None holds text of a payload, or an unkeyed hash of one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shield.audit.exchange_records import Basis
from shield.audit.record import Draft, Kind, listed_paths, summary
from shield.domain import Placed


def access(
    *,
    action: str,
    user: str,
    uid: int,
    login: str,
    name: str,
    via: str,
    host: str,
    log: str,
    start: str | None,
    end: str | None,
    filters: Mapping[str, Sequence[str]],
) -> Draft:
    """Draft: somebody is about to do `action` with the log `log`. A record of its access log only.

    `user` and `uid` are the operating system's, `login` is who opened the session where the kernel knows
    (`sudo` does not change it), `name` is who they say they are or the console knows them as, `via` the door.
    `start` and `end` are the requested period. `filters` are names of the configuration and of records: the
    caller must make sure that they hold nothing of a payload.
    """
    return Draft(
        Kind.ACCESS,
        {
            "action": action,
            "user": user,
            "uid": uid,
            "login": login,
            "name": name,
            "via": via,
            "host": host,
            "log": log,
            "from": start,
            "to": end,
            "filters": {name: list(values) for name, values in filters.items()},
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
    """Draft: somebody acknowledged an exception. A record of a register, never of the log that it is about.

    `exception` is `ORIGIN#INDEX`; `record_sha256` is the RFC 6962 leaf hash (hex) of the record there, which
    binds the acknowledgement to that record. `note` is the owner's words: the caller must make sure that they
    hold nothing of a payload.
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


def shadow(
    *,
    request_id: str,
    intent: int | None,
    basis: Basis,
    shadow_policy: str,
    shadow_digest: str,
    shadow_model_digest: str,
    compared: int,
    failed: int,
    skipped: int,
    differences: Sequence[Mapping[str, Any]],
    differences_omitted: int,
) -> Draft:
    """Draft: what a route's shadow policy would have done differently with the request of `intent`.

    `compared`, `failed` (the shadow's own inspection did not succeed) and `skipped` (there was no room for
    it) count the route's chosen requests since the previous record of this kind, this one included; so
    requests without a difference need no record, and the sums still say how many there were. The last record
    of a run has no intent. A difference has `path`, `count`, `live` and `shadow`; each of the last two is
    `TYPE:operator`, or null where that policy leaves the text alone.
    """
    return Draft(
        Kind.SHADOW,
        {
            "request_id": request_id,
            "intent": intent,
            "route": basis.route,
            "policy": basis.policy,
            "policy_digest": basis.policy_digest,
            "shadow_policy": shadow_policy,
            "shadow_digest": shadow_digest,
            "model_digest": shadow_model_digest,
            "compared": compared,
            "failed": failed,
            "skipped": skipped,
            "differences": [dict(difference) for difference in differences],
            "differences_omitted": differences_omitted,
        },
    )


def rescan(
    *,
    request_id: str,
    intent: int,
    basis: Basis,
    tier: str,
    result: str,
    reason: str,
    missed: Sequence[Placed],
) -> Draft:
    """Draft: what the detectors of `tier` found in what was forwarded under the (reduced) `intent`.

    `result` is `clean`, `found` (`missed` says what they would have redacted), `failed` (`reason` is the
    error's code), `not_done` (`reason` is `shutdown`) or `not_sent` (`draining`). Paths are safe to publish.
    """
    return Draft(
        Kind.RESCAN,
        {
            "request_id": request_id,
            "intent": intent,
            **basis.fields,
            "tier": tier,
            "result": result,
            "reason": reason,
            "missed": summary(missed),
        },
    )


def canary(
    *,
    basis: Basis,
    config_digest: str,
    build: str,
    media_type: str,
    result: str,
    reason: str,
    languages: Sequence[str],
    entities: Mapping[str, int],
    checks: int,
    failed: Sequence[str],
    exempt: int,
    uncovered: Sequence[str],
    requests: Sequence[int],
) -> Draft:
    """Draft: the canaries of a route went through, with their results.

    `result` is `passed`, `failed` (`failed` names them: TYPE/language/disguise), `error` (`reason` is the
    code for which the run could not be made) or `uncovered` (nothing is expected of the policy); `stopped`
    says that the run was cut off. `entities` counts the `checks` by type; `exempt` were kept by the route's
    field rules; `uncovered` are types that the policy redacts and no canary tests. `requests` are the records
    of the run's requests: intents, and refusals.
    """
    return Draft(
        Kind.CANARY,
        {
            **basis.fields,
            "config_digest": config_digest,
            "build": build,
            "mode": basis.mode,
            "media_type": media_type,
            "result": result,
            "reason": reason,
            "languages": list(languages),
            "entities": dict(entities),
            "checks": checks,
            "failed": list(failed),
            "exempt": exempt,
            "uncovered": list(uncovered),
            "requests": list(requests),
        },
    )


def read_back(
    *,
    request_id: str,
    intent: int,
    basis: Basis,
    compare: str,
    result: str,
    reason: str,
    attempts: int,
    status: int | None,
    age_seconds: float,
    size: int | None,
    object_digest: str,
    compared: int,
    differing: Sequence[str],
    missing: Sequence[str],
    uncompared: int,
    inspected: bool,
    unredacted: Mapping[str, int],
    uninspected_bytes: int,
) -> Draft:
    """Draft: what storage gave back of the write of `intent`, compared with what was forwarded.

    `result` is `match`, `mismatch`, `not_found`, `unreadable` (`reason` says why) or `skipped` (it was never
    read, or what was read says nothing, for `reason`). `status` is that of the last of `attempts` reads,
    `age_seconds` the time since the reply to the write. `object_digest` is of the bytes that were read: in
    the form of the intent's `body_after` where they are those bytes, else keyed. `compared` counts the values
    that were looked for; `differing` and `missing` are safe paths of the sent body; `uncompared` counts
    values without a place in the object. `unredacted` counts by type what the policy would have redacted in
    the rest of the object, if it was `inspected`; `uninspected_bytes` are exempt from that.
    """
    return Draft(
        Kind.READ_BACK,
        {
            "request_id": request_id,
            "intent": intent,
            **basis.fields,
            "compare": compare,
            "result": result,
            "reason": reason,
            "attempts": attempts,
            "status": status,
            "age_us": round(age_seconds * 1_000_000),
            "size": size,
            "object": object_digest or None,
            "compared": compared,
            "differing": listed_paths(differing),
            "missing": listed_paths(missing),
            "uncompared": uncompared,
            "inspected": inspected,
            "unredacted": dict(unredacted),
            "uninspected_bytes": uninspected_bytes,
        },
    )
