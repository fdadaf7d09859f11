"""Names of fields in which nothing is found are looked at once, and not with each payload.

Half of the segments of a JSON document are names of members, and payloads of one schema bring the same ones
each time. Nothing but the names around it and the policy decides what is found in a name (see `Analyzer`),
so what was found to be quiet stays so for that policy and these detectors.

Law: only names that a path may show are kept, which are made of words of the shipped vocabulary or stand in
the configuration (`payload.field_names`). So nothing of a payload stays in memory.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, Protocol

from shield.domain import Finding, Policy, Segment, SegmentKind

MOST: Final = 4096
"""Names with all that are around them, for one policy."""

_POLICIES: Final = 64


class _Shown(Protocol):
    """`payload.field_names.ShownNames`, of which this room knows no more."""

    def shows(self, name: str) -> bool: ...


class Split(NamedTuple):
    """The names of members among some segments, by place: those that are known to be quiet, and others."""

    quiet: Sequence[int]
    others: Sequence[int]


class Quiet:
    """The quiet names under one policy. Safe for threads: an entry is only ever added, and means the same."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: set[tuple[str | int, ...]] = set()

    def split(self, segments: Sequence[Segment]) -> Split:
        """The places of the names of members among `segments`, by whether they are known."""
        known, key = self._known, SegmentKind.KEY
        quiet: list[int] = []
        others: list[int] = []
        for place, segment in enumerate(segments):
            if segment.kind is key:
                location = segment.location
                # Most lie in no list; of one that does, the indices say nothing.
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
            # prose, after what was said before it.
            if steps and steps[-1] == text and len(text.split()) == 1 and all(map(names.shows, steps)):
                self._known.add(steps)


class QuietNames:
    """Quiet names by policy and detectors, for as many policies as come up."""

    def __init__(self) -> None:
        self._by_policy: OrderedDict[tuple[str, str, str], Quiet] = OrderedDict()

    def under(self, policy: Policy, detectors: str) -> Quiet:
        """Those under `policy`; `detectors` is the digest of the analyzer that finds."""
        key = policy.name, policy.digest, detectors
        known = self._by_policy.get(key)
        if known is None:
            known = self._by_policy.setdefault(key, Quiet())
            while len(self._by_policy) > _POLICIES:
                self._by_policy.popitem(last=False)
        return known


def _named(location: tuple[str | int, ...]) -> tuple[str, ...]:
    return tuple([step for step in location if isinstance(step, str)])
