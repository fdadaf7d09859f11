"""The fast path for field rules: queries that depend on places only are matched against each location.

A query of names, wildcards, indices and descents, without filters and slices, selects a node by the
steps that lead to it, whatever the values are. Such rules need neither the parsed document nor a query
engine: an automaton walks each location, and its state at a location is reused for all below it.

Duplicate names need no separate readings here (compare `json_rules`): each reading that shows a node leads
to it by the same steps, so a query selects the node in all of them or in none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jsonpath_rfc9535 import JSONPathQuery
from jsonpath_rfc9535.segments import JSONPathRecursiveDescentSegment
from jsonpath_rfc9535.selectors import IndexSelector, NameSelector, WildcardSelector

from shield.domain import FieldAction, FieldRule, Location

_NOWHERE = -1
_ANY = object()


@dataclass(frozen=True, slots=True)
class _Step:
    """One segment of a query: the name or index that it matches (or any), here or at any depth."""

    takes: object
    descends: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """The automaton's state at a location: the last rule in force, and how far each query has matched."""

    rule: int
    states: tuple[tuple[int, int], ...]


class LocationRules:
    """Compiled rules. Immutable; `matcher` makes the state for one document."""

    __slots__ = ("_first", "_root", "_steps", "beginnings")

    def __init__(self, steps: tuple[tuple[_Step, ...], ...]) -> None:
        self._steps = steps
        whole = [number for number, query in enumerate(steps) if not query]
        states = tuple((number, 0) for number, query in enumerate(steps) if query)
        self._root = _Place(max(whole, default=_NOWHERE), states)
        starts = [query[0] for query in steps if query]
        anywhere = any(step.descends or step.takes is _ANY for step in starts)
        # The first steps at which any query can begin; most locations are dismissed by these.
        self._first = None if anywhere else frozenset(step.takes for step in starts)
        self.beginnings = self._first if self._root.rule == _NOWHERE else None
        """The first steps below which a rule can apply; None where a rule can apply anywhere."""

    @classmethod
    def of(cls, rules: Sequence[FieldRule], queries: Sequence[JSONPathQuery]) -> LocationRules | None:
        """The rules as an automaton; None where one drops nodes or depends on more than places."""
        if any(rule.action is FieldAction.DROP for rule in rules):
            return None
        compiled = []
        for query in queries:
            steps = _steps_of(query)
            if steps is None:
                return None
            compiled.append(steps)
        return cls(tuple(compiled))

    def matcher(self) -> Matcher:
        return Matcher(self._steps, self._root, self._first)


class Matcher:
    """Answers for one document, and remembers its state at the locations above."""

    __slots__ = ("_first", "_known", "_root", "_steps")

    def __init__(
        self, steps: tuple[tuple[_Step, ...], ...], root: _Place, first: frozenset[object] | None
    ) -> None:
        self._steps = steps
        self._root = root
        self._first = first
        self._known: dict[Location, _Place] = {(): root}

    def rule_at(self, location: Location) -> int:
        """The index of the last rule that applies at `location` or above it, or -1."""
        if not location or (self._first is not None and location[0] not in self._first):
            return self._root.rule
        return self._place(location).rule

    def _place(self, location: Location) -> _Place:
        known = self._known.get(location)
        if known is not None:
            return known
        depth = len(location) - 1
        while (known := self._known.get(location[:depth])) is None:
            depth -= 1
        for end in range(depth + 1, len(location) + 1):
            known = self._known[location[:end]] = self._after(known, location[end - 1])
        return known

    def _after(self, place: _Place, step: str | int) -> _Place:
        if not place.states:
            return place
        rule = place.rule
        states: list[tuple[int, int]] = []
        for number, position in place.states:
            query = self._steps[number]
            wanted = query[position]
            if wanted.descends:
                states.append((number, position))
            # `==` would take True for 1; a step is never a bool. A name never equals an index.
            if wanted.takes is _ANY or wanted.takes == step:
                if position + 1 == len(query):
                    rule = max(rule, number)
                else:
                    states.append((number, position + 1))
        return _Place(rule, tuple(dict.fromkeys(states)))


def _steps_of(query: JSONPathQuery) -> tuple[_Step, ...] | None:
    steps = []
    for segment in query.segments:
        if len(segment.selectors) != 1:
            return None
        selector = segment.selectors[0]
        takes: object
        if isinstance(selector, NameSelector):
            takes = selector.name
        elif isinstance(selector, WildcardSelector):
            takes = _ANY
        elif isinstance(selector, IndexSelector) and selector.index >= 0:
            takes = selector.index
        else:
            return None
        steps.append(_Step(takes, isinstance(segment, JSONPathRecursiveDescentSegment)))
    return tuple(steps)
