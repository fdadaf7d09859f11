"""The bars of the overview: requests by decision over time. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from shield.console.sums import Counts

DECISIONS = ("forward", "forward_redacted", "observe", "bypass", "block", "reject")
MOST_BARS = 400
"""A year of days. For a longer period one bar covers several, so that a page costs no more than that."""

_WIDTH, _HEIGHT, _LEFT, _FLOOR = 900, 190, 46, 165
_TICKS = 8
_TICK = 70
"""The approximate width of a tick's label."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One step of the chart, from `start` to before `end` in seconds: `parts` are (decision, y, height)."""

    x: float
    width: float
    start: int
    end: int
    whole: int
    decisions: Mapping[str, int]
    parts: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart in pixels; `ticks` and `lines` are (place, value). A bar has `units` of the sums' units."""

    width: int
    height: int
    units: int
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, int], ...]
    lines: tuple[tuple[float, int], ...]
    used: tuple[str, ...]


def chart(counts: Counts) -> Chart:
    """A bar for each hour or day, or for several of them; only those in which there was something."""
    whole = max(1, -(-(counts.end - counts.start) // counts.unit))
    units = -(-whole // MOST_BARS)
    length = units * counts.unit
    number = -(-whole // units)
    merged: dict[int, Counter[str]] = {}
    for start, decisions in sorted(counts.steps.items()):
        merged.setdefault((start - counts.start) // length, Counter()).update(decisions)
    most = _round_up(max((each.total() for each in merged.values()), default=0))
    step = (_WIDTH - _LEFT) / number
    bars = []
    for place, decisions in merged.items():
        parts: list[tuple[str, float, float]] = []
        y = float(_FLOOR)
        for decision in DECISIONS:
            if count := decisions[decision]:
                height = count / most * (_FLOOR - 12)
                y -= height
                parts.append((decision, round(y, 2), round(max(height, 0.5), 2)))
        start = counts.start + place * length
        x, width = round(_LEFT + place * step, 2), round(max(0.5, step * 0.82), 2)
        bars.append(Bar(x, width, start, start + length, decisions.total(), decisions, tuple(parts)))
    return Chart(
        _WIDTH,
        _HEIGHT,
        units,
        tuple(bars),
        tuple(
            (round(_LEFT + place * step, 2), counts.start + place * length)
            for place in range(0, number, max(1, number // _TICKS))
            if _LEFT + place * step <= _WIDTH - _TICK  # its label would be cut off
        ),
        tuple((round(_FLOOR - part * (_FLOOR - 12), 2), round(most * part)) for part in (0, 0.5, 1)),
        tuple(name for name in DECISIONS if counts.decisions.get(name)),
    )


def _round_up(value: int) -> int:
    """Round up to 1, 2 or 5 times a power of ten."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            if value <= digit * power:
                return max(2, digit * power)
        power *= 10
