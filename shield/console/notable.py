"""Looks up by place: exceptions, gaps, kinds with few records, and records that belong to another."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from shield.console.catalogue import FOREVER
from shield.console.sums import ranges
from shield.evidence.coverage import Gap


@dataclass(frozen=True, slots=True)
class Event:
    """A record of a kind with few records."""

    kind: str
    time: int
    origin: str
    place: int
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """An exception as the index knows it; `leaf` is the hash of the record that it is about.

    `cleared` is the index of the re-scan that left nothing to be done, `cleared_time` its time. `bridged` is
    the gap, if that is the only reason and other logs show the control on; the index does not hold it.
    """

    time: int
    origin_id: int
    origin: str
    place: int
    kinds: tuple[str, ...]
    route: str | None
    request_id: str | None
    detail: str
    leaf: bytes
    cleared: int | None = None
    cleared_time: int | None = None
    bridged: Gap | None = None

    @property
    def id(self) -> str:
        return f"{self.origin}#{self.place}"


@dataclass(frozen=True, slots=True)
class Damaged:
    """Signed records of a log, from `first` to below `end`, that could not be read from the file `path`."""

    origin: str
    first: int
    end: int
    path: str
    what: str

    @property
    def records(self) -> int:
        return self.end - self.first


class Notable:
    """Queries to one open index. Not for two threads at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    # What belongs to a record, for its page: only places, which the page then reads from the log.

    def _place(self, statement: str, *arguments: object) -> int | None:
        row = self._connection.execute(statement, arguments).fetchone()
        return None if row is None or row[0] is None else int(row[0])

    def outcome_of(self, origin: str, place: int) -> int | None:
        """The index of the record that gives the result of an intent."""
        return self._place(
            "SELECT outcome FROM records WHERE place = ?2 "
            "AND origin = (SELECT id FROM origins WHERE origin = ?1)",
            origin,
            place,
        )

    def config_before(self, origin: str, place: int) -> int | None:
        """The index of the newest earlier record that put a configuration in force."""
        return self._place(
            "SELECT MAX(place) FROM events WHERE kind = 'config' AND place < ? "
            "AND origin = (SELECT id FROM origins WHERE origin = ?) "
            "AND json_extract(fields, '$.digest_after') IS NOT NULL",
            place,
            origin,
        )

    def exception(self, origin: str, place: int) -> tuple[str, str] | None:
        """The kinds and the detail of a record that is an exception."""
        row = self.exception_row(origin, place)
        return None if row is None else (" ".join(row.kinds), row.detail)

    # Exceptions, gaps, events.

    _EXCEPTION = (
        "SELECT e.time, e.origin, o.origin, e.place, e.kinds, e.route, e.request_id, e.detail, e.leaf, "
        "e.cleared, e.cleared_time "
        "FROM exceptions e JOIN origins o ON o.id = e.origin "
    )

    def exceptions(
        self, low: int, high: int, before: tuple[int, int, int], limit: int, kind: str = ""
    ) -> list[ExceptionRow]:
        """Exceptions older than `before`, newest first; of one kind, where it is given."""
        where = "WHERE e.time BETWEEN ? AND ? AND (e.time, e.origin, e.place) < (?, ?, ?) "
        arguments: list[object] = [low, min(high, before[0]), *before]
        if kind:
            together = self._connection.execute("SELECT DISTINCT kinds FROM exception_spans")
            holding = [kinds for (kinds,) in together if kind in kinds.split(" ")]
            if not holding:
                return []
            where += "AND e.kinds IN (SELECT value FROM json_each(?)) "
            arguments.append(orjson.dumps(holding).decode())
        order = "ORDER BY e.time DESC, e.origin DESC, e.place DESC LIMIT ?"
        rows = self._connection.execute(self._EXCEPTION + where + order, (*arguments, limit))
        return [_exception(row) for row in rows]

    def exception_row(self, origin: str, place: int) -> ExceptionRow | None:
        """One exception; None where the record is none."""
        where = "WHERE e.origin = (SELECT id FROM origins WHERE origin = ?) AND e.place = ?"
        row = self._connection.execute(self._EXCEPTION + where, (origin, place)).fetchone()
        return None if row is None else _exception(row)

    def exception_counts(self, low: int, high: int) -> list[tuple[int, str, int]]:
        """(number of the origin, kinds, count) of a period of whole hours."""
        return [
            (origin, kinds, count)
            for unit, first, below in ranges(low, high)
            for origin, kinds, count in self._connection.execute(
                "SELECT origin, kinds, SUM(records) FROM exception_spans WHERE unit = ? AND start >= ? "
                "AND start < ? GROUP BY origin, kinds",
                (unit, first, below),
            )
        ]

    def cleared(self, low: int, high: int) -> list[tuple[str, int]]:
        """(origin, index) of exceptions of a period that a re-scan cleared."""
        return self._connection.execute(
            "SELECT o.origin, e.place FROM exceptions e INDEXED BY exceptions_cleared "
            "JOIN origins o ON o.id = e.origin WHERE e.cleared IS NOT NULL AND e.time BETWEEN ? AND ?",
            (low, high),
        ).fetchall()

    def rescan_of(self, origin: str, place: int) -> int | None:
        """The index of the record of the re-scan of a write."""
        return self._place(
            "SELECT MAX(place) FROM events WHERE kind = 'rescan' "
            "AND origin = (SELECT id FROM origins WHERE origin = ?) AND json_extract(fields, '$.intent') = ?",
            origin,
            place,
        )

    def gaps(self, origin: int, low: int, high: int) -> list[tuple[int, int, str, int]]:
        """(from, to, reason, index of the record that ends it) of gaps that touch a period, by time."""
        return self._connection.execute(
            "SELECT start, finish, reason, place FROM gaps WHERE origin = ? AND finish > ? AND start < ? "
            "ORDER BY start",
            (origin, low, high),
        ).fetchall()

    def damages(self) -> list[Damaged]:
        """The unreadable parts of the logs, by origin and place."""
        rows = self._connection.execute(
            "SELECT o.origin, d.first, d.below, d.path, d.what "
            "FROM damages d JOIN origins o ON o.id = d.origin ORDER BY o.origin, d.first"
        )
        return [Damaged(*row) for row in rows]

    def gap_at(self, origin: int, place: int) -> tuple[int, int, str] | None:
        """(from, to, reason) of the gap that a record ended."""
        row: tuple[int, int, str] | None = self._connection.execute(
            "SELECT start, finish, reason FROM gaps WHERE origin = ? AND place = ?", (origin, place)
        ).fetchone()
        return row

    def events(
        self, kinds: Sequence[str], *, origin: str = "", limit: int = 100, before: int = FOREVER
    ) -> list[Event]:
        """Records of kinds with few records, newest first, with their content."""
        rows: list[Event] = []
        for kind in kinds:
            found = self._connection.execute(
                "SELECT e.kind, e.time, o.origin, e.place, e.fields FROM events e "
                "JOIN origins o ON o.id = e.origin "
                "WHERE e.kind = ? AND e.time < ? AND ? IN ('', o.origin) ORDER BY e.time DESC LIMIT ?",
                (kind, before, origin, limit),
            )
            rows += [Event(a, b, c, d, orjson.loads(fields)) for a, b, c, d, fields in found]
        return sorted(rows, key=lambda event: (event.time, event.place), reverse=True)[:limit]

    def latest_event(self, kinds: Sequence[str]) -> Event | None:
        return next(iter(self.events(kinds, limit=1)), None)


def _exception(row: tuple[Any, ...]) -> ExceptionRow:
    time, number, origin, place, kinds, *rest = row
    return ExceptionRow(time, number, origin, place, tuple(kinds.split(" ")), *rest)
