"""Gives one verdict on a log over a period: verified, complete, covered. Pure over readers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shield.audit.checkpoint import SignedCheckpoint, VerifierKey
from shield.audit.retention import minimum_index
from shield.audit.verification import Report
from shield.audit.verify import MOST_READINGS, verify_log
from shield.evidence.completeness import Completeness, Tally
from shield.evidence.coverage import Coverage, CoverageBuilder
from shield.evidence.instance import ALONE, Instances
from shield.evidence.reading import Period, Source, entries


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The verdict on one origin. `coverage` is None where the log is empty and the period open."""

    origin: str
    verification: Report
    completeness: Completeness
    coverage: Coverage | None
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


def reconcile(
    source: Source,
    period: Period,
    *,
    key: VerifierKey | None = None,
    since: SignedCheckpoint | None = None,
    live: bool = False,
    max_gap: float | None = None,
    interval_us: int,
    instances: Instances = ALONE,
) -> Reconciliation:
    """Reads a log twice: verifies all of it, and counts the period.

    `key` and `since` as for `verify_log`. `live`: intents may still be in flight. `max_gap` (seconds) makes a
    longer gap a problem, except for time of which other logs of `instances` have evidence; without it gaps
    are only listed. `interval_us` is used where the log has no heartbeat yet. A log that is pruned meanwhile
    is read again, as for `verify_log`.
    """
    tries = 0
    while True:
        tries += 1
        verification = verify_log(source.reader, key=key, since=since)
        tally, coverage = Tally(period, verification.minimum_index), CoverageBuilder(period, interval_us)
        for entry in entries(source.reader):
            tally.take(entry)
            if entry.time:
                coverage.take(entry)
        verdict = judge(
            source.origin, verification, tally, coverage, live=live, max_gap=max_gap, instances=instances
        )
        pruned = minimum_index(source.reader) != verification.minimum_index
        if verdict.ok or not pruned or tries == MOST_READINGS:
            return verdict


def judge(
    origin: str,
    verification: Report,
    tally: Tally,
    coverage: CoverageBuilder,
    *,
    live: bool,
    max_gap: float | None,
    instances: Instances = ALONE,
) -> Reconciliation:
    """The verdict on what was verified and counted; `tally` and `coverage` have taken the whole log."""
    counts = tally.result()
    covered: Coverage | None
    try:
        covered = instances.bridge_all(origin, coverage.result())
    except ValueError:
        covered = None
    problems = [*_unverified(verification), *counts.problems(live=live)]
    if counts.records < verification.signed_size:
        problems.append(f"{verification.signed_size} records are signed, but only {counts.records} are there")
    if covered is not None and max_gap is not None and covered.longest_gap > max_gap:
        problems.append(f"a gap lasts {covered.longest_gap:.3f} s, more than the {max_gap:g} s allowed")
    return Reconciliation(origin, verification, counts, covered, tuple(problems))


def _unverified(report: Report) -> Sequence[str]:
    if report.ok:
        return ()
    return (f"the log does not verify: {report.problems[0]}",)
