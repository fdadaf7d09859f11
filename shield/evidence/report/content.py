"""What a report says, in the order in which an auditor asks. Pure: facts in, blocks out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from shield.audit.record import Kind
from shield.evidence.coverage import NOT_OVER
from shield.evidence.report import plots
from shield.evidence.report.blocks import (
    Block,
    Column,
    Heading,
    Items,
    KeyFigure,
    KeyFigures,
    Plot,
    Report,
    Table,
    Text,
    Verdict,
)
from shield.evidence.report.content_anchors import anchors
from shield.evidence.report.content_control import configuration, criteria, evaluation
from shield.evidence.report.content_counts import counters
from shield.evidence.report.criteria import CriteriaMap
from shield.evidence.report.evaluation import Card
from shield.evidence.report.facts import Facts
from shield.evidence.report.words import count, moment, seconds, share
from shield.telemetry.attestation_series import JUDGED

_GAPS = 20
_PROBLEMS = 12


def write_report(facts: Facts, criteria_map: CriteriaMap, card: Card) -> Report:
    """The whole report."""
    title = f"Evidence report: {facts.title}" if facts.title else "Evidence report"
    origins = ", ".join(f"`{log.origin}`" for log in facts.logs)
    return Report(
        title,
        f"{moment(facts.start)} to {moment(facts.end)} (UTC). Logs: {origins}",
        f"Made {moment(facts.generated)} UTC by shield {facts.version} from signed logs. "
        "Check it with `verify.sh` of its pack, not with this page.",
        [
            *_summary(facts),
            *_integrity(facts),
            *_completeness(facts),
            *_coverage(facts),
            *_volume(facts),
            *_findings(facts),
            *_exceptions(facts),
            *_tests(facts),
            *configuration(facts),
            *evaluation(facts, card),
            *_sample(facts),
            *_access(facts),
            *criteria(facts, criteria_map),
            *_claims(criteria_map),
            *_verify(),
        ],
    )


def _summary(facts: Facts) -> Iterator[Block]:
    yield Heading("Summary", "summary")
    problems = facts.problems
    if problems:
        more = [f"and {len(problems) - _PROBLEMS} more"] if len(problems) > _PROBLEMS else []
        yield Verdict(ok=False, title="The evidence does not hold", lines=[*problems[:_PROBLEMS], *more])
    else:
        lines = [
            "Every record was recomputed: hashes, tree, signatures and the order of the records.",
            "The counts add up: each request has one record; each forwarded one an end, or an unknown one.",
        ]
        if facts.anchored.folders:
            newest = max(folder.last for folder in facts.anchored.folders)
            lines.append(f"They extend every head that the anchors kept, the newest of {moment(newest)}.")
        if facts.open_records:
            lines.append(
                f"{count(facts.open_records)} exceptions are open; that is a finding, not an error in the "
                "sums."
            )
        yield Verdict(ok=True, title="The logs verify, and their counts add up", lines=lines)
    if not facts.is_over:
        yield Text(f"{NOT_OVER} Make the report again once it is.")
    canaries = sum(log.reconciliation.completeness.canaries for log in facts.logs)
    requests = sum(log.reconciliation.completeness.requests for log in facts.logs) - canaries
    redacted = sum(facts.activity.decisions.get("forward_redacted", ()))
    unchanged = sum(sum(facts.activity.decisions.get(name, ())) for name in ("observe", "bypass"))
    enabled, period = _enabled(facts)
    yield KeyFigures(
        [
            KeyFigure(
                "Requests",
                count(requests),
                f"and {count(canaries)} canaries" if canaries else "in the period",
            ),
            KeyFigure("Redacted", share(redacted, requests), f"{count(redacted)} of them"),
            KeyFigure("Values found", count(facts.activity.values), f"{len(facts.activity.found)} types"),
            KeyFigure(
                "Passed unchanged",
                count(unchanged),
                "observed or bypassed",
                "bad" if unchanged else "good",
            ),
            KeyFigure("Time evidenced", share(enabled, period, 2), f"of {seconds(period)}, all logs"),
            KeyFigure(
                "Open exceptions",
                count(facts.open_records),
                f"of {count(facts.exceptional_records)}",
                "bad" if facts.open_records else "good",
            ),
        ]
    )


def _enabled(facts: Facts) -> tuple[float, float]:
    covered = [log.reconciliation.coverage for log in facts.logs if log.reconciliation.coverage]
    return sum(each.enabled_seconds for each in covered), sum(each.seconds for each in covered)


def _integrity(facts: Facts) -> Iterator[Block]:
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


def _completeness(facts: Facts) -> Iterator[Block]:
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
    shares = (*[1.0] * (len(numbers) - 1), 1.4)
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
    uninspected = sum(log.reconciliation.completeness.uninspected_bytes for log in facts.logs)
    if uninspected:
        yield Text(
            f"{count(uninspected)} bytes were forwarded without inspection: by field rules, as opaque "
            "content (files in texts, which a route keeps), or in a bypass."
        )

    yield from counters(facts)


def _coverage(facts: Facts) -> Iterator[Block]:
    yield Heading("When the control was on", "coverage")
    yield Plot(
        plots.coverage(facts),
        "A record at least every two heartbeat intervals covers the time. Down time between runs is "
        "always a gap, "
        "however short. Short gaps are drawn wider than they are.",
    )
    gaps = [(log, gap) for log in facts.logs if (c := log.reconciliation.coverage) for gap in c.gaps]
    if not gaps:
        yield Text("There is no gap in the period.")
        return
    longest = sorted(gaps, key=lambda it: -it[1].seconds)[:_GAPS]
    rows = [
        (
            f"`{log.origin}`",
            moment(gap.start),
            moment(gap.end),
            seconds(gap.seconds),
            gap.reason.value.replace("_", " "),
            "" if gap.record is None else f"#{gap.record}",
        )
        for log, gap in longest
    ]
    named = "One gap" if len(gaps) == 1 else f"{count(len(gaps))} gaps"
    caption = f"{named}; gaps.csv has all of them." + (
        f" The longest {_GAPS} are shown." if len(gaps) > _GAPS else ""
    )
    columns = (
        Column("Log", 2), Column("From", 1.6), Column("To", 1.6), Column("Length", 1, "number"),
        Column("Reason", 1.2), Column("Ended by", 0.8, "number"),
    )  # fmt: skip
    yield Table(columns, rows, caption)


def _volume(facts: Facts) -> Iterator[Block]:
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
        p50, p95, p99 = (value / 1000 for value in activity.overall_us)
        yield Text(
            f"Over the period: p50 {p50:.3g} ms, p95 {p95:.3g} ms, p99 {p99:.3g} ms, each right to 4 %. "
            "It is the sum of the "
            "stages in each record; neither the network nor the wait for the disk is in it."
        )
    yield Plot(plots.latency(activity))


def _findings(facts: Facts) -> Iterator[Block]:
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


def _exceptions(facts: Facts) -> Iterator[Block]:
    yield Heading("Exceptions", "exceptions")
    yield Plot(
        plots.exceptions(facts.activity),
        "Each departure from the normal course, by kind. A record with several kinds is counted in each.",
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


def _tests(facts: Facts) -> Iterator[Block]:
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
        forwarded = (
            facts.activity.decisions.get(name, ()) for name in ("forward", "forward_redacted", "observe")
        )
        yield Text(
            f"{count(judged)} writes were read back from storage and compared, of "
            f"{count(sum(map(sum, forwarded)))} requests that were forwarded after inspection; each is in "
            "read_backs.csv."
        )


def _sample(facts: Facts) -> Iterator[Block]:
    yield Heading("The sample", "sample")
    if facts.seed_given:
        yield Text(f"Chosen by the seed `{facts.seed}` from {count(facts.population)} requests.")
    else:
        yield Text(
            f"Chosen by the seed `{facts.seed}` from {count(facts.population)} requests. **The seed was "
            "taken from the heads of the "
            "logs, because none was given.** Choose your own after the period, and make the report again "
            "with --seed.",
            "warn",
        )
    if facts.beyond_head:
        yield Text(
            f"{count(facts.beyond_head)} requests are not yet under a signed head, so not in the population."
        )
    yield Table(
        (Column("Stratum", 3), Column("Population", 1, "number"), Column("Chosen", 1, "number")),
        [(f"`{name}`", count(of), count(size)) for name, (of, size) in sorted(facts.strata.items())],
    )
    yield Table(
        (Column("Request", 2), Column("Stratum", 1.6), Column("Record; its proof lies beside it", 3)),
        [(f"`{item.id}`", f"`{item.stratum}`", f"`{item.file}`") for item in facts.sample],
        "sample.json has for each the record, its outcome, policy and model in force, and how to check them.",
    )


def _access(facts: Facts) -> Iterator[Block]:
    if not facts.accesses:
        return
    yield Heading("Who accessed the evidence", "access")
    rows = [(f"`{action}`", count(number)) for action, number in sorted(facts.accesses.items())]
    yield Table(
        (Column("Action", 3), Column("Records", 1, "number")), rows, "Each with its user in access.csv."
    )


def _claims(criteria_map: CriteriaMap) -> Iterator[Block]:
    yield Heading("What this does not show", "limits")
    yield Items(list(criteria_map.limits))


def _verify() -> Iterator[Block]:
    yield Heading("How to check all of this", "verify")
    yield Text(
        "With `bash`, coreutils and `openssl`, on the folder that this page came in, and with keys that "
        "came to you from "
        "elsewhere:"
    )
    yield Text("`bash verify.sh SEED VKEY...`")
    yield Items(
        [
            "the signature of `MANIFEST`, and that every file is as it says: an edited table is found here",
            "that the tables add up to `counts.csv`, counted again",
            "that the seed chooses these requests and no others",
            "that each record of the sample is under the signed head of its log (RFC 6962, Ed25519)",
            "that each document has the digest that the records name",
        ]
    )
    yield Text("`VERIFY.md` says what each step shows, and what none of them can show.")
