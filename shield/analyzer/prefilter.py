"""One scan of a text says which patterns can match in it, and where a match can start.

Each pattern is weakened (see `weaken`) and compiled into one of a few Hyperscan databases. A pattern
whose weakened form does not fire has no match. Where it fires, the ends that Hyperscan reports and the
widths of the pattern bound the starts. A pattern that goes on without bound (e-mail) or far (URL) has
a second database of its own that reports starts; it is scanned only on texts where the pattern fired.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from shield.analyzer.scanner import (
    CASELESS,
    DOTALL,
    PREFILTER,
    START_OF_MATCH,
    Expression,
    ExpressionError,
    Scanner,
)
from shield.analyzer.weaken import Weakened, weaken

_GROUP = 12  # expressions of one database: all 173 in one take seven times as long to compile
_WIDE = 96  # from this width on, starts reported by Hyperscan are worth a scan of their own


@dataclass(frozen=True, slots=True)
class Starts:
    """Where matches of a pattern can start: sorted, disjoint, both bounds inclusive.

    `reach` is how many code points past its start a match attempt can touch; `None`: without bound.
    """

    intervals: tuple[tuple[int, int], ...]
    reach: int | None

    @classmethod
    def before(cls, ends: Sequence[int], back: int, reach: int | None) -> Starts:
        """Starts at most `back` code points before each of the ends of a trigger."""
        return cls(_merged([(max(0, end - back), end - 1) for end in ends]), reach)


@dataclass(frozen=True, slots=True)
class _Entry:
    weakened: Weakened
    starts: Scanner | None


class Prefilter:
    """`patterns` are (regex, flags) as `regex` compiles them; a pattern's id is its place."""

    def __init__(self, patterns: Sequence[tuple[str, int]]) -> None:
        weakened = [weaken(pattern, flags) for pattern, flags in patterns]
        known = {place: _expression(each) for place, each in enumerate(weakened) if each is not None}
        self._groups = _compiled(known)
        ids = {place for _, group in self._groups for place in group}
        self._entries = [
            _Entry(each, _starts(each)) if each is not None and place in ids else None
            for place, each in enumerate(weakened)
        ]
        self.always = tuple(i for i, entry in enumerate(self._entries) if entry is None)
        """The patterns that could not be weakened: no scan says anything of them."""

    def fired(self, folded: bytes) -> dict[int, list[int]]:
        """The ends at which the weakened patterns match the folded text, by pattern."""
        ends: dict[int, list[int]] = {}
        for scanner, group in self._groups:
            for expression, _, end in scanner.scan(folded):
                ends.setdefault(group[expression], []).append(end)
        return ends

    def fired_in_each(self, folded: Sequence[bytes]) -> list[dict[int, list[int]]]:
        """`fired` of each text, by one scan of all of them: a payload is many short texts.

        A line break between two texts is no word character, so no boundary is lost at their edges, and
        the weakened expressions have no anchors. One that matches across an edge fires in vain.
        """
        if len(folded) == 1:
            return [self.fired(folded[0])]
        firsts = list(accumulate((len(text) + 1 for text in folded), initial=0))
        each: list[dict[int, list[int]]] = [{} for _ in folded]
        for identifier, ends in self.fired(b"\n".join(folded)).items():
            for end in ends:
                # A match ends behind its last character, so at the latest at the end of its text.
                place = max(0, bisect_left(firsts, end) - 1)
                each[place].setdefault(identifier, []).append(end - firsts[place])
        return each

    def starts(self, identifier: int, ends: Sequence[int], folded: bytes) -> Starts | None:
        """Where matches of a pattern that fired can start; `None` where anywhere."""
        entry = self._entries[identifier]
        if entry is None:
            return None
        weakened = entry.weakened
        least = weakened.min_width
        if entry.starts is not None:
            spans = [(start, end - least) for _, start, end in entry.starts.scan(folded)]
        elif weakened.max_width is not None:
            most = weakened.max_width
            spans = [(max(0, end - most), end - least) for end in ends]
        else:
            return None
        reach = None
        if weakened.bounded and weakened.max_width is not None and weakened.lookahead is not None:
            reach = weakened.max_width + weakened.lookahead + 1
        return Starts(_merged(spans), reach)


def farthest(pattern: str, flags: int) -> int | None:
    """How far past its start an attempt to match can touch, in code points; `None`: without bound."""
    weakened = weaken(pattern, flags)
    if weakened is None or not weakened.bounded or weakened.max_width is None or weakened.lookahead is None:
        return None
    return weakened.max_width + weakened.lookahead + 1


def _expression(weakened: Weakened) -> Expression:
    return Expression(weakened.expression, DOTALL | (CASELESS if weakened.caseless else 0))


def _compiled(known: dict[int, Expression]) -> list[tuple[Scanner, list[int]]]:
    """Scanners over the expressions that compile, and which pattern each of their expressions is.

    An expression that is too large is tried once more as one that Hyperscan may weaken further.
    """
    groups = []
    waiting = list(known)
    known = dict(known)
    while waiting:
        group, waiting = waiting[:_GROUP], waiting[_GROUP:]
        try:
            groups.append((Scanner([known[place] for place in group]), group))
        except ExpressionError as error:
            bad = known[group[error.index]]
            if bad.flags & PREFILTER:
                del group[error.index]  # it runs on every text
            else:
                known[group[error.index]] = Expression(bad.text, bad.flags | PREFILTER)
            waiting = group + waiting
    return groups


def _starts(weakened: Weakened) -> Scanner | None:
    if weakened.max_width is not None and weakened.max_width <= _WIDE:
        return None
    expression = _expression(weakened)
    try:
        return Scanner([Expression(expression.text, expression.flags | START_OF_MATCH)])
    except ExpressionError:
        return None  # then the widths bound the starts, or nothing does


def _merged(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if merged and low <= merged[-1][1] + 1:
            if high > merged[-1][1]:
                merged[-1] = (merged[-1][0], high)
        else:
            merged.append((low, high))
    return tuple(merged)
