"""Adds up the sums that the index keeps by hour and by day over a period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from shield.console.catalogue import Catalogue, Filters, pairs_of
from shield.console.index_schema import DAY, HOUR
from shield.console.indexing import bucket_micros
from shield.evidence.reading import REQUEST_KINDS

_US = 1_000_000


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
        """The microseconds below which this share of the requests stayed, to 9 %; None without requests."""
        whole = sum(self.latency.values())
        seen = 0
        for bucket in sorted(self.latency):
            seen += self.latency[bucket]
            if seen >= share * whole:
                return bucket_micros(bucket)
        return None


class Sums:
    """Sums over the logs of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._connection = catalogue.connection

    def count(self, filters: Filters) -> int:
        """The number of matching records, by whole hours at the edges of the period."""
        shapes = {shape.id for shape in self._catalogue.matching(filters)}
        if not filters.start and not filters.end:
            return sum(self._catalogue.shapes()[shape].records for shape in shapes)
        return sum(
            records
            for unit, low, high in ranges(filters.low, filters.high)
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
        origins = {state.id for state in self._catalogue.origins() if filters.origin in ("", state.origin)}
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
            f"SELECT start, s.decision, SUM(records) FROM spans {window} GROUP BY 1, 2",  # noqa: S608  made of our own words; values are parameters
            chosen,
        ):
            decisions[decision] += records
            steps.setdefault(start, Counter())[decision] += records
        for route, found, records, findings, uninspected in self._connection.execute(
            f"SELECT s.route, s.found, SUM(records), {_sum('spans.findings')}, {_sum('uninspected')} "  # noqa: S608  made of our own words; values are parameters
            f"FROM spans {window} GROUP BY 1, 2",
            chosen,
        ):
            sums = [sums[0] + records, sums[1] + findings, sums[2] + uninspected]
            routes[route] += records
            for operator in {operator for _, operator in pairs_of(found)}:
                operators[operator] += records
        entities = Counter(
            dict(
                self._connection.execute(
                    f"SELECT entity, {_sum('findings')} FROM entity_spans {window} GROUP BY 1",  # noqa: S608  made of our own words; values are parameters
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
            f"SELECT origin, {name}, SUM(records) FROM {table} "  # noqa: S608  made of our own words; values are parameters
            f"WHERE unit = ? AND start >= ? AND start < ? GROUP BY origin, {name}",
            window,
        ):
            if origin in origins:
                sums[value] += records
        return sums


def _sum(column: str) -> str:
    """SQL for a sum of amounts: SQLite's SUM raises an error where it is larger than its integers."""
    return f"CAST(TOTAL({column}) AS INTEGER)"


def ranges(low: int, high: int) -> list[tuple[int, int, int]]:
    """A period (us) as (unit, from, below) in seconds: whole days in the middle, hours at both ends."""
    first = low // _US // HOUR * HOUR
    last = high // _US // HOUR * HOUR + HOUR
    first_day = -(-first // DAY) * DAY
    last_day = last // DAY * DAY
    if first_day >= last_day:
        return [(HOUR, first, last)]
    return [(HOUR, first, first_day), (DAY, first_day, last_day), (HOUR, last_day, last)]
