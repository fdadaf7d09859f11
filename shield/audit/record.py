"""The records of the audit log: their kinds, the draft of one, and the single encoding. Pure.

Functions with named fields build the drafts: those of `exchange_records` for requests, of `run_records` for
the runs of a process, of `life_records` for the log's life, of `about` for the control itself.

A record is one JSON object in compact UTF-8 of at most 65,535 bytes, its members in a fixed order: `version`,
`index`, `kind`, `time`, `nonce`, then the fields of its kind. Numbers are integers but for `min_score`. The
bytes are stored and hashed as first encoded, never encoded again.

Law: no record holds plaintext of a payload, or an unkeyed hash of one.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import orjson

from shield.audit.tiles import MAX_ENTRY_BYTES
from shield.domain import Placed
from shield.errors import AuditUnavailableError

VERSION = 1
NONCE_BYTES = 16
PATHS_PER_LIST = 32
OUTCOME_UNKNOWN = "outcome_unknown"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Kind(enum.StrEnum):
    """The kind of a record. `intent` and `bypass` wait for an `outcome` that names their index."""

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

    `time` is nanoseconds since 1970; `clock_back_us` is how many microseconds it lies before the time of the
    previous record. If the record would be longer than 65,535 bytes, lists of paths are shortened, each
    saying in `paths_omitted` by how many; counts and types always stay. Raises `AuditUnavailableError` where
    even that does not make it fit.
    """
    back = f'"clock_back_us":{clock_back_us},' if clock_back_us else ""
    # None of these needs an escape.
    begins = (
        f'{{"version":{VERSION},"index":{index},"kind":"{draft.kind}","time":"{rfc3339(time)}",'
        f'"nonce":"{nonce.hex()}",{back}'
    ).encode()
    fields = draft.fields
    if not fields:
        return begins[:-1] + b"}"
    raw = begins + orjson.dumps(fields)[1:]
    limit = PATHS_PER_LIST
    while len(raw) > MAX_ENTRY_BYTES:
        if limit == 0:
            raise AuditUnavailableError("a record would be longer than 65,535 bytes")
        limit //= 4
        raw = begins + orjson.dumps(_with_fewer_paths(fields, limit))[1:]
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
    """A list of paths in the form of a record: their number, and the first of the distinct ones."""
    distinct = list(dict.fromkeys(paths))
    listed: dict[str, Any] = {"count": len(paths), "paths": distinct[:PATHS_PER_LIST]}
    if len(distinct) > PATHS_PER_LIST:
        listed["paths_omitted"] = len(distinct) - PATHS_PER_LIST
    return listed


def summary(findings: Sequence[Placed]) -> list[dict[str, Any]]:
    """Findings as type x count, in the order of their first appearance."""
    groups: dict[str, list[Placed]] = {}
    for placed in findings:
        entity_type = placed.finding.entity_type
        if entity_type in groups:
            groups[entity_type].append(placed)
        else:
            groups[entity_type] = [placed]
    rows: list[dict[str, Any]] = []
    for entity_type, group in groups.items():
        path, _, (_, _, _, least, recognizer, _), operator, _ = group[0]
        if len(group) == 1:  # the usual case, at a third of the cost
            seen = {"count": 1, "paths": [path], "recognizers": [recognizer], "operators": [operator]}
        else:
            seen = {
                **listed_paths([placed.path for placed in group]),
                "recognizers": sorted({placed.finding.recognizer for placed in group}),
                "operators": sorted({placed.operator for placed in group}),
            }
            least = min([placed.finding.score for placed in group])
        rows.append({"type": entity_type, **seen, "min_score": round(least, 3)})
    return rows
