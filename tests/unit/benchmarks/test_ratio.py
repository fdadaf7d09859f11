"""Percentiles over rounds, and the confidence of a ratio of two measurements."""

from __future__ import annotations

import pytest

from benchmarks.ratio import percentile, percentile_interval, ratio_interval

STEADY = [[1.0] * 99 + [float(place)] for place in range(2, 12)]


def test_a_percentile_is_of_all_rounds_together_by_nearest_rank() -> None:
    assert percentile([[4.0, 1.0], [3.0, 2.0]], 50) == 2.0
    assert percentile([[4.0, 1.0], [3.0, 2.0]], 99) == 4.0
    assert percentile([[5.0]], 50) == 5.0


def test_rounds_that_agree_leave_no_doubt() -> None:
    found = percentile_interval([[1.0, 2.0]] * 5, 99)
    assert (found.low, found.value, found.high) == (2.0, 2.0, 2.0)


def test_one_bad_round_widens_the_interval_and_not_the_median() -> None:
    stalled = [*STEADY[:-1], [50.0] * 100]
    assert ratio_interval(stalled, STEADY, 50).value == pytest.approx(1.0)
    found = ratio_interval(stalled, STEADY, 99)
    assert found.low < found.value <= found.high
    assert found.low < 2 < found.high


def test_twice_as_slow_is_two_and_alike_is_one() -> None:
    doubled = [[2 * value for value in values] for values in STEADY]
    found = ratio_interval(doubled, STEADY, 99)
    assert (found.low, found.value, found.high) == (2.0, 2.0, 2.0)
    alike = ratio_interval(STEADY, STEADY, 99)
    assert (alike.low, alike.value, alike.high) == (1.0, 1.0, 1.0)
