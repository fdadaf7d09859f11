"""A gap after a worker's orderly end is bridged as far as other workers of its instance have evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from shield.audit.record import Kind
from shield.evidence.coverage import GapFinder, GapReason, gap_between
from shield.evidence.exceptions import find_exceptions, ongoing_gap
from shield.evidence.instance import Evidence, Instances, evidence_of, instance_of
from shield.evidence.reading import Period, Source, entries, microseconds
from shield.evidence.reconcile import Reconciliation, reconcile
from shield.evidence.register import OPEN, RESOLVED, read_register
from tests.unit.evidence.stories import Story, Wall, at, source_of, tell

FIRST, SECOND, THIRD = (f"shield.test/worker-{number}" for number in range(3))
GAP = gap_between(100_000_000, 200_000_000, GapReason.STOPPED, 7)


def instances(**others: Evidence) -> Instances:
    return Instances({it.origin: (lambda it=it: it) for it in others.values()})


def evidence(origin: str, start: int, end: int, *gaps: tuple[int, int]) -> Evidence:
    return Evidence(origin, start * 1_000_000, end * 1_000_000, [(a * 10**6, b * 10**6) for a, b in gaps])


@pytest.mark.parametrize(
    ("origin", "instance"),
    [
        (FIRST, "shield.test"),
        ("a/worker-12", "a"),
        ("shield.test", None),
        ("shield.test/worker-0/register", None),
        ("worker-1", None),
    ],
)
def test_workers_share_the_origin_before_their_number(origin: str, instance: str | None) -> None:
    assert instance_of(origin) == instance


@pytest.mark.parametrize(
    ("other", "through", "unseen"),
    [
        (evidence(SECOND, 0, 300), (SECOND,), 0.0),
        (evidence(SECOND, 100, 200), (SECOND,), 0.0),
        (evidence(SECOND, 0, 300, (50, 100), (200, 250)), (SECOND,), 0.0),
        (evidence(SECOND, 150, 300), (SECOND,), 50.0),
        (evidence(SECOND, 0, 300, (120, 130)), (SECOND,), 10.0),
        (evidence(SECOND, 0, 300, (50, 250)), (), None),
        (evidence(SECOND, 0, 100), (), None),
        (evidence(SECOND, 200, 300), (), None),
        (evidence("other.test/worker-1", 0, 300), (), None),
        (evidence(FIRST, 0, 300), (), None),
    ],
    ids=[
        *("all the time", "just so long", "gaps beside it", "begun later", "with a gap of its own"),
        *("in the same gap", "ended before", "begun after", "another instance", "the log itself"),
    ],
)
def test_a_gap_says_through_which_log_the_control_was_on(
    other: Evidence, through: tuple[str, ...], unseen: float | None
) -> None:
    gap = instances(other=other).bridge(FIRST, GAP)
    assert (gap.through, gap.unseen) == (through, unseen)
    assert gap.is_bridged == (unseen == 0.0)
    assert gap.without_control == (100.0 if unseen is None else unseen)
    assert (gap.start, gap.end, gap.seconds, gap.record) == (GAP.start, GAP.end, 100.0, 7)


def test_a_log_with_a_single_record_in_a_gap_shows_nothing_of_it() -> None:
    moment = evidence(SECOND, 0, 300, (100, 150), (150, 200))
    assert instances(second=moment).bridge(FIRST, GAP) == GAP


def test_several_logs_may_have_it_together() -> None:
    second, third = evidence(SECOND, 0, 160), evidence(THIRD, 150, 300)
    gap = instances(second=second, third=third).bridge(FIRST, GAP)
    assert gap.detail == f"100.000 s, stopped; the control was on through {SECOND}, {THIRD}"
    gap = instances(second=second).bridge(FIRST, GAP)
    assert gap.detail == (
        f"100.000 s, stopped; 40.000 s of it are in no log; for the rest, the control was on through {SECOND}"
    )
    alone = evidence(THIRD, 0, 300)
    assert instances(second=second, third=alone).bridge(FIRST, GAP).through == (THIRD,)


@pytest.mark.parametrize(("silent", "unseen"), [(100, 0.0), (99, 80.0)])
def test_who_was_silent_for_too_long_had_ended_with_its_last_record(silent: int, unseen: float) -> None:
    second = replace(evidence(SECOND, 0, 100), silent=silent * 1_000_000)
    third = evidence(THIRD, 100, 120)
    assert instances(second=second, third=third).bridge(FIRST, GAP).unseen == unseen


@pytest.mark.parametrize("reason", sorted(set(GapReason) - {GapReason.STOPPED}))
def test_only_an_orderly_end_is_looked_at(reason: GapReason) -> None:
    gap = gap_between(100_000_000, 200_000_000, reason, 7)
    assert instances(other=evidence(SECOND, 0, 300)).bridge(FIRST, gap) == gap


def beats(*clocks: str) -> Callable[[Story], None]:
    return lambda story: [story.beat(clock) for clock in clocks] and None


async def replaced(directory: Path) -> list[Source]:
    """Logs of two workers, replaced at 01:00 and 02:00; the third log is the extra worker's."""
    await tell(directory, beats("01:00:00"), wall=Wall("00:59:00"), origin=FIRST)
    await tell(directory, beats("01:02:00", "01:03:00"), wall=Wall("01:01:00"), origin=FIRST)
    await tell(directory, beats("01:01:00"), wall=Wall("00:59:30"), origin=THIRD)
    await tell(directory, beats("01:00:00", "01:01:30"), wall=Wall("00:59:00"), origin=SECOND)
    await tell(directory, beats("01:03:00"), wall=Wall("01:02:30"), origin=SECOND)
    return [source_of(directory, origin) for origin in (FIRST, SECOND, THIRD)]


