"""Finds records in the index: any filter, newest first, page by page, fast on millions. Reads only.

A filter is first evaluated over the shapes (few; kept in memory). The records of matching shapes are then
found in one of two ways. If they are a good part of all records, the newest records are read in order. If
they are few, each shape's own range of the index gives its newest, and these are merged. Both read about as
much as they show, plus a bounded number.
"""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import orjson

from shield.console.catalogue import FOREVER, Catalogue, Filters, Shape
from shield.console.notable import Notable
from shield.console.sums import Sums

PAGE = 50
_SCAN = 20_000


class Place(NamedTuple):
    """A record's place in the order of the list: time (us), the index's number of its origin, index."""

    time: int
    origin: int
    place: int


class Hit(NamedTuple):
    """A record as the list shows it."""

    at: Place
    origin: str
    shape: Shape
    findings: int
    micros: int
    status: int | None
    outcome: int | None
    result: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list. `newer` and `older` say whether there are more on that side."""

    hits: tuple[Hit, ...]
    newer: bool
    older: bool


class Search(Catalogue):
    """Queries to one open index. Not for two threads at a time; `sums` and `notable` use the same index."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self.sums = Sums(self)
        self.notable = Notable(connection)

    def page(
        self, filters: Filters, *, before: Place | None = None, after: Place | None = None, size: int = PAGE
    ) -> Page:
        """The newest records that match; those older than `before`, or those just newer than `after`."""
        shapes = self.matching(filters)
        if after is not None:
            rows = self._rows(shapes, filters, after, size + 1, ascending=True)
            hits = self._hits(rows[:size])[::-1]
            return Page(tuple(hits), newer=len(rows) > size, older=True)
        rows = self._rows(shapes, filters, before, size + 1, ascending=False)
        return Page(tuple(self._hits(rows[:size])), newer=before is not None, older=len(rows) > size)

    def _rows(
        self,
        shapes: Sequence[Shape],
        filters: Filters,
        edge: Place | None,
        limit: int,
        *,
        ascending: bool,
    ) -> list[tuple[int, ...]]:
        if not shapes:
            return []
        low, high = filters.low, filters.high
        compare, order = (">", "ASC") if ascending else ("<", "DESC")
        if edge is None:
            edge = Place(-1, -1, -1) if ascending else Place(FOREVER, FOREVER, FOREVER)
        if ascending:
            low = max(low, edge.time)
        else:
            high = min(high, edge.time)
        by = f"ORDER BY time {order}, origin {order}, place {order}"
        columns = "time, origin, place, shape, findings, micros, status, outcome, result"
        where = f"time BETWEEN ? AND ? AND (time, origin, place) {compare} (?, ?, ?)"
        whole = sum(shape.records for shape in self.shapes().values())
        share = sum(shape.records for shape in shapes) / max(1, whole)
        if share * _SCAN >= 2 * limit:
            wanted = orjson.dumps([shape.id for shape in shapes]).decode()
            rows = self.connection.execute(
                f"SELECT * FROM (SELECT {columns} FROM records WHERE {where} {by} LIMIT {_SCAN}) "  # noqa: S608  made of our own words; values are parameters
                "WHERE shape IN (SELECT value FROM json_each(?)) LIMIT ?",
                (low, high, *edge, wanted, limit),
            ).fetchall()
            if len(rows) == limit or len(shapes) == len(self.shapes()):
                return rows
        statement = f"SELECT {columns} FROM records WHERE shape = ? AND {where} {by} LIMIT ?"  # noqa: S608  made of our own words; values are parameters
        each = [
            self.connection.execute(statement, (shape.id, low, high, *edge, limit)).fetchall()
            for shape in shapes
        ]
        merged: Iterator[tuple[int, ...]] = heapq.merge(*each, key=lambda row: row[:3], reverse=not ascending)
        return [row for _, row in zip(range(limit), merged, strict=False)]

    def _hits(self, rows: Iterable[tuple[int, ...]]) -> list[Hit]:
        names = {state.id: state.origin for state in self.origins()}
        shapes = self.shapes()
        return [
            Hit(Place(*row[:3]), names[row[1]], shapes[row[3]], row[4], row[5], row[6], row[7], row[8])  # type: ignore[arg-type]  # columns of a row, in their order
            for row in rows
            if row[1] in names and row[3] in shapes
        ]
