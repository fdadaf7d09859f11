"""The figures of a report: volume, latency, findings by type, exceptions, coverage. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

from shield.evidence.reading import microseconds
from shield.evidence.report.facts import Facts
from shield.evidence.report.figure import WIDTH, Bar, Figure, Label, Line, Mark, short, ticks, time_ticks
from shield.evidence.report.series import Activity, Slices

DECISIONS = ("forward_redacted", "forward", "observe", "bypass", "block", "reject")
DECISION_WORDS = {
    "forward_redacted": "redacted and forwarded",
    "forward": "forwarded, nothing found",
    "observe": "observed, forwarded unchanged",
    "bypass": "bypassed",
    "block": "blocked",
    "reject": "rejected",
}
_LEFT, _RIGHT, _TOP, _BOTTOM = 58.0, 12.0, 12.0, 26.0
_MOST_TYPES = 14
_HEAT = 4


class _Time:
    """The horizontal axis: the slices of the period, between two margins."""

    def __init__(self, slices: Slices, left: float = _LEFT, right: float = WIDTH - _RIGHT) -> None:
        self.slices = slices
        self.left, self.right = left, right
        self.end = slices.start + slices.count * slices.step

    def x(self, us: int) -> float:
        share = (us - self.slices.start) / (self.end - self.slices.start)
        return self.left + min(max(share, 0.0), 1.0) * (self.right - self.left)

    @property
    def slot(self) -> float:
        return (self.right - self.left) / self.slices.count

    def axis(self, y: float) -> list[Mark]:
        marks: list[Mark] = [Line(((self.left, y), (self.right, y)), "axis")]
        for us, text in time_ticks(self.slices.start, self.end):
            x = self.x(us)
            marks.append(Line(((x, y), (x, y + 4)), "axis"))
            anchor = "start" if x < self.left + 24 else "end" if x > self.right - 24 else "middle"
            marks.append(Label(x, y + 18, text, anchor=anchor, size=11))
        return marks


def volume(activity: Activity) -> Figure:
    """Stacked bars: requests a slice, by decision; a tick below where the configuration changed."""
    height, time = 250.0, _Time(activity.slices)
    bottom = height - _BOTTOM - 10
    present = [name for name in DECISIONS if name in activity.decisions]
    totals = [
        sum(activity.decisions[name][place] for name in present) for place in range(activity.slices.count)
    ]
    levels = ticks(max(totals, default=0))
    scale = (bottom - _TOP) / levels[-1]
    marks: list[Mark] = _levels(levels, bottom, scale, time)
    thin = min(1.0, time.slot * 0.18)
    for place in range(activity.slices.count):
        y = bottom
        for name in present:
            count = activity.decisions[name][place]
            if count:
                tall = count * scale
                y -= tall
                hint = f"{activity.slices.begins(place)[:19]}Z: {count:,} {DECISION_WORDS[name]}"
                marks.append(Bar(time.left + place * time.slot, y, time.slot - thin, tall, name, hint))
    for place, count in enumerate(activity.changes):
        if count:
            x = time.left + (place + 0.5) * time.slot
            marks.append(Bar(x - 1.5, bottom + 2, 3, 7, "change", f"{count} configuration records"))
    marks += time.axis(bottom + 10)
    legend = [(name, DECISION_WORDS[name]) for name in present]
    if any(activity.changes):
        legend.append(("change", "configuration loaded"))
    per = _length(activity.slices)
    return Figure(
        f"Requests in each {per}, by decision; at most {max(totals, default=0):,}", height, marks, legend
    )


def latency(activity: Activity) -> Figure:
    """Lines: p50, p95, p99 of what the shield added, on a logarithmic scale of milliseconds."""
    height, time = 220.0, _Time(activity.slices)
    bottom = height - _BOTTOM
    known = [value / 1000 for each in activity.latency_us if each for value in each]
    if not known:
        return Figure("No request was inspected in this period", 40, [Label(_LEFT, 24, "nothing measured")])
    low, high = math.floor(math.log10(min(known))), math.ceil(math.log10(max(known)))
    high = max(high, low + 1)

    def y(ms: float) -> float:
        return bottom - (math.log10(ms) - low) / (high - low) * (bottom - _TOP)

    marks: list[Mark] = []
    for power in range(low, high + 1):
        at = y(10.0**power)
        marks.append(Line(((time.left, at), (time.right, at)), "grid"))
        marks.append(Label(time.left - 8, at + 4, f"{10.0**power:g} ms", anchor="end", size=11))
    for number, role in ((2, "p99"), (1, "p95"), (0, "p50")):
        for run in _runs(activity.latency_us):
            points = [
                (time.left + (place + 0.5) * time.slot, y(each[number] / 1000))
                for place in run
                if (each := activity.latency_us[place]) is not None
            ]
            if len(points) == 1:
                x, at = points[0]
                marks.append(Bar(x - 2, at - 2, 4, 4, role))
            else:
                marks.append(Line(tuple(points), role, 1.8))
    marks += time.axis(bottom)
    legend = [("p50", "half of the requests (p50)"), ("p95", "95 % (p95)"), ("p99", "99 % (p99)")]
    return Figure("Milliseconds that the shield added, by slice of the period", height, marks, legend)


def findings(activity: Activity) -> Figure:
    """One row a type: a bar for the values of the period, their number, and their course."""
    rows = list(activity.found[:_MOST_TYPES])
    if not rows:
        return Figure("No personal data was found in this period", 40, [Label(0, 24, "nothing found")])
    tall, left, bar_end, spark = 24.0, 190.0, 560.0, 660.0
    highest = max(each.values for each in rows)
    marks: list[Mark] = []
    for number, each in enumerate(rows):
        top = 4 + number * tall
        base = top + tall / 2 + 4
        marks.append(Label(left - 10, base, each.entity, "ink", "end"))
        wide = max(1.5, each.values / highest * (bar_end - left))
        marks.append(
            Bar(left, top + 5, wide, tall - 10, "bar", f"{each.values:,} in {each.requests:,} requests")
        )
        marks.append(Label(left + wide + 8, base, f"{each.values:,}", "muted"))
        marks += _spark(each.by_slice, spark, WIDTH - _RIGHT, top + 4, top + tall - 5)
    height = 10 + len(rows) * tall
    return Figure("Values found, by type; at the right their course over the period", height, marks)


def _spark(values: Sequence[int], left: float, right: float, top: float, bottom: float) -> list[Mark]:
    highest = max(values, default=0) or 1
    slot = (right - left) / max(1, len(values))
    marks: list[Mark] = [Line(((left, bottom), (right, bottom)), "grid")]
    for place, value in enumerate(values):
        if value:
            tall = max(1.0, value / highest * (bottom - top))
            marks.append(Bar(left + place * slot, bottom - tall, max(0.8, slot * 0.85), tall, "spark"))
    return marks


def exceptions(activity: Activity) -> Figure:
    """One row a kind: a cell a slice, darker where there were more."""
    if not activity.exceptions:
        return Figure("No exception in this period", 40, [Label(0, 24, "no exception in this period")])
    tall = 22.0
    time = _Time(activity.slices, left=150.0, right=WIDTH - 70.0)
    marks: list[Mark] = []
    highest = max(max(row) for row in activity.exceptions.values())
    for number, (kind, row) in enumerate(activity.exceptions.items()):
        top = 4 + number * tall
        marks.append(Label(time.left - 10, top + 14, kind, "ink", "end"))
        marks.append(Bar(time.left, top + 2, time.right - time.left, tall - 6, "heat0"))
        for place, count in enumerate(row):
            if count:
                level = 1 + min(_HEAT - 1, int((_HEAT - 1) * math.log1p(count) / math.log1p(max(highest, 1))))
                hint = f"{activity.slices.begins(place)[:19]}Z: {count:,}"
                marks.append(
                    Bar(
                        time.left + place * time.slot,
                        top + 2,
                        max(2.0, time.slot),
                        tall - 6,
                        f"heat{level}",
                        hint,
                    )
                )
        marks.append(Label(time.right + 10, top + 14, f"{sum(row):,}", "muted"))
    bottom = 6 + len(activity.exceptions) * tall
    marks += time.axis(bottom)
    legend = [("heat1", "few"), ("heat4", f"most ({highest:,} in a slice)")]
    return Figure("Exceptions by kind over the period", bottom + _BOTTOM, marks, legend)


def coverage(facts: Facts) -> Figure:
    """One row an origin: the time that its records cover, and the gaps in it."""
    tall = 26.0
    time = _Time(facts.activity.slices, left=12.0, right=WIDTH - 90.0)
    marks: list[Mark] = []
    for number, log in enumerate(facts.logs):
        top = 18 + number * (tall + 14)
        covered = log.reconciliation.coverage
        marks.append(Label(time.left, top - 5, log.origin, "ink"))
        if covered is None:
            continue
        start, end = time.x(microseconds(covered.start)), time.x(microseconds(covered.end))
        marks.append(Bar(start, top, end - start, tall - 10, "covered", f"{covered.enabled_seconds:,.0f} s"))
        for gap in covered.gaps:
            at, until = time.x(microseconds(gap.start)), time.x(microseconds(gap.end))
            hint = f"{gap.start[:19]}Z, {gap.detail}"
            marks.append(Bar(at, top, max(2.0, until - at), tall - 10, "gap", hint))
        share = 100 * covered.enabled_seconds / covered.seconds if covered.seconds else 100.0
        marks.append(Label(time.right + 10, top + 13, f"{share:.2f} %", "ink"))
    bottom = 14 + len(facts.logs) * (tall + 14)
    marks += time.axis(bottom)
    legend = [("covered", "evidenced by records"), ("gap", "no record")]
    return Figure("Time that the records cover, by origin", bottom + _BOTTOM, marks, legend)


def _levels(levels: Sequence[float], bottom: float, scale: float, time: _Time) -> list[Mark]:
    marks: list[Mark] = []
    for level in levels:
        y = bottom - level * scale
        marks.append(Line(((time.left, y), (time.right, y)), "grid"))
        marks.append(Label(time.left - 8, y + 4, short(level), anchor="end", size=11))
    return marks


def _runs(values: Sequence[object]) -> list[list[int]]:
    """The indices of adjacent values that are known, run by run."""
    runs: list[list[int]] = []
    for place, value in enumerate(values):
        if value is None:
            continue
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _length(slices: Slices) -> str:
    seconds = slices.step // 1_000_000
    for unit, name in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds % unit == 0 and seconds >= unit:
            count = seconds // unit
            return name if count == 1 else f"{count} {name}s"
    return "slice"