def reconciled(source: Source, sources: list[Source], max_gap: float | None = None) -> Reconciliation:
    return reconcile(
        source, Period(), max_gap=max_gap, interval_us=60_000_000, instances=Instances.of(sources)
    )


async def test_a_rolling_reload_leaves_no_time_without_the_control(tmp_path: Path) -> None:
    sources = await replaced(tmp_path)
    for source in sources:
        alone, together = (reconciled(source, it, max_gap=1.0) for it in ([source], sources))
        assert alone.ok == (source.origin == THIRD)
        assert together.ok, together.problems
        assert together.coverage is not None
        assert together.coverage.enabled_seconds == together.coverage.seconds


async def test_its_gaps_are_resolved_exceptions_that_say_why(tmp_path: Path) -> None:
    sources = await replaced(tmp_path)
    for among, state in (([sources[0]], OPEN), (sources, RESOLVED)):
        found = find_exceptions(FIRST, entries(sources[0].reader), instances=Instances.of(among))
        (exception,) = [it for it in found if "gap" in it.kinds]
        standing = read_register(None).standing(exception)
        assert standing.state == state
        assert (SECOND in standing.ticket) == (SECOND in exception.detail) == (state == RESOLVED)


async def test_a_gap_that_lasts_is_none_while_another_worker_runs(tmp_path: Path) -> None:
    sources = await replaced(tmp_path)
    finder = GapFinder()
    for entry in entries(sources[2].reader):
        finder.take(entry)
    for end, lasts in (("01:03:00", False), ("01:20:00", True)):
        period, now = Period(end=at(end)), microseconds(at(end))
        found = ongoing_gap(THIRD, finder, period, now, Instances.of(sources))
        assert (found is not None) == lasts
        assert ongoing_gap(THIRD, finder, period, now) is not None


async def test_what_came_after_a_crash_is_a_gap_of_the_other_log(tmp_path: Path) -> None:
    await tell(tmp_path, beats("01:00:00", "02:00:00"), wall=Wall("01:00:00"), origin=FIRST)
    records = [it for it in entries(source_of(tmp_path, FIRST).reader) if it.kind != Kind.SHUTDOWN]
    assert evidence_of(FIRST, records).gaps == [(microseconds(at("01:00:00")), microseconds(at("02:00:00")))]
    # A run without an orderly end may be alive for two more heartbeats.
    found = evidence_of(FIRST, records)
    assert (found.end, found.silent) == (microseconds(at("02:00:00")), 120_000_000)
