"""Formats numbers and times for readers. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from shield.evidence.exceptions import Ongoing

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_TO_SECOND = len("2031-05-04T03:02:01")


def count(value: int) -> str:
    """With commas between thousands."""
    return f"{value:,}"


def moment(time: str) -> str:
    """A record's time, to the second."""
    return time[:_TO_SECOND].replace("T", " ")


def seconds(value: float) -> str:
    """A length of time: 0.42 s, 12.3 s, 4 min 10 s, 3 h 5 min, 12 d 4 h."""
    if value < _MINUTE:
        return f"{value:.2f} s" if value < 1 else f"{value:.1f} s"
    whole = round(value)
    for unit, name, below, small in (
        (_DAY, "d", _HOUR, "h"),
        (_HOUR, "h", _MINUTE, "min"),
        (_MINUTE, "min", 1, "s"),
    ):
        if whole >= unit:
            rest = whole % unit // below
            return f"{whole // unit} {name}" + (f" {rest} {small}" if rest else "")
    return f"{whole} s"


def lasting(gaps: Iterable[Ongoing]) -> str:
    """Gaps that nothing has ended yet: of which log, since when, how long, and why."""
    return "; ".join(
        f"`{gap.origin}` since {moment(gap.start)}, {seconds(gap.seconds)} so far "
        f"({gap.reason.value.replace('_', ' ')}{gap.aside})"
        for gap in gaps
    )


def milliseconds(micros: float) -> str:
    """A number of milliseconds, to three digits: 6.83, 176, 1,090."""
    return f"{float(format(micros / 1000, '.3g')):,.7g}"


def share(part: float, whole: float, digits: int = 1) -> str:
    """A percentage; it says 100 % only where nothing is missing, and 0 % only where there is nothing."""
    if not whole:
        return "-"
    percent = 100 * part / whole
    rounded = round(percent, digits)
    if rounded in (0.0, 100.0) and percent != rounded:
        return f"{'<' if rounded == 0 else '>'} {abs(rounded - 10**-digits):.{digits}f} %"
    return f"{rounded:.{digits}f} %" if rounded not in (0.0, 100.0) else f"{rounded:.0f} %"
