"""Sections on what the logs themselves show: integrity, completeness, time covered."""

from __future__ import annotations

from collections.abc import Iterator

from shield.evidence.report import plots
from shield.evidence.report.blocks import Block, Column, Heading, Plot, Table, Text
from shield.evidence.report.content_anchors import anchors
from shield.evidence.report.content_counts import counters
from shield.evidence.report.facts import Facts
from shield.evidence.report.words import count, moment, seconds

_GAPS = 20


def integrity(facts: Facts) -> Iterator[Block]:
    """That each log verifies as a whole, and agrees with the heads that the anchors kept."""
    yield Heading("Integrity of the logs", "integrity")
    yield Text(
        "Each log is an RFC 6962 Merkle tree with an Ed25519-signed head. All of it was recomputed, not "
        "only the period. "
        "Compare key and root with those that were kept where the operator has no access: this page "
        "cannot do that for you."
    )
    rows = []
    for log in facts.logs:
        report = log.reconciliation.verification
        rows.append(
            (
                f"`{log.origin}`",
                count(report.size),
                f"{count(log.head_size)}\n`{log.head_root}`",
                f"`{log.vkey}`",
                "**verified**" if report.ok else f"**not verified**: {report.problems[0]}",
            )
        )
    columns = (
        Column("Log", 2.2),
        Column("Records", 1, "number"),
        Column("Signed head: size, root", 2.6),
        Column("Key", 2.8),
        Column("Result", 1.4),
    )
    yield Table(columns, rows)
    for log in facts.logs:
        for notice in log.reconciliation.verification.notices:
            yield Text(f"`{log.origin}`: {notice}.", "quiet")
    yield from anchors(facts)


def completeness(facts: Facts) -> Iterator[Block]:
    """That the records add up, among themselves and with the counts from outside the log."""
    yield Heading("Completeness", "completeness")
    yield Text(
        "requests = intents + bypasses + rejected, and intents + bypasses = outcomes + unknown. A request "
        "belongs to the "
        "period in which it was recorded. The second check comes from outside the log: at each heartbeat "
        "the number of recorded requests must lie between those that the proxy itself counted as finished "
        "and as started, and of each outcome as many must be recorded as its metrics counted."
    )
    rows = []
    for log in facts.logs:
        counts = log.reconciliation.completeness
        differ = max(len(counts.counter_mismatches), counts.metrics.difference_count)
        rows.append(
            (
                f"`{log.origin}`",
                count(counts.requests),
                count(counts.intents),
                count(counts.bypasses),
                count(counts.rejected),
                count(counts.outcomes),
                count(counts.unknown),
                count(counts.open),
                f"{count(counts.counter_checks)} / {count(differ)}",
            )
        )
    numbers = (
        "Requests", "Intents", "Bypasses", "Rejected", "Outcomes", "Unknown", "Open", "Heartbeats / differ",
    )  # fmt: skip
    shares = (1.0, 0.95, 1.0, 1.0, 1.0, 0.95, 0.75, 1.15)  # by their words: narrow enough for 1,200 pixels
    columns = (Column(name, share, "number") for name, share in zip(numbers, shares, strict=True))
    yield Table((Column("Log", 2.4), *columns), rows)
    unknown = sum(log.reconciliation.completeness.unknown for log in facts.logs)
    if unknown:
        yield Text(
            f"Of {count(unknown)} forwarded requests no end is known, since the process was killed before it "
            "was on disk. The intent is there before a write goes out; the outcome is not waited for before "
            "the answer goes back. So among these may be writes that the upstream took and whose client had "
            "its answer: only the upstream can tell, by time, route and the digest of what was forwarded."
        )
    if facts.unsent:
        unsent = [f"{name.replace('_', ' ')} {count(number)}" for name, number in facts.unsent.items()]
        yield Text(
            f"Of {count(sum(facts.unsent.values()))} intents and bypasses nothing was sent, since a stop "
            f"came first (result draining): {', '.join(unsent)}. They are in these sums alone."
        )
    uninspected = sum(log.reconciliation.completeness.uninspected_bytes for log in facts.logs)
    if uninspected:
        yield Text(
            f"{count(uninspected)} bytes were forwarded without inspection: by field rules, as opaque "
            "content (files in texts, which a route keeps), or in a bypass."
        )

    yield from counters(facts)


def _silence(facts: Facts) -> str:
    """How long a run could be silent unseen, by log."""
    limits = {c.silence_seconds for log in facts.logs if (c := log.reconciliation.coverage)}
    return " or ".join(map(seconds, sorted(limits))) or "no log has any"


def coverage(facts: Facts) -> Iterator[Block]:
    """When the control was on, and each gap."""
    yield Heading("When the control was on", "coverage")
    yield Plot(
        plots.coverage(facts),
        f"A record at least every two heartbeat intervals ({_silence(facts)}) covers the time; a shorter "
        "silence within a run is no gap. Down time between runs is "
        "always a gap, however short, also where other workers of the instance had the traffic: the table "
        "says so, and that time counts as evidenced. Short gaps are drawn wider than they are.",
    )
    gaps = [(log, gap) for log in facts.logs if (c := log.reconciliation.coverage) for gap in c.gaps]
    if not gaps:
        yield Text("There is no gap in the period.")
        return
    longest = sorted(gaps, key=lambda it: (-it[1].without_control, -it[1].seconds))[:_GAPS]
    rows = [
        (
            f"`{log.origin}`",
            moment(gap.start),
            moment(gap.end),
            seconds(gap.seconds),
            gap.reason.value.replace("_", " ") + gap.aside,
            f"#{gap.record}" if gap.record is not None else "lasts" if log.ongoing else "",
        )
        for log, gap in longest
    ]
    named = "One gap" if len(gaps) == 1 else f"{count(len(gaps))} gaps"
    caption = f"{named}; gaps.csv has all of them." + (
        f" The longest {_GAPS} are shown." if len(gaps) > _GAPS else ""
    )
    columns = (
        Column("Log", 2), Column("From", 1.6), Column("To", 1.6), Column("Length", 1, "number"),
        Column("Reason", 2.4), Column("Ended by", 0.8, "number"),
    )  # fmt: skip
    yield Table(columns, rows, caption)
