"""Drafts on the log's own life after its start: keys, pruning and holds, the roster, anchors. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shield.audit.record import Draft, Kind

CREATED = "created"
DESTROYED = "destroyed"
LOST = "lost"
PLACED = "placed"
RELEASED = "released"
OK = "ok"
BY_CONFIGURATION = "configuration"
"""The approver of what nobody ordered: who may change the configuration decided it."""


def rotate(
    *,
    old_vkey: str,
    new_vkey: str,
    size: int,
    root: str,
    old_signature: str,
    new_signature: str,
    approver: str,
) -> Draft:
    """Draft: another key signs from here on. A checkpoint that covers this record is signed by the new one.

    Both keys sign `rotation.statement`, which names the last head of the old key (`size`, `root` in base64).
    Signatures are key id || signature, in base64.
    """
    return Draft(
        Kind.ROTATE,
        {
            "old_vkey": old_vkey,
            "new_vkey": new_vkey,
            "size": size,
            "root": root,
            "old_signature": old_signature,
            "new_signature": new_signature,
            "approver": approver,
        },
    )


def digest_key(*, action: str, period: str, key: str, approver: str) -> Draft:
    """Draft: the digest key of a period was `created` or `destroyed`, or a start found it to be `lost`.

    `key` is the id in its digests. After `destroyed` nobody can tell which body a digest with this id was
    made of; after `lost`, nobody without a copy of the key. A loss has no approver.
    """
    return Draft(Kind.DIGEST_KEY, {"action": action, "period": period, "key": key, "approver": approver})


def prune(*, minimum_index: int, before: str, policy: str, approver: str) -> Draft:
    """Draft: the records below `minimum_index` are no longer kept; all of them are older than `before`."""
    return Draft(
        Kind.PRUNE,
        {"minimum_index": minimum_index, "before": before, "policy": policy, "approver": approver},
    )


def hold(*, action: str, name: str, reason: str, approver: str) -> Draft:
    """Draft: a legal hold was `placed` or `released`; while one stands, nothing is pruned."""
    return Draft(Kind.HOLD, {"action": action, "name": name, "reason": reason, "approver": approver})


def roster(*, logs: Sequence[Mapping[str, object]]) -> Draft:
    """Draft: every log of the deployment with its present head (`origin`, `size`, `root`, `vkey`)."""
    return Draft(Kind.ROSTER, {"logs": [dict(log) for log in logs]})


def anchor(*, name: str, form: str, result: str, logs: int, roster_sha256: str, receipt_sha256: str) -> Draft:
    """Draft: heads were given to an anchor (`result` is `ok`), or it failed (a code).

    `roster_sha256` is of the document that was given, `receipt_sha256` of the anchor's answer.
    """
    return Draft(
        Kind.ANCHOR,
        {
            "anchor": name,
            "form": form,
            "result": result,
            "logs": logs,
            "roster_sha256": roster_sha256,
            "receipt_sha256": receipt_sha256,
        },
    )
