"""Sections on what was done: volume, findings, exceptions, tests of the control."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from shield.audit.record import Kind
from shield.evidence.report import plots
from shield.evidence.report.blocks import Block, Column, Heading, Plot, Table, Text
from shield.evidence.report.facts import Facts
from shield.evidence.report.words import count, lasting, milliseconds, moment
from shield.telemetry.attestation_series import JUDGED


def volume(facts: Facts) -> Iterator[Block]:
    """How many requests each route had, what was decided, and the latency added."""
    activity = facts.activity
    yield Heading("Volume and decisions", "volume")
    figure = plots.volume(activity)
    yield Plot(figure, f"{figure.title} in one slice. A mark below the axis: a configuration was loaded.")
    routes: dict[str, Counter[str]] = {}
    for (route, decision), number in activity.routes.items():
        routes.setdefault(route, Counter())[decision] += number
    present = [name for name in plots.DECISIONS if name in activity.decisions]
    columns = [Column("Route", 1.6)]
    columns += [Column(plots.DECISION_WORDS[name].split(",")[0], 1, "number") for name in present]
    rows = [
        (f"`{route}`", *(count(counts[name]) for name in present), count(counts.total()))
        for route, counts in sorted(routes.items())
    ]
    yield Table((*columns, Column("All", 1, "number")), rows)
    yield Heading("Latency that the shield added", "", 2)
    if activity.overall_us is not None:
        p50, p95, p99 = (milliseconds(value) for value in activity.overall_us)
        yield Text(
            f"Over the period: p50 {p50} ms, p95 {p95} ms, p99 {p99} ms, each right to 4 %. "
            "It is the sum of the "
            "stages in each record; neither the network nor the wait for the disk is in it."
        )
    yield Plot(plots.latency(activity))


def findings(facts: Facts) -> Iterator[Block]:
    """Which types were found, by what, and what became of them."""
    activity = facts.activity
    yield Heading("What was found, and what became of it", "findings")
    yield Plot(plots.findings(activity), "Values found, by type; at the right their course over the period.")
    rows = [
        (
            f"`{each.entity}`",
            count(each.values),
            count(each.requests),
            ", ".join(each.operators),
            ", ".join(f"`{name}`" for name in each.recognizers),
            f"{each.min_score:.2f}",
        )
        for each in activity.found
    ]
    if rows:
        columns = (
            Column("Type", 1.5), Column("Values", 0.8, "number"), Column("Requests", 0.9, "number"),
            Column("Operators", 1.1), Column("Recognizers", 3.2), Column("Least score", 0.8, "number"),
        )  # fmt: skip
        yield Table(columns, rows, "`keep` is an operator too: such values were found, counted and left.")


def exceptions(facts: Facts) -> Iterator[Block]:
    """Each departure from the normal course, and its standing."""
    yield Heading("Exceptions", "exceptions")
    yield Plot(
        plots.exceptions(facts.activity),
        "Each departure from the normal course, by kind. A record with several kinds is counted in each.",
    )
    if facts.ongoing:
        yield Text(
            "Not among them, since no record has ended it that could be acknowledged, is silence that still "
            f"lasts: {lasting(facts.ongoing)}.",
            "warn",
        )
    kinds = sorted({kind for kind, _ in facts.exceptions})
    states = ("open", "acknowledged", "resolved")
    if not kinds:
        return
    rows = [
        (f"`{kind}`", *(count(facts.exceptions.get((kind, state), 0)) for state in states)) for kind in kinds
    ]
    yield Table((Column("Kind", 2), *(Column(state.capitalize(), 1, "number") for state in states)), rows)
    rows = [
        (
            f"`{it.exception.id}`",
            moment(it.exception.time),
            "\n".join(it.exception.kinds),
            it.exception.detail,
            it.standing.state + (f"\n{it.standing.owner}\n{it.standing.ticket}" if it.standing.owner else ""),
        )
        for it in facts.listed
    ]
    columns = (
        Column("Record", 2.2),
        Column("Time", 1.4),
        Column("Kinds", 1.2),
        Column("Detail", 2.6),
        Column("State", 1.4),
    )
    caption = f"All {count(facts.exceptional_records)} are in exceptions.csv."
    if facts.exceptional_records > len(rows):
        caption += f" The first {len(rows)} are shown, open ones first."
    yield Table(columns, rows, caption)


def tests(facts: Facts) -> Iterator[Block]:
    """Canaries, and writes that were read back from storage."""
    yield Heading("Continuous tests of the control", "tests")
    if not facts.tests:
        yield Text("No canary was sent and nothing was read back from storage in this period.", "quiet")
        return
    yield Text("Synthetic values sent through the live path, and stored objects compared with their record.")
    rows = [
        (kind.replace("_", " "), result, count(number))
        for (kind, result), number in sorted(facts.tests.items())
    ]
    yield Table((Column("Test"), Column("Result"), Column("Records", 1, "number")), rows)
    judged = sum(facts.tests.get((Kind.READ_BACK, result), 0) for result in JUDGED)
    if judged:
        forwarded = facts.sent("forward", "forward_redacted", "observe")
        yield Text(
            f"{count(judged)} writes were read back from storage and compared, of "
            f"{count(forwarded)} requests that were forwarded after inspection; each is in "
            "read_backs.csv."
        )
