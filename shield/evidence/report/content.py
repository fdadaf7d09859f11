"""Writes a report in the order in which an auditor asks. Pure: facts in, blocks out."""

from __future__ import annotations

from collections.abc import Iterator

from shield.evidence.coverage import NOT_OVER
from shield.evidence.report.blocks import Block, Heading, KeyFigure, KeyFigures, Report, Text, Verdict
from shield.evidence.report.content_activity import exceptions, findings, tests, volume
from shield.evidence.report.content_checking import access, claims, sample, verify
from shield.evidence.report.content_control import configuration, criteria, evaluation
from shield.evidence.report.content_logs import completeness, coverage, integrity
from shield.evidence.report.criteria import CriteriaMap
from shield.evidence.report.evaluation import Card
from shield.evidence.report.facts import Facts
from shield.evidence.report.words import count, lasting, moment, seconds, share

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
            *integrity(facts),
            *completeness(facts),
            *coverage(facts),
            *volume(facts),
            *findings(facts),
            *exceptions(facts),
            *tests(facts),
            *configuration(facts),
            *evaluation(facts, card),
            *sample(facts),
            *access(facts),
            *criteria(facts, criteria_map),
            *claims(criteria_map),
            *verify(),
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
            pruned = facts.anchored.pruned
            but = f" but {count(pruned)}, which are older than what was pruned" if pruned else ""
            lines.append(
                f"They extend every head that the anchors kept{but}; the newest is of {moment(newest)}."
            )
        if facts.open_records:
            lines.append(
                f"{count(facts.open_records)} exceptions are open; that is a finding, not an error in the "
                "sums."
            )
        yield Verdict(ok=True, title="The logs verify, and their counts add up", lines=lines)
    if not facts.is_over:
        yield Text(f"{NOT_OVER} Make the report again once it is.")
    if facts.ongoing:
        named = "One gap" if len(facts.ongoing) == 1 else f"{count(len(facts.ongoing))} gaps"
        told = lasting(facts.ongoing)
        yield Text(f"{named} without evidence beside these exceptions, not over yet: {told}.", "warn")
    canaries = sum(log.reconciliation.completeness.canaries for log in facts.logs)
    requests = sum(log.reconciliation.completeness.requests for log in facts.logs) - canaries
    redacted = sum(facts.activity.decisions.get("forward_redacted", ()))
    unchanged = facts.sent("observe", "bypass")
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
