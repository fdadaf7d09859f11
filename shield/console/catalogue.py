"""The kinds of records that the index holds, and which of them a filter selects.

Records that agree in all filterable values share a shape. There are few shapes, whatever the number of
records, so a filter is first evaluated over them in memory, and then only rows of matching shapes are read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shield.console.index_schema import DAY
from shield.evidence.reading import REQUEST_KINDS, microseconds

REQUESTS = "requests"
"""The kind that stands for all three kinds of requests."""
FOREVER = 2**62


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of a search; empty ones match anything. Times as in records, both included."""

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
        return microseconds(self.end) if self.end else FOREVER


@dataclass(frozen=True, slots=True)
class Shape:
    """The values that records of one kind agree in; `found` are (entity type, operator) pairs."""

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


@dataclass(frozen=True, slots=True)
class OriginState:
    """How far a log is indexed. `interval_us` is the newest heartbeat's, None where there is none."""

    id: int
    origin: str
    folder: str
    records: int
    first_time: int | None
    last_time: int | None
    last_kind: str
    interval_us: int | None = None
    damaged_to: int = 0
    """The end of the unreadable records behind what the index has; 0 where the log is readable, or ends."""

    @property
    def known(self) -> int:
        """How far the index has the log's records, or knows that they cannot be read."""
        return max(self.records, self.damaged_to)


class Catalogue:
    """The logs and shapes of one open index. Not for two threads at a time; the shapes are cached."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._shapes: dict[int, Shape] = {}
        self._version: tuple[int, int] = (-1, -1)

    def origins(self) -> list[OriginState]:
        rows = self.connection.execute(
            "SELECT id, origin, folder, next, first_time, last_time, last_kind, interval_us, "
            "(SELECT MAX(below) FROM damages d WHERE d.origin = origins.id AND below > next) "
            "FROM origins ORDER BY origin"
        )
        return [
            OriginState(a, b, c, d, e, f, g or "", h if isinstance(h, int) else None, i or 0)
            for a, b, c, d, e, f, g, h, i in rows
        ]

    def shapes(self) -> Mapping[int, Shape]:
        """All shapes with the number of their records."""
        row = self.connection.execute("SELECT SUM(next), COUNT(*) FROM origins").fetchone()
        version = (row[0] or 0, row[1])
        if version != self._version:
            totals = dict(
                self.connection.execute(
                    "SELECT shape, SUM(records) FROM spans WHERE unit = ? GROUP BY shape", (DAY,)
                ).fetchall()
            )
            rows = self.connection.execute(
                "SELECT id, origin, kind, route, decision, reason, mode, policy, found FROM shapes"
            )
            self._shapes = {row[0]: _shape(row, totals.get(row[0], 0)) for row in rows.fetchall()}
            self._version = version
        return self._shapes

    def matching(self, filters: Filters) -> list[Shape]:
        """The shapes that a filter selects, ignoring its times."""
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


def _shape(row: tuple[Any, ...], records: int) -> Shape:
    number, origin, kind, route, decision, reason, mode, policy, found = row
    return Shape(number, origin, kind, route, decision, reason, mode, policy, pairs_of(found), records)


def pairs_of(text: str) -> tuple[tuple[str, str], ...]:
    """The (entity type, operator) pairs of a shape, as the index keeps them."""
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
