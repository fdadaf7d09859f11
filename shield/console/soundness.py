"""Checks that the index can keep a record, which anybody who can write to a log's folder may have made.

Pure. The form of its kind was checked when it was read (`evidence.form`). A record that the index could not
keep, or not add to others, is shown as `unreadable` too, and so is an exception. It never stops the index or
a page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shield.evidence.exceptions import find_exceptions
from shield.evidence.form import MOST, MOST_COUNTED
from shield.evidence.reading import UNREADABLE, Entry

_MALFORMED = (KeyError, TypeError, ValueError, AttributeError)
_TEXTS = (
    *("route", "decision", "reason", "mode", "policy", "policy_digest", "model_digest", "request_id"),
    *("digest_before", "digest_after"),
)
_NUMBERS = (
    *("status", "upstream_status", "upstream_us", "intent", "interval_us"),
    *("size_before", "size_after", "segments"),
)


def sound(batch: Sequence[Entry], origin: str) -> list[Entry]:
    """The records, with each one that is none of this format marked `unreadable`."""
    if _are_sound(batch, origin):
        return list(batch)
    return [
        entry if _are_sound((entry,), origin) else Entry(entry.index, UNREADABLE, "", entry.raw, {})
        for entry in batch
    ]


def _are_sound(entries: Sequence[Entry], origin: str) -> bool:
    try:
        for entry in entries:
            if entry.fields:  # otherwise it was found unreadable before
                _judge(entry)
        for _ in find_exceptions(origin, entries):
            pass
    except _MALFORMED:
        return False
    return True


def _judge(entry: Entry) -> None:
    """Raises one of `_MALFORMED` where the index cannot keep the record, or could not add it to others."""
    fields = entry.fields
    for name in _TEXTS:
        if not isinstance(fields.get(name), str | None):
            raise TypeError
    for name in _NUMBERS:
        if fields.get(name) is not None:
            _number(fields[name], MOST)
    _number(fields.get("uninspected_bytes", 0), MOST_COUNTED)
    _number(sum(map(_count, fields.get("findings", ()))), MOST_COUNTED)
    times = fields.get("stages_us", {}).values()
    for time in times:
        _number(time, MOST)
    _number(sum(times), MOST)


def _count(found: Mapping[str, Any]) -> int:
    """The number in an entry of `findings`."""
    if not isinstance(found["type"], str):
        raise TypeError
    for name in ("operators", "recognizers", "paths"):
        _texts(found[name])
    if not all(map(str.isprintable, found["operators"])):
        raise ValueError
    return _number(found["count"], MOST_COUNTED)


def _number(value: object, most: int) -> int:
    if not isinstance(value, int) or not 0 <= value <= most:
        raise TypeError
    return value


def _texts(value: object) -> None:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise TypeError
