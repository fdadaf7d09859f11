"""What findings cover of a text, asked in logarithmic time: a long text has many of both."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate

from shield.domain import Finding


class Covered:
    """The spans of findings, in whatever order they come. Immutable."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        spans = sorted((each.start, each.end) for each in findings)
        self._starts = [start for start, _ in spans]
        # The farthest end among those that start no later.
        self._reach = [0, *accumulate((end for _, end in spans), max)]

    def hold(self, start: int, end: int) -> bool:
        """Whether `[start, end)` lies within one of them."""
        return self._reach[bisect_right(self._starts, start)] >= end

    def meet(self, start: int, end: int) -> bool:
        """Whether one of them has a code point of `[start, end)`."""
        return self._reach[bisect_left(self._starts, end)] > start
