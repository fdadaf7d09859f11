"""Drawings as data: marks in a box, coloured by role, for a page's SVG or a PDF's vector drawing. Pure.

Lengths are CSS pixels, the origin is the top left corner. A role names what a mark stands for; each renderer
gives it a colour.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from shield.evidence.reading import microseconds

WIDTH = 960.0
TEXT_SIZE = 12.0
_WANTED_TICKS = 7  # on an axis of times, at most
_MINUTE, _DAY = 60, 86_400
_LAST_US = (datetime.max.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)

# Light and dark, by role. Distinguishable for all kinds of colour vision; each is also named by a word.
COLOURS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "ink": ("#1d2732", "#e3e9ef"),
        "muted": ("#5c6a78", "#94a2b0"),
        "grid": ("#e4e9ee", "#27323c"),
        "axis": ("#b8c2cc", "#4a5763"),
        "forward": ("#a9c1d6", "#54718a"),
        "forward_redacted": ("#2d6c9c", "#5b9bcd"),
        "observe": ("#dda63a", "#dba84a"),
        "bypass": ("#c44e36", "#e0725b"),
        "block": ("#75699f", "#9c90c9"),
        "reject": ("#c3cad1", "#66727d"),
        "p50": ("#2d6c9c", "#5b9bcd"),
        "p95": ("#7f9fb8", "#7f9fb8"),
        "p99": ("#c07a2c", "#dda05a"),
        "covered": ("#3b8a6f", "#4fa588"),
        "gap": ("#c44e36", "#e0725b"),
        "bar": ("#2d6c9c", "#5b9bcd"),
        "spark": ("#7f9fb8", "#7f9fb8"),
        "change": ("#75699f", "#9c90c9"),
        "heat0": ("#f3f5f7", "#1b242c"),
        "heat1": ("#f0d9c8", "#4a3226"),
        "heat2": ("#e2a987", "#7d4a33"),
        "heat3": ("#cb7550", "#b3623f"),
        "heat4": ("#a84a29", "#e58a63"),
    }
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled rectangle; `hint` is what a pointer shows."""

    x: float
    y: float
    width: float
    height: float
    role: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A path through points."""

    points: tuple[tuple[float, float], ...]
    role: str
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Label:
    """Text on its base line; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    role: str = "muted"
    anchor: str = "start"
    size: float = TEXT_SIZE


Mark = Bar | Line | Label


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing. `title` describes it for readers who cannot see it; `legend` is (role, word)."""

    title: str
    height: float
    marks: Sequence[Mark]
    legend: Sequence[tuple[str, str]] = ()
    width: float = WIDTH


def ticks(highest: float, wanted: int = 4) -> list[float]:
    """Round numbers from 0 to the first one that is not below `highest`."""
    if highest <= 0:
        return [0.0, 1.0]
    raw = highest / wanted
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw)
    if highest >= 1:
        step = max(1.0, step)  # counts have no halves
    return [step * number for number in range(math.ceil(highest / step) + 1)]


def short(value: float) -> str:
    """A number in few characters: 950, 1.2 k, 3.4 M."""
    for limit, unit in ((1e9, " G"), (1e6, " M"), (1e4, " k")):
        if value >= limit:
            scaled = value / (1e3 if unit == " k" else limit)
            return f"{scaled:.1f}".removesuffix(".0") + unit
    return f"{value:,.0f}" if value == int(value) else f"{value:.2g}"


def time_ticks(start: int, end: int) -> list[tuple[int, str]]:
    """(microseconds since 1970, text) at round times of UTC."""
    span = max(1, end - start) / 1e6
    steps = (1, 5, 15, 60, 300, 900, 3_600, 3 * 3_600, 6 * 3_600, 12 * 3_600, 86_400, 2 * 86_400, 7 * 86_400)
    step = next((step for step in steps if span / step <= _WANTED_TICKS), 0)
    if not step:
        return _months(start, end)
    if step < _MINUTE:
        form = "%H:%M:%S"
    elif span <= _DAY:
        form = "%H:%M"
    else:
        form = "%-d %b %H:%M" if step < _DAY else "%-d %b"
    at = -(-start // (step * 1_000_000)) * step * 1_000_000
    found = []
    while at <= end:
        found.append((at, _moment(at).strftime(form)))
        at += step * 1_000_000
    return found


def _months(start: int, end: int) -> list[tuple[int, str]]:
    first, last = _moment(start), _moment(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    step = max(1, -(-months // _WANTED_TICKS))
    found = []
    for number in range(1, months + 1, step):
        year, month = divmod(first.month - 1 + number, 12)
        moment = datetime(first.year + year, month + 1, 1, tzinfo=UTC)
        found.append((microseconds(moment.isoformat()), moment.strftime("%b %Y")))
    return found


def _moment(us: int) -> datetime:
    """The time, limited: the last slice of a period up to 9999-12-31 ends beyond what a date can be."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=min(us, _LAST_US))
