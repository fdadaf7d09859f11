"""Collects what happened in each slice of the period: counts, findings, times. Pure; memory is the slices.

Latency is what the shield added: the sum of the stages of a record (microseconds). Quantiles come from counts
in classes that are 7 % wide, so each is right to 4 %.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shield.evidence.exceptions import Exceptional
from shield.evidence.reading import Entry, microseconds, time_of

MOST_SLICES = 120
_SECOND = 1_000_000
_STEPS = (1, 5, 15, 60, 300, 900, 3_600, 3 * 3_600, 6 * 3_600, 86_400, 7 * 86_400, 28 * 86_400)
_RATIO = math.log(1.07)
_TO_SECOND = len("2031-05-04T03:02:01")


@dataclass(frozen=True, slots=True)
class Slices:
    """The period cut into equal slices. Times are microseconds since 1970; `step` is whole seconds."""

    start: int
    end: int
    step: int

    @classmethod
    def of(cls, start: int, end: int) -> Slices:
        """Slices of the smallest step that gives at most `MOST_SLICES`; they begin at multiples of it."""
        for seconds in _STEPS:
            step = seconds * _SECOND
            first = start // step * step
            if (end - first) // step < MOST_SLICES:
                return cls(first, end, step)
        step = -(-(end - start) // (MOST_SLICES - 1))
        return cls(start, end, step)

    @property
    def count(self) -> int:
        return max(1, (self.end - self.start) // self.step + 1)

    def place(self, us: int) -> int:
        """The slice of a time; times outside go to the nearest."""
        return min(max(0, (us - self.start) // self.step), self.count - 1)

    def begins(self, place: int) -> str:
        return time_of(self.start + place * self.step)


@dataclass(frozen=True, slots=True)
class Found:
    """One entity type over the period: how many values, in how many requests, and how they were treated."""

    entity: str
    values: int
    requests: int
    operators: tuple[str, ...]
    recognizers: tuple[str, ...]
    min_score: float
    by_slice: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Activity:
    """The series of a report. `latency_us` has (p50, p95, p99) a slice, None where nothing was measured."""

    slices: Slices
    decisions: Mapping[str, Sequence[int]]
    latency_us: Sequence[tuple[float, float, float] | None]
    overall_us: tuple[float, float, float] | None
    found: Sequence[Found]
    routes: Mapping[tuple[str, str], int]
    exceptions: Mapping[str, Sequence[int]]
    changes: Sequence[int]

    @property
    def values(self) -> int:
        return sum(each.values for each in self.found)


class _Type:
    __slots__ = ("by_slice", "min_score", "operators", "recognizers", "requests", "values")

    def __init__(self, slices: int) -> None:
        self.values = self.requests = 0
        self.min_score = 1.0
        self.operators: set[str] = set()
        self.recognizers: set[str] = set()
        self.by_slice = [0] * slices


class ActivityBuilder:
    """Takes the requests and the exceptions of all logs, in any order of logs."""

    def __init__(self, slices: Slices) -> None:
        self._slices = slices
        self._decisions: dict[str, list[int]] = {}
        self._classes: list[Counter[int]] = [Counter() for _ in range(slices.count)]
        self._types: dict[str, _Type] = {}
        self._routes: Counter[tuple[str, str]] = Counter()
        self._exceptions: dict[str, list[int]] = {}
        self._changes = [0] * slices.count
        self._second = ""
        self._place = 0

    def request(self, entry: Entry) -> None:
        """Takes a request: the record of its intent, bypass or refusal."""
        fields = entry.fields
        if entry.time[:_TO_SECOND] != self._second:
            self._second = entry.time[:_TO_SECOND]
            self._place = self._slices.place(microseconds(entry.time))
        place = self._place
        decision = fields["decision"]
        row = self._decisions.get(decision)
        if row is None:
            row = self._decisions[decision] = [0] * self._slices.count
        row[place] += 1
        self._routes[fields["route"] or "(none)", decision] += 1
        spent = sum(fields["stages_us"].values())
        if spent > 0:
            self._classes[place][int(math.log(spent) / _RATIO)] += 1
        for found in fields["findings"]:
            self._found(found["type"], found["count"], place, found)

    def _found(self, entity: str, count: int, place: int, found: Mapping[str, Any]) -> None:
        kind = self._types.get(entity)
        if kind is None:
            kind = self._types[entity] = _Type(self._slices.count)
        kind.values += count
        kind.requests += 1
        kind.by_slice[place] += count
        kind.operators.update(found["operators"])
        kind.recognizers.update(found["recognizers"])
        kind.min_score = min(kind.min_score, found["min_score"])

    def exception(self, exceptional: Exceptional) -> None:
        """Takes an exception, for each of its kinds."""
        place = self._slices.place(microseconds(exceptional.time)) if exceptional.time else 0
        for kind in exceptional.kinds:
            self._exceptions.setdefault(kind.value, [0] * self._slices.count)[place] += 1

    def change(self, entry: Entry) -> None:
        """Notes that a configuration came into force."""
        self._changes[self._slices.place(microseconds(entry.time))] += 1

    def result(self) -> Activity:
        """The series of all that was taken so far."""
        whole: Counter[int] = Counter()
        for classes in self._classes:
            whole.update(classes)
        found = [
            Found(
                entity,
                kind.values,
                kind.requests,
                tuple(sorted(kind.operators)),
                tuple(sorted(kind.recognizers)),
                kind.min_score,
                tuple(kind.by_slice),
            )
            for entity, kind in self._types.items()
        ]
        return Activity(
            self._slices,
            {name: tuple(row) for name, row in self._decisions.items()},
            tuple(_quantiles(classes) for classes in self._classes),
            _quantiles(whole),
            tuple(sorted(found, key=lambda each: (-each.values, each.entity))),
            dict(self._routes),
            {name: tuple(row) for name, row in sorted(self._exceptions.items())},
            tuple(self._changes),
        )


def _quantiles(classes: Counter[int]) -> tuple[float, float, float] | None:
    """p50, p95 and p99: the middle of the class that each falls into."""
    total = classes.total()
    if not total:
        return None
    wanted = [math.ceil(total * share) for share in (0.5, 0.95, 0.99)]
    values: list[float] = []
    seen = 0
    for number in sorted(classes):
        seen += classes[number]
        while len(values) < len(wanted) and seen >= wanted[len(values)]:
            values.append(math.exp((number + 0.5) * _RATIO))
    return values[0], values[1], values[2]
