from __future__ import annotations

import pytest

from shield.proxy.pace import Mean, Pace


def test_a_pace_is_unknown_until_the_queue_moves() -> None:
    pace = Pace()
    pace.began(5.0)
    assert pace.seconds is None
    assert pace.stalled(7.0) == 2.0


def test_a_pace_is_the_time_of_one_step_of_late() -> None:
    pace = Pace()
    pace.began(0.0)
    now = 0.0
    for _ in range(100):
        now += 0.02
        pace.moved(now)
    assert pace.seconds == pytest.approx(0.02)
    for _ in range(100):
        now += 0.2
        pace.moved(now)
    assert pace.seconds == pytest.approx(0.2, rel=0.01)


def test_steps_that_come_together_count_as_many() -> None:
    pace = Pace()
    pace.began(0.0)
    for turn in range(1, 200):
        for _ in range(8):
            pace.moved(turn * 0.016)
    assert pace.seconds == pytest.approx(0.002, rel=0.2)


def test_a_queue_that_was_empty_counts_from_when_it_is_not() -> None:
    pace = Pace()
    pace.began(0.0)
    pace.moved(0.02)
    pace.began(100.0)
    pace.moved(100.02)
    assert pace.seconds == pytest.approx(0.02)


def test_a_mean_begins_with_what_it_first_sees_and_forgets_it() -> None:
    mean = Mean()
    assert mean.value == 0.0
    mean.add(8.0)
    assert mean.value == 8.0
    for _ in range(200):
        mean.add(1.0)
    assert mean.value == pytest.approx(1.0, rel=0.01)
