"""The parts of a report on counts from outside the log: the metrics' counters, and others' counts. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shield.evidence.report.blocks import Block, Column, Heading, Table, Text
from shield.evidence.report.facts import Facts
from shield.evidence.report.words import count, moment, seconds

_DAYS = 40
"""A longer period has a row a month, so that all of it is there to read and to print."""
_LISTED = 20
_Sums = tuple[int, int, int]
"""Heartbeats, what the metrics counted, and what the log holds."""


def counters(facts: Facts) -> Iterator[Block]:
    """The metrics' counters in the heartbeats beside the records, and the given counts."""
    days: dict[str, _Sums] = {}
    for log in facts.logs:
        for day, found in log.reconciliation.completeness.metrics.by_day().items():
            days[day] = _added(days.get(day), found)
    if days:
        word, shown = ("day", days) if len(days) <= _DAYS else ("month", _by_month(days))
        yield Heading(f"Metrics beside the log, by {word}", "", 2)
        yield Text(
            "What the metrics counted between one heartbeat and the next, and what the log holds from there. "
            f"A {word} ends with its last heartbeat; requests that were in flight then are recorded in one "
            f"{word} and counted in the next. Canaries are in neither. counters.csv has it by hour."
        )
        columns = (
            Column(f"{word.title()} (UTC)", 1.4), Column("Heartbeats", 1, "number"),
            Column("Metrics", 1, "number"), Column("Log", 1, "number"),
        )  # fmt: skip
        yield Table(columns, [(name, *map(count, sums)) for name, sums in sorted(shown.items())])
    yield from _differences(facts)
    yield from _outside(facts)


def _added(before: _Sums | None, found: _Sums) -> _Sums:
    if before is None:
        return found
    return before[0] + found[0], before[1] + found[1], before[2] + found[2]


def _by_month(days: Mapping[str, _Sums]) -> dict[str, _Sums]:
    months: dict[str, _Sums] = {}
    for day, sums in days.items():
        month = day[: len("2031-05")]
        months[month] = _added(months.get(month), sums)
    return months


def _differences(facts: Facts) -> Iterator[Block]:
    rows = [
        (f"`{log.origin}#{it.record}`", moment(it.start), moment(it.end), seconds(it.seconds), it.what,
         count(it.counted), count(it.recorded))
        for log in facts.logs for it in log.reconciliation.completeness.metrics.differences
    ]  # fmt: skip
    if rows:
        yield Text("Between these heartbeats the metrics counted other requests than the log holds.", "warn")
        columns = (
            Column("Heartbeat", 2.2), Column("From", 1.4), Column("To", 1.4), Column("Length", 0.9, "number"),
            Column("What", 1), Column("Metrics", 0.8, "number"), Column("Log", 0.8, "number"),
        )  # fmt: skip
        yield Table(columns, rows[:_LISTED])
    left = [
        (f"`{log.origin}`", moment(it.start), moment(it.end), seconds(it.seconds), count(it.requests))
        for log in facts.logs for it in log.reconciliation.completeness.metrics.uncounted
    ]  # fmt: skip
    if left:
        yield Text("Recorded after the last heartbeat of a run, so held to no counter of the metrics:")
        spans = (
            Column("Log", 2.2), Column("From", 1.6), Column("To", 1.6), Column("Length", 1, "number"),
            Column("Requests", 1, "number"),
        )  # fmt: skip
        yield Table(spans, left[:_LISTED])


def _outside(facts: Facts) -> Iterator[Block]:
    given, metrics = facts.outside.count, facts.outside.metrics
    if given is None and metrics is None:
        return
    yield Heading("Counts of others", "", 2)
    rows = []
    if given is not None:
        rows.append(
            ("an upstream's or load balancer's", given.what, count(given.counted),
             _allowed(given.least, given.most), f"{given.off_by:+d}")
        )  # fmt: skip
    if metrics is not None:
        rows += [
            ("the metrics', as kept elsewhere", it.what, count(it.counted), _allowed(it.least, it.most),
             f"{it.off_by:+d}")
            for it in metrics.rows
        ]  # fmt: skip
    columns = (
        Column("Count", 2.2), Column("Of", 1.2), Column("Counted", 1, "number"),
        Column("The logs allow", 1.4, "number"), Column("Off by", 0.8, "number"),
    )  # fmt: skip
    tolerance = given.tolerance if given is not None else metrics.tolerance if metrics is not None else 0
    yield Table(columns, rows, f"Up to {tolerance} off was allowed." if tolerance else "")


def _allowed(least: int | None, most: int | None) -> str:
    if least is None:
        return f"at most {count(most or 0)}"
    if most is None:
        return f"at least {count(least)}"
    return count(least) if least == most else f"{count(least)} to {count(most)}"
