"""Tells, by one scan of a text, which patterns can match in it, and where a match can start.

Each pattern is weakened and compiled into one of a few Hyperscan databases (`prefilter_plan`). A pattern
whose weakened form does not fire has no match. Where it fires, the ends that Hyperscan reports, the
widths of the pattern, the characters that it can consume and the digits that it needs bound the starts.
A pattern that can consume any character without bound has a second database of its own that reports
starts; it is scanned only on texts where the pattern fired.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import NamedTuple

from shield.analyzer.expressions.compiled_store import CompiledStore
from shield.analyzer.expressions.effort import BRIEF, Run
from shield.analyzer.expressions.folded import has_digit
from shield.analyzer.expressions.prefilter_plan import plan_of
from shield.analyzer.expressions.scanner import Scanner
from shield.analyzer.expressions.weaken import Digit, Weakened

_DIGITS = b"0123456789?"  # `?`: a character that may be a digit of another script
_SHORT = 120  # code points of texts that are always scanned together with others
_NARROW = 16  # code points of starts that are cheaper to try than to narrow down


class Starts(NamedTuple):
    """Where matches of a pattern can start: sorted, disjoint, both bounds inclusive.

    `reach` is how many code points past its start a match attempt can touch; `None`: unbounded, except as
    `run` limits it by the text.
    """

    intervals: tuple[tuple[int, int], ...]
    reach: int | None
    run: Run | None = None

    @classmethod
    def before(cls, ends: Sequence[int], back: int, reach: int | None) -> Starts:
        """Starts at most `back` code points before each of the ends of a trigger."""
        return cls(merged([(max(0, end - back), end - 1) for end in ends]), reach)

    def within(self, places: Sequence[tuple[int, int]]) -> Starts:
        """Without the intervals from which no match can touch one of the spans, which are in order."""
        if not places:
            return Starts((), self.reach, self.run)
        kept = []
        first = 0
        for low, high in self.intervals:
            # Spans that end before the interval cannot matter to a later one either.
            while first < len(places) and places[first][1] <= low:
                first += 1
            if first == len(places):
                break
            if self.reach is None or places[first][0] < high + self.reach:
                kept.append((low, high))
        return Starts(tuple(kept), self.reach, self.run)


starts_of: Callable[[tuple[object, ...]], Starts] = partial(tuple.__new__, Starts)
"""Takes all three values; the constructor that `NamedTuple` generates takes three times as long."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """`undigital` matches what may follow a start up to the digit that a match needs.

    `narrow`: the ends and the widths alone bound the starts closely enough.
    """

    weakened: Weakened
    starts: Scanner | None
    undigital: re.Pattern[bytes] | None
    reach: int | None
    run: Run | None
    narrow: bool

    @classmethod
    def of(cls, weakened: Weakened, starts: Scanner | None) -> _Entry:
        reach, run = _reach(weakened), None
        beyond = weakened.beyond
        if reach is None and weakened.consumed is not None and beyond is not None and beyond < BRIEF:
            run = Run.of(weakened.consumed, beyond)
        most = weakened.max_width
        narrow = most is not None and starts is None and most - weakened.min_width <= _NARROW
        told = reach is not None and weakened.digit in {Digit.NOWHERE, Digit.WITHIN}
        return cls(weakened, starts, _undigital(weakened), reach, run, narrow and told)


class Prefilter:
    """`patterns` are (regex, flags) as `regex` compiles them; a pattern's id is its index.

    `store` keeps the plan and the compiled databases. `wholes` are further patterns, for which only
    `reaches` is needed.
    """

    def __init__(
        self,
        patterns: Sequence[tuple[str, int]],
        wholes: Sequence[tuple[str, int]] = (),
        store: CompiledStore | None = None,
    ) -> None:
        plan, databases = plan_of(patterns, wholes, store)
        self.reaches = plan.reaches
        """How far past its start an attempt of each of `wholes` can touch; `None`: without bound."""
        self._groups = [
            (databases.of([expression for _, expression in group]), [place for place, _ in group])
            for group in plan.groups
        ]
        need = [each is not None and each.needs_digit for each in plan.weakened]
        self._digital_groups = [group for group in self._groups if all(need[place] for place in group[1])]
        self._undigital_groups = [group for group in self._groups if group not in self._digital_groups]
        ids = {place for _, group in self._groups for place in group}
        starts = {place: databases.of([expression]) for place, expression in plan.starts}
        self._entries = [
            _Entry.of(each, starts.get(place)) if each is not None and place in ids else None
            for place, each in enumerate(plan.weakened)
        ]
        self.always = tuple(i for i, entry in enumerate(self._entries) if entry is None)
        """The patterns that could not be weakened, about which a scan says nothing."""

    def fired(
        self, folded: bytes, wanted: Container[int] | None = None, *, plain: bool = False
    ) -> dict[int, list[int]]:
        """The ends at which the `wanted` weakened patterns match the folded text, by pattern.

        `plain`: the text is ASCII, so a question mark is one. Then patterns that need a digit are scanned for
        only where there is one.
        """
        return self.fired_in_each((folded,), wanted, plain=plain)[0]

    def fired_in_each(
        self, folded: Sequence[bytes], wanted: Container[int] | None = None, *, plain: bool = False
    ) -> list[dict[int, list[int]]]:
        """`fired` for each text, by one scan of all of them: a payload is many short texts.

        The NUL between two texts is no word character, so no boundary is lost at their edges, and
        the weakened expressions have no anchors. One that matches across an edge fires in vain, as many
        allow a line break between a word and a number.
        """
        if len(folded) == 1:
            return [self._fired_in_one(folded[0], wanted, plain=plain)]
        each: list[dict[int, list[int]]] = [{} for _ in folded]
        some = [place for place, text in enumerate(folded) if len(text) < _SHORT or has_digit(text)]
        if not plain or len(some) == len(folded):
            digital = not plain or has_digit(b"".join(folded))
            _report(
                self._groups if digital else self._undigital_groups, folded, range(len(folded)), wanted, each
            )
        else:
            _report(self._undigital_groups, folded, range(len(folded)), wanted, each)
            if any(has_digit(folded[place]) for place in some):
                _report(self._digital_groups, folded, some, wanted, each)
        return each

    def _groups_for(self, folded: bytes, *, plain: bool) -> list[tuple[Scanner, list[int]]]:
        return self._groups if not plain or has_digit(folded) else self._undigital_groups

    def _fired_in_one(
        self, folded: bytes, wanted: Container[int] | None, *, plain: bool
    ) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        group: list[int] = []

        def on_match(expression: int, _start: int, end: int, _flags: int, _context: object) -> None:
            identifier = group[expression]
            if identifier in found:
                found[identifier].append(end)
            elif wanted is None or identifier in wanted:
                found[identifier] = [end]

        for scanner, group in self._groups_for(folded, plain=plain):  # noqa: B007  which `on_match` reads
            scanner.report(folded, on_match)
        return found

    def narrow(self, identifier: int) -> tuple[int, int, int | None] | None:
        """The most and the least distance from a match's start to its end, and the reach, if these suffice.

        `None`: only `starts` tells.
        """
        entry = self._entries[identifier]
        if entry is None or not entry.narrow or entry.weakened.max_width is None:
            return None
        return entry.weakened.max_width, entry.weakened.min_width, entry.reach

    def needs_digit(self, identifier: int) -> bool:
        """Whether every match of the pattern holds a digit, of whatever script."""
        entry = self._entries[identifier]
        return entry is not None and entry.weakened.needs_digit

    def starts(self, identifier: int, ends: Sequence[int], folded: bytes) -> Starts | None:
        """Where matches of a pattern that fired can start; `None` for anywhere."""
        entry = self._entries[identifier]
        if entry is None:
            return None
        weakened = entry.weakened
        least = weakened.min_width
        most = weakened.max_width
        in_run = False
        if entry.starts is not None:
            spans = [(start, end - least) for _, start, end in entry.starts.scan(folded)]
        elif weakened.alphabet is not None and ends and not entry.narrow:
            spans = _in_runs(folded, ends, weakened.alphabet, least, most)
            in_run = True
        elif most is not None:
            spans = [(end - most if end > most else 0, end - least) for end in ends]
        else:
            return None
        intervals = merged(spans) if len(spans) > 1 else tuple(spans)
        # Where the scan itself saw a digit in the run, one follows every start in it.
        if entry.undigital is not None and not (entry.narrow or (in_run and weakened.digit is Digit.WITHIN)):
            intervals = _with_digit(folded, intervals, entry.undigital)
        return starts_of((intervals, entry.reach, entry.run))


def _report(
    groups: Sequence[tuple[Scanner, list[int]]],
    folded: Sequence[bytes],
    places: Sequence[int],
    wanted: Container[int] | None,
    each: Sequence[dict[int, list[int]]],
) -> None:
    """Scans the texts with indices `places` together, and adds what fired to the result of each."""
    texts = folded if len(places) == len(folded) else [folded[place] for place in places]
    firsts = list(accumulate([len(text) + 1 for text in texts], initial=0))
    together = b"\0".join(texts)
    group: list[int] = []

    def on_match(expression: int, _start: int, end: int, _flags: int, _context: object) -> None:
        identifier = group[expression]
        if wanted is None or identifier in wanted:
            # A match ends at the latest after the NUL that follows its text, and no text is empty.
            place = bisect_left(firsts, end) - 1
            each[places[place]].setdefault(identifier, []).append(end - firsts[place])

    for scanner, group in groups:  # noqa: B007  which `on_match` reads
        scanner.report(together, on_match)


def _reach(weakened: Weakened) -> int | None:
    if not weakened.bounded or weakened.max_width is None or weakened.lookahead is None:
        return None
    return weakened.max_width + weakened.lookahead + 1


def _undigital(weakened: Weakened) -> re.Pattern[bytes] | None:
    if weakened.digit is Digit.NOWHERE:
        return None
    others = b"^" + _DIGITS
    if weakened.digit in {Digit.IN_RUN, Digit.WITHIN} and weakened.alphabet is not None:
        others = re.escape(bytes(code for code in weakened.alphabet if code not in _DIGITS))
    return re.compile(b"[" + others + b"]*+" if others else b"")


def _with_digit(
    folded: bytes, intervals: Sequence[tuple[int, int]], undigital: re.Pattern[bytes]
) -> tuple[tuple[int, int], ...]:
    """The intervals that a digit can follow; each character is read once."""
    kept: list[tuple[int, int]] = []
    known = -1  # how far the text was read
    found = False  # whether the reading stopped at a digit
    for interval in intervals:
        if interval[0] > known or known < 0:
            match = undigital.match(folded, interval[0])
            known = match.end() if match is not None else interval[0]
            found = known < len(folded) and folded[known] in _DIGITS
        if found:
            kept.append(interval)
    return tuple(kept)


def _in_runs(
    folded: bytes, ends: Sequence[int], alphabet: bytes, least: int, most: int | None
) -> list[tuple[int, int]]:
    """Where a match that ends at one of `ends` can start, given the characters that it consumes."""
    spans: list[tuple[int, int]] = []
    before = low = 0
    for end in sorted(ends) if len(ends) > 1 else ends:
        if not before or end > before:
            # Only the part after the previous end is read; what lies further back is known.
            read = len(folded[before:end].rstrip(alphabet))
            if read or not before:
                low = before + read
            before = end
        first = low if most is None or low > end - most else end - most
        if first <= end - least:
            spans.append((first, end - least))
    return spans


def merged(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The spans, both bounds inclusive, as disjoint intervals in order; those that meet are merged."""
    intervals: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if intervals and low <= intervals[-1][1] + 1:
            if high > intervals[-1][1]:
                intervals[-1] = (intervals[-1][0], high)
        else:
            intervals.append((low, high))
    return tuple(intervals)
