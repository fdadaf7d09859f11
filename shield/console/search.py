"""Finding records in the index: any filter, newest first, page by page, at once on millions. Reads only.

A filter is first answered over the shapes (few; kept in memory). The records of the shapes that match are
then found in one of two ways. Where they are a good part of all records, the newest records are gone
through in order. Where they are few, each shape's own range of the index gives its newest, and these are
merged. Neither reads more than it shows, give or take a bounded number.
"""

from __future__ import annotations

import heapq
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from shield.console.index_schema import DAY, HOUR
from shield.console.indexing import bucket_micros
from shield.evidence.reading import REQUEST_KINDS, microseconds

PAGE = 50
REQUESTS = "requests"
"""The kind that stands for all three kinds of requests."""
_SCAN = 20_000
_US = 1_000_000
_FOREVER = 2**62


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for; empty: anything. Times as in records, both included."""

    start: str = ""
    end: str = ""
    origin: str = ""
    kind: str = REQUESTS
    route: str = ""
    decision: str = ""
    reason: str = ""
    entity: str = ""
    operator: str = ""
    policy: str = ""

    @property
    def low(self) -> int:
        return microseconds(self.start) if self.start else 0

    @property
    def high(self) -> int:
        return microseconds(self.end) if self.end else _FOREVER


class Place(NamedTuple):
    """Where a record stands in the order of the list: time (us), the index's number of its origin, index."""

    time: int
    origin: int
    place: int


@dataclass(frozen=True, slots=True)
class Shape:
    """What records of one kind agree in; `found` are (entity type, operator) pairs."""

    id: int
    origin: int
    kind: str
    route: str
    decision: str
    reason: str
    mode: str
    policy: str
    found: tuple[tuple[str, str], ...]
    records: int


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
    """`newer` and `older` say whether there are more on that side."""

    hits: tuple[Hit, ...]
    newer: bool
    older: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """Sums over a period of whole hours, for the overview. `steps` are by hour or by day (`unit` seconds)."""

    unit: int
    start: int
    end: int
    records: int
    findings: int
    uninspected: int
    decisions: Mapping[str, int]
    routes: Mapping[str, int]
    entities: Mapping[str, int]
    operators: Mapping[str, int]
    results: Mapping[str, int]
    steps: Mapping[int, Mapping[str, int]]
    latency: Mapping[int, int] = field(default_factory=dict)

    def percentile(self, share: float) -> float | None:
        """Microseconds that this share of the requests stayed below, to 9 %; None without requests."""
        whole = sum(self.latency.values())
        seen = 0
        for bucket in sorted(self.latency):
            seen += self.latency[bucket]
            if seen >= share * whole:
                return bucket_micros(bucket)
        return None


@dataclass(frozen=True, slots=True)
class OriginState:
    """How far the index is with a log."""

    id: int
    origin: str
    folder: str
    records: int
    first_time: int | None
    last_time: int | None
    last_kind: str


