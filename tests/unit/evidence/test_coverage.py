"""The rule for an ongoing gap, and the periods to which a gap belongs."""

from __future__ import annotations

import pytest

from shield.audit.record import Kind
from shield.evidence.coverage import CoverageBuilder, Gap, GapFinder, GapReason, lasting_gap
from shield.evidence.reading import Entry, Period
from tests.unit.evidence.stories import at

LIMIT = 120_000_000


@pytest.mark.parametrize(
    ("stopped", "after", "reason"),
    [
        (False, LIMIT, None),
        (False, LIMIT + 1, GapReason.AFTER),
        (True, 1, GapReason.STOPPED),
        (True, 0, None),
        (True, -1, None),
        (False, -LIMIT - 1, None),
    ],
)
def test_when_silence_is_a_gap(stopped: bool, after: int, reason: GapReason | None) -> None:
    assert lasting_gap(7, 7 + after, stopped=stopped, limit_us=LIMIT) == reason


def test_a_log_without_records_is_in_no_gap_of_its_own() -> None:
    assert GapFinder().lasting(2**60) is None


@pytest.mark.parametrize(
    ("start", "end", "of"),
    [
        (None, None, True),
        ("00:00:00", "00:01:00", False),  # it begins with the period's end
        ("00:00:00", "00:01:01", True),
        ("00:02:00", "00:03:00", True),
        ("00:04:59", None, True),
        ("00:05:00", None, False),
        (None, "00:00:59", False),
    ],
)
def test_a_gap_is_of_each_period_that_it_overlaps(start: str | None, end: str | None, of: bool) -> None:
    gap = Gap(at("00:01:00"), at("00:05:00"), 240.0, GapReason.SILENT, 5)
    assert gap.overlaps(Period(start and at(start), end and at(end))) is of


def beat(index: int, clock: str, seconds: int) -> Entry:
    return Entry(index, Kind.HEARTBEAT, at(clock), b"", {"interval_us": seconds * 1_000_000})


@pytest.mark.parametrize(
    ("interval", "silence"), [(60, 120.0), (600, 1200.0), (3600, 7200.0), (10**6, 7200.0)]
)
def test_how_long_silence_is_no_gap_is_told_and_is_two_hours_at_most(interval: int, silence: float) -> None:
    builder = CoverageBuilder(Period())
    builder.take(beat(0, "00:00:00", interval))
    builder.take(beat(1, "02:00:01", interval))
    found = builder.result()
    assert found.silence_seconds == silence
    assert [gap.reason for gap in found.gaps] == [GapReason.SILENT]
    assert found.enabled_seconds == 0.0


def test_the_longest_silence_is_that_of_the_period() -> None:
    builder = CoverageBuilder(Period(at("01:00:00"), at("02:00:00")))
    for index, (clock, interval) in enumerate((("00:10:00", 3600), ("01:00:00", 60), ("02:10:00", 3600))):
        builder.take(beat(index, clock, interval))
    assert builder.result().silence_seconds == 120.0


def test_the_time_before_a_pruned_log_is_ended_by_its_first_record_that_is_left() -> None:
    builder = CoverageBuilder(Period(at("00:00:00"), None))
    builder.take(beat(256, "01:00:00", 60))
    (gap,) = builder.result().gaps
    assert (gap.reason, gap.record) == (GapReason.BEFORE, 256)
