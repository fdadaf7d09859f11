"""What the console takes for a record: anybody who can write to a log's folder may have made it. Pure.

What is none is shown as `unreadable`, and so is an exception. It never stops the index, nor a page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from shield.audit.record import Kind
from shield.domain import EMPTY
from shield.evidence.exceptions import find_exceptions
from shield.evidence.reading import Entry, microseconds
from shield.evidence.rescans import rescan_of

UNREADABLE = "unreadable"
_MOST = 2**53 - 1  # the largest whole number of I-JSON (RFC 7493, 2.2); SQLite's are larger
_MOST_COUNTED = 2**40  # findings or bytes of a record: a step of the index can add them up
_SURELY_FLAT = 200  # brackets: no more of them are nested deeper than can be written again
_MALFORMED = (KeyError, TypeError, ValueError, AttributeError)
_TEXTS = (
    *("route", "decision", "reason", "mode", "policy", "policy_digest", "model_digest", "request_id"),
    *("digest_before", "digest_after"),
)
_NUMBERS = (
    *("status", "upstream_status", "upstream_us", "intent", "interval_us"),
    *("size_before", "size_after", "segments"),
)

_SHAPES: Mapping[str, Mapping[str, type]] = {
    Kind.REJECT: {"status": int},
    Kind.HEARTBEAT: {"interval_us": int},
    Kind.CONFIG: {"reason": str},
    Kind.CANARY: {
        "route": str,
        "policy": str,
        "result": str,
        "reason": str,
        "checks": int,
        "entities": dict,
        "failed": list,
        "uncovered": list,
    },
    Kind.READ_BACK: {
        "route": str,
        "result": str,
        "reason": str,
        "compared": int,
        "intent": int,
        "differing": dict,
        "missing": dict,
        "unredacted": dict,
    },
}
"""What else the index and the pages take for granted of a kind."""


def sound(batch: Sequence[Entry], origin: str) -> list[Entry]:
    """The records with each that is none of this format marked `unreadable`."""
    if _are_sound(batch, origin):
        return list(batch)
    return [
        entry if _are_sound((entry,), origin) else Entry(entry.index, UNREADABLE, "", entry.raw, {})
        for entry in batch
    ]


def _are_sound(entries: Sequence[Entry], origin: str) -> bool:
    try:
        for entry in entries:
            if entry.fields:  # else it was found unreadable before
                _judge(entry)
        for _ in find_exceptions(origin, entries):
            pass
    except _MALFORMED:
        return False
    return True


def _judge(entry: Entry) -> None:
    """Raises one of `_MALFORMED` where the index cannot keep the record, or could not add it to others."""
    fields = entry.fields
    if not isinstance(entry.kind, str):
        raise TypeError
    microseconds(entry.time)
    if entry.raw.count(b"[") + entry.raw.count(b"{") > _SURELY_FLAT:
        orjson.dumps(dict(fields))  # raises where it is too deep
    for name in _TEXTS:
        if not isinstance(fields.get(name), str | None):
            raise TypeError
    for name in _NUMBERS:
        if fields.get(name) is not None:
            _number(fields[name], _MOST)
    _number(fields.get("uninspected_bytes", 0), _MOST_COUNTED)
    _number(sum(map(_count, fields.get("findings", ()))), _MOST_COUNTED)
    times = fields.get("stages_us", {}).values()
    for time in times:
        _number(time, _MOST)
    _number(sum(times), _MOST)
    for name, kind in _SHAPES.get(entry.kind, EMPTY).items():
        if not isinstance(fields[name], kind):
            raise TypeError
    if entry.kind == Kind.RESCAN:
        _number(rescan_of(entry)[0], _MOST)
    elif entry.kind == Kind.CONFIG:
        for digest in (fields["policies"] or {}).values():
            if not isinstance(digest, str):
                raise TypeError
    elif entry.kind == Kind.READ_BACK:
        for name in ("differing", "missing"):
            _number(fields[name]["count"], _MOST)
            _texts(fields[name]["paths"])


def _count(found: Mapping[str, Any]) -> int:
    """How many an entry of `findings` says there are."""
    if not isinstance(found["type"], str):
        raise TypeError
    for name in ("operators", "recognizers", "paths"):
        _texts(found[name])
    if not all(map(str.isprintable, found["operators"])):
        raise ValueError
    return _number(found["count"], _MOST_COUNTED)


def _number(value: object, most: int) -> int:
    if not isinstance(value, int) or not 0 <= value <= most:
        raise TypeError
    return value


def _texts(value: object) -> None:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise TypeError
