"""Draws line charts as SVG for the documents: no library, no font, colours distinct in black and white."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from shield.evidence.report.figure import short, ticks

_WIDTH, _HEIGHT = 720.0, 300.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 64.0, 16.0, 44.0, 48.0
_COLOURS = ("#1f5fa8", "#c2571a", "#3b8a4a", "#7a4fa3")
_DASHES = ("", "6 3", "2 3", "8 3 2 3")


@dataclass(frozen=True, slots=True)
class Line:
    """One series: its name and its points, x rising."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart; `shaded` is a highlighted range of x, with a label."""

    title: str
    x: str
    y: str
    lines: Sequence[Line]
    shaded: tuple[float, float, str] | None = None


def svg(chart: Chart) -> str:
    """The chart as a whole SVG document."""
    xs = [x for line in chart.lines for x, _ in line.points] or [0.0]
    ys = [y for line in chart.lines for _, y in line.points] or [0.0]
    x_ticks, y_ticks = ticks(max(xs), 6), ticks(max(ys))
    wide, high = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def at(x: float, y: float) -> tuple[float, float]:
        return _LEFT + wide * x / x_ticks[-1], _TOP + high * (1 - y / y_ticks[-1])

    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img" '
            f'aria-label="{escape(chart.title)}" font-family="sans-serif" font-size="11">'
        ),
        f'<rect width="{_WIDTH:g}" height="{_HEIGHT:g}" fill="#fff"/>',
        f'<text x="{_LEFT:g}" y="16" font-size="13" font-weight="bold">{escape(chart.title)}</text>',
    ]
    if chart.shaded is not None:
        begin, end, word = chart.shaded
        left, right = at(begin, 0)[0], at(end, 0)[0]
        parts.append(
            f'<rect x="{left:.1f}" y="{_TOP:g}" width="{right - left:.1f}" height="{high:g}" fill="#eee"/>'
            f'<text x="{left + 4:.1f}" y="{_TOP + 12:g}" fill="#555">{escape(word)}</text>'
        )
    for value in y_ticks:
        x, y = at(0, value)
        parts.append(
            f'<line x1="{x:g}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT:g}" y2="{y:.1f}" stroke="#ddd"/>'
            f'<text x="{x - 6:g}" y="{y + 4:.1f}" text-anchor="end">{short(value)}</text>'
        )
    for value in x_ticks:
        x, y = at(value, 0)
        parts.append(f'<text x="{x:.1f}" y="{y + 16:g}" text-anchor="middle">{short(value)}</text>')
    parts.append(
        f'<text x="{_LEFT + wide / 2:g}" y="{_HEIGHT - 10:g}" text-anchor="middle">{escape(chart.x)}</text>'
        f'<text x="14" y="{_TOP + high / 2:g}" text-anchor="middle" '
        f'transform="rotate(-90 14 {_TOP + high / 2:g})">{escape(chart.y)}</text>'
    )
    for number, line in enumerate(chart.lines):
        colour, dash = _COLOURS[number % 4], _DASHES[number % 4]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(*point) for point in line.points))
        legend = _LEFT + 150 * number
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.8" '
            f'stroke-dasharray="{dash}"/>'
            f'<line x1="{legend:g}" y1="30" x2="{legend + 24:g}" y2="30" stroke="{colour}" '
            f'stroke-width="1.8" stroke-dasharray="{dash}"/>'
            f'<text x="{legend + 30:g}" y="34">{escape(line.name)}</text>'
        )
    parts.append("</svg>")
    return "\n".join(parts) + "\n"
