"""Remembers names of members in which nothing is found, so that they are not analyzed with each payload.

Half of the segments of a JSON document are names of members, and payloads of one schema repeat them. Only
the names around it and the policy decide what is found in a name (see `Analyzer`), so a name without
findings (a quiet one) stays so for that policy and these detectors.

Law: only names that a path may show are kept, which are made of words of the shipped vocabulary or are in
the configuration (`payload.field_names`). So nothing of a payload stays in memory.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, Protocol

from shield.domain import Finding, Location, Policy, Segment, SegmentKind

MOST: Final = 4096
"""The most names, each with those around it, that are kept for one policy."""

_POLICIES: Final = 64


class _Shown(Protocol):
    """The part of `payload.field_names.ShownNames` that this package needs."""

    def shows(self, name: str) -> bool: ...


class Split(NamedTuple):
    """The names of members among some segments, by index: those known to be quiet, and the others."""

    quiet: Sequence[int]
    others: Sequence[int]


class Quiet:
    """The quiet names under one policy. Thread-safe: entries are only added and never change."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: set[Location] = set()

    def split(self, segments: Sequence[Segment]) -> Split:
        """The indices of the names of members among `segments`, by whether they are known."""
        known, key = self._known, SegmentKind.KEY
        quiet: list[int] = []
        others: list[int] = []
        for place, segment in enumerate(segments):
            if segment.kind is key:
                location = segment.location
                # Most are in no list; in one, the indices do not matter.
                if location in known or (len(location) > 1 and _named(location) in known):
                    quiet.append(place)
                else:
                    others.append(place)
        return Split(quiet, others)

    def learn(
        self,
        segments: Sequence[Segment],
        places: Iterable[int],
        found: Sequence[Sequence[Finding]],
        names: _Shown,
    ) -> None:
        """Keep those of the names at `places` in which nothing was `found`, and that `names` shows."""
        for place in places:
            if found[place] or len(self._known) >= MOST:
                continue
            text, steps = segments[place].text, _named(segments[place].location)
            # A label may have moved the segment elsewhere; and a model reads a name of several words as
            # prose, in the context of what precedes it.
            if steps and steps[-1] == text and len(text.split()) == 1 and all(map(names.shows, steps)):
                self._known.add(steps)


class QuietNames:
    """Quiet names by policy and detectors, for any number of policies."""

    def __init__(self) -> None:
        self._by_policy: OrderedDict[tuple[str, str, str], Quiet] = OrderedDict()

    def under(self, policy: Policy, detectors: str) -> Quiet:
        """The quiet names under `policy`; `detectors` is the digest of the analyzer."""
        key = policy.name, policy.digest, detectors
        known = self._by_policy.get(key)
        if known is None:
            known = self._by_policy.setdefault(key, Quiet())
            while len(self._by_policy) > _POLICIES:
                self._by_policy.popitem(last=False)
        return known


def _named(location: Location) -> tuple[str, ...]:
    return tuple([step for step in location if isinstance(step, str)])
