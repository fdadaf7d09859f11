"""The silence at the end of a log is a gap before a record ends it, by the rule of `reconcile`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shield.console.catalogue import OriginState
from shield.console.pages.ongoing import ongoing_gap
from shield.evidence.coverage import DEFAULT_INTERVAL_US, MISSED_BEATS
from tests.unit.audit.logs import ORIGIN

LAST = 1_900_000_000_000_000
LIMIT = MISSED_BEATS * DEFAULT_INTERVAL_US


def state(kind: str, last: int | None = LAST) -> OriginState:
    return OriginState(1, ORIGIN, "folder", 7, 0 if last is None else last - 1, last, kind)


@pytest.mark.parametrize(
    ("kind", "after", "reason"),
    [
        ("heartbeat", LIMIT, None),
        ("heartbeat", LIMIT + 1, "after_last_record"),
        ("shutdown", 1, "stopped"),
        ("shutdown", 0, None),
        ("shutdown", -1, None),
    ],
)
def test_it_begins_with_the_newest_record(kind: str, after: int, reason: str | None) -> None:
    gap = ongoing_gap(state(kind), LAST + after)
    assert (gap and (gap.start, gap.end, gap.reason, gap.place)) == (
        reason and (LAST, LAST + after, reason, None)
    )


@pytest.mark.parametrize("interval", [1_000_000, DEFAULT_INTERVAL_US, 3_600_000_000])
def test_it_is_a_gap_after_two_of_the_intervals_that_the_log_says(interval: int) -> None:
    lively = replace(state("heartbeat"), interval_us=interval)
    assert ongoing_gap(lively, LAST + MISSED_BEATS * interval) is None
    assert ongoing_gap(lively, LAST + MISSED_BEATS * interval + 1) is not None


def test_a_log_without_records_is_in_no_gap_of_its_own() -> None:
    assert ongoing_gap(state("", None), LAST) is None