@dataclass(frozen=True, slots=True)
class Event:
    """A record of a kind of which there are few."""

    kind: str
    time: int
    origin: str
    place: int
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """An exception as the index knows it; `leaf` is the hash of the record that it is about.

    `cleared` is the index of the re-scan that left nothing to be done, `cleared_time` when that was.
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

    @property
    def id(self) -> str:
        return f"{self.origin}#{self.place}"


class Search:
    """Questions to one open index. Not for two threads at a time; the catalogue of shapes is kept."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._shapes: dict[int, Shape] = {}
        self._version: tuple[int, int] = (-1, -1)

    def origins(self) -> list[OriginState]:
        rows = self._connection.execute(
            "SELECT id, origin, folder, next, first_time, last_time, last_kind FROM origins ORDER BY origin"
        )
        return [OriginState(a, b, c, d, e, f, g or "") for a, b, c, d, e, f, g in rows]

    def shapes(self) -> Mapping[int, Shape]:
        """All shapes with the number of their records."""
        row = self._connection.execute("SELECT SUM(next), COUNT(*) FROM origins").fetchone()
        version = (row[0] or 0, row[1])
        if version != self._version:
            totals = dict(
                self._connection.execute(
                    "SELECT shape, SUM(records) FROM spans WHERE unit = ? GROUP BY shape", (DAY,)
                ).fetchall()
            )
            rows = self._connection.execute(
                "SELECT id, origin, kind, route, decision, reason, mode, policy, found FROM shapes"
            )
            self._shapes = {row[0]: _shape(row, totals.get(row[0], 0)) for row in rows.fetchall()}
            self._version = version
        return self._shapes

    def matching(self, filters: Filters) -> list[Shape]:
        """The shapes that a filter takes, whatever its times."""
        wanted = {state.id for state in self.origins() if filters.origin in ("", state.origin)}
        return [
            shape for shape in self.shapes().values() if shape.origin in wanted and _takes(filters, shape)
        ]

    def choices(self) -> dict[str, list[str]]:
        """The values that occur, for the filter's lists."""
        shapes = self.shapes().values()
        return {
            "origin": [state.origin for state in self.origins()],
            "kind": sorted({shape.kind for shape in shapes}),
            "route": sorted({shape.route for shape in shapes if shape.route}),
            "decision": sorted({shape.decision for shape in shapes if shape.decision}),
            "reason": sorted({shape.reason for shape in shapes if shape.reason}),
            "policy": sorted({shape.policy for shape in shapes if shape.policy}),
            "entity": sorted({entity for shape in shapes for entity, _ in shape.found}),
            "operator": sorted({operator for shape in shapes for _, operator in shape.found}),
        }

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
            edge = Place(-1, -1, -1) if ascending else Place(_FOREVER, _FOREVER, _FOREVER)
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
            rows = self._connection.execute(
                f"SELECT * FROM (SELECT {columns} FROM records WHERE {where} {by} LIMIT {_SCAN}) "  # noqa: S608
                "WHERE shape IN (SELECT value FROM json_each(?)) LIMIT ?",
                (low, high, *edge, wanted, limit),
            ).fetchall()
            if len(rows) == limit or len(shapes) == len(self.shapes()):
                return rows
        statement = f"SELECT {columns} FROM records WHERE shape = ? AND {where} {by} LIMIT ?"  # noqa: S608
        each = [
            self._connection.execute(statement, (shape.id, low, high, *edge, limit)).fetchall()
            for shape in shapes
        ]
        merged: Iterator[tuple[int, ...]] = heapq.merge(*each, key=lambda row: row[:3], reverse=not ascending)
        return [row for _, row in zip(range(limit), merged, strict=False)]

    def _hits(self, rows: Iterable[tuple[int, ...]]) -> list[Hit]:
        names = {state.id: state.origin for state in self.origins()}
        shapes = self.shapes()
        return [
            Hit(Place(*row[:3]), names[row[1]], shapes[row[3]], row[4], row[5], row[6], row[7], row[8])  # type: ignore[arg-type]
            for row in rows
            if row[1] in names and row[3] in shapes
        ]

    # What belongs to a record, for its page: places only, which the page then reads from the log.

    def _place(self, statement: str, *arguments: object) -> int | None:
        row = self._connection.execute(statement, arguments).fetchone()
        return None if row is None or row[0] is None else int(row[0])

    def outcome_of(self, origin: str, place: int) -> int | None:
        """The index of the record that says what became of an intent."""
        return self._place(
            "SELECT outcome FROM records WHERE place = ?2 "
            "AND origin = (SELECT id FROM origins WHERE origin = ?1)",
            origin,
            place,
        )

    def config_before(self, origin: str, place: int) -> int | None:
        """The index of the newest record before that put a configuration in force."""
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

    def exceptions(self, low: int, high: int, before: tuple[int, int, int], limit: int) -> list[ExceptionRow]:
        """Newest first, older than `before`."""
        rows = self._connection.execute(
            self._EXCEPTION + "WHERE e.time BETWEEN ? AND ? AND (e.time, e.origin, e.place) < (?, ?, ?) "
            "ORDER BY e.time DESC, e.origin DESC, e.place DESC LIMIT ?",
            (low, min(high, before[0]), *before, limit),
        )
        return [_exception(row) for row in rows]

    def exception_row(self, origin: str, place: int) -> ExceptionRow | None:
        """One of them; None where the record is none."""
        where = "WHERE e.origin = (SELECT id FROM origins WHERE origin = ?) AND e.place = ?"
        row = self._connection.execute(self._EXCEPTION + where, (origin, place)).fetchone()
        return None if row is None else _exception(row)

    def exception_counts(self, low: int, high: int) -> list[tuple[int, str, int]]:
        """(number of the origin, kinds, how many) of a period of whole hours."""
        return [
            (origin, kinds, count)
            for unit, first, below in _ranges(low, high)
            for origin, kinds, count in self._connection.execute(
                "SELECT origin, kinds, SUM(records) FROM exception_spans WHERE unit = ? AND start >= ? "
                "AND start < ? GROUP BY origin, kinds",
                (unit, first, below),
            )
        ]

    def cleared(self, low: int, high: int) -> list[tuple[str, int]]:
        """(origin, index) of exceptions of a period that a re-scan cleared."""
        return self._connection.execute(
            "SELECT o.origin, e.place FROM exceptions e JOIN origins o ON o.id = e.origin "
            "WHERE e.cleared IS NOT NULL AND e.time BETWEEN ? AND ?",
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

    def events(
        self, kinds: Sequence[str], *, origin: str = "", limit: int = 100, before: int = _FOREVER
    ) -> list[Event]:
        """Records that are few, newest first, with what they say."""
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

    def count(self, filters: Filters) -> int:
        """How many records match, by whole hours at the edges of the period."""
        shapes = {shape.id for shape in self.matching(filters)}
        if not filters.start and not filters.end:
            return sum(self.shapes()[shape].records for shape in shapes)
        return sum(
            records
            for unit, low, high in _ranges(filters.low, filters.high)
            for shape, records in self._connection.execute(
                "SELECT shape, SUM(records) FROM spans WHERE unit = ? AND start >= ? AND start < ? "
                "GROUP BY shape",
                (unit, low, high),
            )
            if shape in shapes
        )

    def counts(self, filters: Filters, now_us: int) -> Counts:
        """The sums of the requests of a period (whole hours), of one origin or all, for the overview."""
        low = filters.low // _US // HOUR * HOUR
        high = min(filters.high, now_us) // _US
        unit = HOUR if high - low <= 3 * DAY else DAY
        origins = {state.id for state in self.origins() if filters.origin in ("", state.origin)}
        first = low // unit * unit
        decisions: Counter[str] = Counter()
        routes: Counter[str] = Counter()
        operators: Counter[str] = Counter()
        steps: dict[int, Counter[str]] = {}
        sums = [0, 0, 0]
        chosen = (unit, first, high + 1, *sorted(REQUEST_KINDS), orjson.dumps(sorted(origins)).decode())
        window = (
            "JOIN shapes s ON s.id = shape WHERE unit = ? AND start >= ? AND start < ? "
            "AND s.kind IN (?, ?, ?) AND s.origin IN (SELECT value FROM json_each(?))"
        )
        for start, decision, records in self._connection.execute(
            f"SELECT start, s.decision, SUM(records) FROM spans {window} GROUP BY 1, 2",  # noqa: S608
            chosen,
        ):
            decisions[decision] += records
            steps.setdefault(start, Counter())[decision] += records
        for route, found, records, findings, uninspected in self._connection.execute(
            "SELECT s.route, s.found, SUM(records), SUM(spans.findings), SUM(uninspected) "  # noqa: S608
            f"FROM spans {window} GROUP BY 1, 2",
            chosen,
        ):
            sums = [sums[0] + records, sums[1] + findings, sums[2] + uninspected]
            routes[route] += records
            for operator in {operator for _, operator in _pairs(found)}:
                operators[operator] += records
        entities = Counter(
            dict(
                self._connection.execute(
                    f"SELECT entity, SUM(findings) FROM entity_spans {window} GROUP BY 1",  # noqa: S608
                    chosen,
                ).fetchall()
            )
        )
        return Counts(
            unit,
            first,
            high,
            records=sums[0],
            findings=sums[1],
            uninspected=sums[2],
            decisions=decisions,
            routes=routes,
            entities=entities,
            operators=operators,
            results=self._sums("result_spans", "result", chosen[:3], origins),
            steps=steps,
            latency=self._sums("latency_spans", "bucket", chosen[:3], origins),
        )

    def _sums(self, table: str, name: str, window: Sequence[object], origins: set[int]) -> Counter[Any]:
        sums: Counter[Any] = Counter()
        for origin, value, records in self._connection.execute(
            f"SELECT origin, {name}, SUM(records) FROM {table} "  # noqa: S608
            f"WHERE unit = ? AND start >= ? AND start < ? GROUP BY origin, {name}",
            window,
        ):
            if origin in origins:
                sums[value] += records
        return sums


def _ranges(low: int, high: int) -> list[tuple[int, int, int]]:
    """A period (us) as (unit, from, below) in seconds: whole days in the middle, hours at both ends."""
    first = low // _US // HOUR * HOUR
    last = high // _US // HOUR * HOUR + HOUR
    first_day = -(-first // DAY) * DAY
    last_day = last // DAY * DAY
    if first_day >= last_day:
        return [(HOUR, first, last)]
    return [(HOUR, first, first_day), (DAY, first_day, last_day), (HOUR, last_day, last)]


def _exception(row: tuple[Any, ...]) -> ExceptionRow:
    time, number, origin, place, kinds, *rest = row
    return ExceptionRow(time, number, origin, place, tuple(kinds.split(" ")), *rest)


def _shape(row: tuple[Any, ...], records: int) -> Shape:
    number, origin, kind, route, decision, reason, mode, policy, found = row
    return Shape(number, origin, kind, route, decision, reason, mode, policy, _pairs(found), records)


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (line.partition(" ") for line in text.split("\n") if line)
    return tuple((entity, operator) for entity, _, operator in pairs)


def _takes(filters: Filters, shape: Shape) -> bool:
    if filters.kind == REQUESTS:
        if shape.kind not in REQUEST_KINDS:
            return False
    elif filters.kind and shape.kind != filters.kind:
        return False
    for wanted, value in (
        (filters.route, shape.route),
        (filters.decision, shape.decision),
        (filters.reason, shape.reason),
        (filters.policy, shape.policy),
    ):
        if wanted and wanted != value:
            return False
    if not filters.entity and not filters.operator:
        return True
    return any(
        filters.entity in ("", entity) and filters.operator in ("", operator)
        for entity, operator in shape.found
    )
