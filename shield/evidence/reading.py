"""Reads the records of a log for use as evidence, and defines the period. Pure over a `Reader`.

Times are strings as in the records (RFC 3339, UTC, 27 characters), so that they compare as they sort.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson

from shield.audit.record import Kind
from shield.audit.tiles import Reader
from shield.audit.walk import read_entries
from shield.domain import EMPTY
from shield.evidence.form import has_form

REGISTER_SUFFIX = "/register"
ACCESS_SUFFIX = "/access"
UNREADABLE = "unreadable"
"""The kind of an `Entry` that is no record of this format. Its time is empty, since nobody knows it."""
REQUEST_KINDS = frozenset({Kind.INTENT.value, Kind.BYPASS.value, Kind.REJECT.value})
"""Each request of the proxy is exactly one record of these kinds."""

_CANARY = f'"kind":"{Kind.CANARY.value}"'.encode()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def base_origin(origin: str) -> str:
    """The origin of the log of requests that a log is about; its own if it is one itself."""
    return origin.removesuffix(REGISTER_SUFFIX).removesuffix(ACCESS_SUFFIX)


@dataclass(frozen=True, slots=True)
class Source:
    """One log under its origin."""

    origin: str
    reader: Reader

    @property
    def is_companion(self) -> bool:
        """Whether this log is about another one: its register of exceptions, or its access log."""
        return base_origin(self.origin) != self.origin


@dataclass(frozen=True, slots=True)
class Entry:
    """A record: its stored bytes and its parsed content."""

    index: int
    kind: str
    time: str
    raw: bytes
    fields: Mapping[str, Any]
    named: bool = True
    """For one marked as a canary's: whether a `canary` record names it. True where that is not known."""

    @property
    def is_canary(self) -> bool:
        """Whether it is of a request that the proxy made itself, to test the control: no upstream got it.

        One that bears the mark but names an upstream, or that no `canary` record names, is a request like any
        other: the mark alone exempts nothing from exceptions, samples and others' counts. The proxy writes
        none of the first; of the second only where it was killed in between, and refusals from before
        `canary` records named these.
        """
        return self.named and self.is_marked

    @property
    def is_marked(self) -> bool:
        """Whether it is marked as a canary's and names no upstream."""
        return "canary" in self.fields and self.fields.get("upstream") is None


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` to `end`, both included; None: as far as the log reaches."""

    start: str | None = None
    end: str | None = None

    def holds(self, time: str) -> bool:
        return (self.start is None or time >= self.start) and (self.end is None or time <= self.end)


def entries(reader: Reader) -> Iterator[Entry]:
    """The records in order. One that is no record of this format comes with the kind `unreadable`.

    If one is marked as a canary's, the `canary` records of the log are read first, since they come later.
    Memory: an index for each request of a canary.
    """
    named: frozenset[int] = frozenset()
    known = 0
    for index, raw in read_entries(reader):
        entry = entry_of(index, raw)
        if entry.is_marked:
            if index not in named and index >= known:  # not read yet, or written since
                named, known = named_canaries(reader)
            if index not in named:
                entry = replace(entry, named=False)
        yield entry


def named_canaries(reader: Reader) -> tuple[frozenset[int], int]:
    """The indices of earlier records that `canary` records name, and how far the log was read."""
    named: set[int] = set()
    known = 0
    for index, raw in read_entries(reader):
        known = index + 1
        if _CANARY in raw:
            named.update(names_of(entry_of(index, raw)))
    return frozenset(named), known


def names_of(entry: Entry) -> list[int]:
    """The requests that a record says were canaries: none, unless it is of the kind `canary`."""
    if entry.kind != Kind.CANARY:
        return []
    return [intent for intent in entry.fields["requests"] if intent < entry.index]


def entry_of(index: int, raw: bytes) -> Entry:
    """The entry of stored bytes at an index of a log, of the kind `unreadable` where they are no record.

    So a reader of an entry of a kind can rely on the members of that kind and their types.
    """
    try:
        fields = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return Entry(index, UNREADABLE, "", raw, EMPTY)
    if not has_form(fields, index):
        return Entry(index, UNREADABLE, "", raw, EMPTY)
    return Entry(index, fields["kind"], fields["time"], raw, fields)


def date_of(text: str) -> date | None:
    """The date in a text, in any form of ISO 8601 (`2031-05-04`, `20310504`); None where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def microseconds(time: str) -> int:
    """A record's time as microseconds since 1970; raises `ValueError`."""
    return (datetime.fromisoformat(time) - _EPOCH) // _MICROSECOND


def time_of(us: int) -> str:
    """The inverse of `microseconds`."""
    return (_EPOCH + us * _MICROSECOND).isoformat(timespec="microseconds")[:-6] + "Z"
