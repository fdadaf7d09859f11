"""Runs `regex` searches without a time limit, where it is known beforehand that they end soon.

Checking the clock takes three times as long as most searches. It is not needed where the work is
bounded: by the expression, whose attempts touch a bounded part of the text in a counted number of ways
(`effort`), or by the text, where what an attempt can consume ends soon (`effort.Run`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from shield.analyzer.expressions.effort import Run
from shield.analyzer.expressions.equivalents import Cheaper
from shield.analyzer.expressions.prefilter import Starts

SOON: Final = 10_000_000
"""Steps, as an upper bound, of a search that takes at most some tenths of a second."""


def soon(starts: Starts, cheaper: Cheaper, text: str) -> list[Any] | None:
    """The matches from these starts, if the search surely ends soon; `None` where that is not known."""
    intervals, reach, run = starts
    if reach is None:
        if run is not None and cheaper.brief is not None:
            return _within_runs(cheaper.compiled, text, intervals, run, SOON // cheaper.brief)
        return None
    effort = cheaper.effort
    if effort is None:
        return None
    compiled = cheaper.compiled
    found = []
    position = 0
    for low, high in intervals:
        limit = high + reach
        if (limit - low) * effort > SOON:
            return None
        if position:
            low = max(low, position)  # noqa: PLW2901  # matches do not overlap
        while low <= high:
            # One place to start from needs no search.
            match = compiled.match(text, low, limit) if low == high else compiled.search(text, low, limit)
            if match is None or match.start() > high:
                break  # a match from here on belongs to another interval, and may be cut short in this one
            found.append(match)
            low = position = match.end()  # noqa: PLW2901  # as above
    return found


def _within_runs(
    compiled: Any, text: str, intervals: Sequence[tuple[int, int]], run: Run, most: int
) -> list[Any] | None:
    """Start by start, as a search would go on beyond the last one; at most `most` starts per interval."""
    found = []
    position = 0
    for low, high in intervals:
        low = max(low, position)  # noqa: PLW2901  # as above
        if low > high:
            continue
        limit = run.limit(text, low, high)
        if limit is None or high - low >= most:
            return None
        while low <= high:
            match = compiled.match(text, low, limit)
            if match is None:
                low += 1  # noqa: PLW2901  # as above
            else:
                found.append(match)
                low = position = match.end()  # noqa: PLW2901  # as above
    return found
