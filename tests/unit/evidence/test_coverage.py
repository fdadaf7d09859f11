"""The rule for an ongoing gap, and the periods to which a gap belongs."""

from __future__ import annotations

import pytest

from shield.evidence.coverage import Gap, GapFinder, GapReason, lasting_gap
from shield.evidence.reading import Period
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
