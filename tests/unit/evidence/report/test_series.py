from __future__ import annotations

import pytest

from shield.evidence.reading import microseconds
from shield.evidence.report.figure import short, ticks, time_ticks
from shield.evidence.report.series import MOST_SLICES, Slices
from shield.evidence.report.words import seconds, share
from tests.unit.evidence.stories import at

SECOND = 1_000_000


@pytest.mark.parametrize("length", [0, 1, 59, 3_600, 86_400, 31 * 86_400, 460 * 86_400, 40 * 366 * 86_400])
def test_a_period_has_few_slices_and_every_time_of_it_has_one(length: int) -> None:
    start = microseconds(at("03:02:01"))
    slices = Slices.of(start, start + length * SECOND)
    assert 1 <= slices.count <= MOST_SLICES
    assert slices.place(start) == 0 or slices.begins(slices.place(start)) <= at("03:02:01")
    assert slices.place(start + length * SECOND) == slices.count - 1
    for us in (start, start + length * SECOND // 2):
        begins = microseconds(slices.begins(slices.place(us)))
        assert begins <= us < begins + slices.step


@pytest.mark.parametrize("highest", [0, 1, 3, 7, 10, 99, 1_234, 5_000_000])
def test_ticks_are_whole_and_reach_the_highest(highest: int) -> None:
    found = ticks(highest)
    assert found[0] == 0
    assert found[-1] >= highest
    assert all(tick == int(tick) for tick in found)
    assert len(found) <= 6


@pytest.mark.parametrize("length", [5, 600, 86_400, 30 * 86_400, 460 * 86_400])
def test_time_ticks_lie_in_the_period(length: int) -> None:
    start = microseconds(at("03:02:01"))
    found = time_ticks(start, start + length * SECOND)
    assert 1 <= len(found) <= 9
    assert all(start <= us <= start + length * SECOND for us, _ in found)


def test_numbers_and_lengths_in_words() -> None:
    assert [short(value) for value in (0, 950, 12_300, 3_400_000)] == ["0", "950", "12.3 k", "3.4 M"]
    assert [seconds(value) for value in (0.42, 12.34, 250, 11_100, 1_051_200)] == [
        "0.42 s", "12.3 s", "4 min 10 s", "3 h 5 min", "12 d 4 h",
    ]  # fmt: skip


def test_a_share_never_says_all_or_nothing_falsely() -> None:
    assert share(1, 1) == "100 %"
    assert share(999_999, 1_000_000) == "> 99.9 %"
    assert share(1, 1_000_000) == "< 0.1 %"
    assert share(0, 5) == "0 %"
    assert share(0, 0) == "-"
