"""Field rules for values whose place is given by a name: a JSON Patch's `/ticket/id`, a form's `ticket[id]`.

What is beside and above such a value is not in the payload, so a selector may be undecidable: a filter on
what is not there, an index from an array's end, any index of what is appended to it. Then a KEEP rule
does not apply, and every other does, as where a document has several readings (see `json_rules`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from jsonpath_rfc9535 import JSONPathQuery
from jsonpath_rfc9535.segments import JSONPathChildSegment, JSONPathRecursiveDescentSegment, JSONPathSegment
from jsonpath_rfc9535.selectors import (
    FilterSelector,
    IndexSelector,
    JSONPathSelector,
    NameSelector,
    SliceSelector,
    WildcardSelector,
)

from shield.domain import Location
from shield.payload.queries import locations

Steps = tuple[str | None, ...]
"""The path to a value: names or indices, as written; None is the place after an array's last element."""

_UNKNOWN = object()
_LONGEST_INDEX = 15  # digits; queries hold no larger ones


class Selected(NamedTuple):
    """A rule's index and where in the value it applies; `sure` unless it depends on what is not here."""

    number: int
    location: Location
    sure: bool


class _Place(NamedTuple):
    """The rules that apply at a place and the state of all other queries, each with whether it is sure."""

    held: dict[int, bool]
    states: dict[tuple[int, int], bool]


class PlacedRules:
    """The queries of a route's field rules. Immutable; `matcher` makes the state for one document."""

    __slots__ = ("_rests", "_root", "_segments")

    def __init__(self, queries: Sequence[JSONPathQuery]) -> None:
        self._segments = tuple(tuple(query.segments) for query in queries)
        self._rests = tuple(
            tuple(JSONPathQuery(env=query.env, segments=own[place:]) for place in range(len(own) + 1))
            for query, own in zip(queries, self._segments, strict=True)
        )
        self._root = _Place(
            {number: True for number, own in enumerate(self._segments) if not own},
            {(number, 0): True for number, own in enumerate(self._segments) if own},
        )

    def matcher(self) -> PlacedMatcher:
        return PlacedMatcher(self._segments, self._rests, self._root)


class PlacedMatcher:
    """Answers for one document, and remembers its state at the places right above values."""

    __slots__ = ("_known", "_rests", "_root", "_segments")

    def __init__(
        self,
        segments: Sequence[Sequence[JSONPathSegment]],
        rests: Sequence[Sequence[JSONPathQuery]],
        root: _Place,
    ) -> None:
        self._segments = segments
        self._rests = rests
        self._root = root
        self._known: dict[tuple[Steps, bool], _Place] = {}

    def select(
        self, steps: Steps, value: Any, *, whole: bool = True, caseless: bool = False
    ) -> Iterator[Selected]:
        """The rules for `value` at `steps`; those for a place above it apply to all of it.

        Without `whole`, the value is merged with what is there, so a filter on it is undecided. `caseless`:
        names in `steps` are case-insensitive.
        Raises TooDeepError and ShieldError as `queries.locations` does.
        """
        place = self._root
        if steps:
            above = self._above(steps[:-1], caseless=caseless)
            place = self._after(above, steps[-1], value if whole else _UNKNOWN, caseless=caseless)
        for number, sure in place.held.items():
            yield Selected(number, (), sure)
        if isinstance(value, dict | list):
            for (number, position), sure in place.states.items():
                for location in locations(self._rests[number][position], value):
                    yield Selected(number, location, sure)

    def rests(self, steps: Steps) -> Iterator[tuple[int, JSONPathQuery, bool]]:
        """The remainders of the queries at `steps`, for a document that is the value there.

        Each comes with the index of its rule and whether it is sure. A query that selects the place is `$`.
        """
        place = self._above(steps, caseless=False)
        for number, sure in place.held.items():
            yield number, self._rests[number][-1], sure
        for (number, position), sure in place.states.items():
            rest = self._rests[number][position]
            yield number, rest, sure and str(rest).count("$") == 1  # else it refers to what is above

    def _above(self, steps: Steps, *, caseless: bool) -> _Place:
        known = self._known.get((steps, caseless))
        if known is None:
            known = self._root
            for step in steps:
                if not known.states:
                    break
                known = self._after(known, step, _UNKNOWN, caseless=caseless)
            self._known[steps, caseless] = known
        return known

    def _after(self, place: _Place, step: str | None, value: Any, *, caseless: bool) -> _Place:
        held, states = dict(place.held), dict[tuple[int, int], bool]()
        for (number, position), sure in place.states.items():
            segment = self._segments[number][position]
            if isinstance(segment, JSONPathRecursiveDescentSegment):
                states[number, position] = sure or states.get((number, position), False)
            taken = [
                it
                for selector in segment.selectors
                if (it := _takes(selector, step, value, caseless=caseless)) is not None
            ]
            if not taken:
                continue
            certain = sure and any(taken)
            if position + 1 == len(self._segments[number]):
                held[number] = certain or held.get(number, False)
            else:
                states[number, position + 1] = certain or states.get((number, position + 1), False)
        return _Place(held, states)


def _takes(selector: JSONPathSelector, step: str | None, value: Any, *, caseless: bool) -> bool | None:
    """Whether `selector` selects the child at `step`: True for yes, None for no, False for undecided."""
    if isinstance(selector, WildcardSelector):
        return True
    if isinstance(selector, NameSelector):
        if caseless and step is not None and selector.name.lower() == step.lower():
            return True
        return True if selector.name == step else None
    if isinstance(selector, IndexSelector):
        if step is None:
            return selector.index == -1
        if selector.index < 0 and _is_index(step):
            return False
        return True if str(selector.index) == step else None
    if isinstance(selector, SliceSelector):
        return _slice_takes(selector.slice, step)
    if not isinstance(selector, FilterSelector) or value is _UNKNOWN or "$" in str(selector):
        return False
    segment = JSONPathChildSegment(env=selector.env, token=selector.token, selectors=(selector,))
    alone = JSONPathQuery(env=selector.env, segments=(segment,))
    return True if any(True for _ in locations(alone, [value])) else None


def _is_index(step: str) -> bool:
    return step.isascii() and step.isdigit() and len(step) <= _LONGEST_INDEX


def _slice_takes(taken: slice, step: str | None) -> bool | None:
    if step is None:
        return False
    if not _is_index(step):
        return None
    bounds = (taken.start or 0, taken.stop or 0, taken.step if taken.step is not None else 1)
    if min(bounds) < 0:
        return False
    index, (start, _, stride) = int(step), bounds
    inside = start <= index and (taken.stop is None or index < taken.stop)
    return True if inside and stride and (index - start) % stride == 0 else None
