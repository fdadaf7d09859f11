"""An inspection's clock measures its stages, and stops the inspection when its time is over."""

from __future__ import annotations

import pytest

from shield.analyzer.attempt import Attempt
from shield.domain import no_check
from shield.errors import DeadlineExceededError
from shield.proxy.inspection_run import Attempts
from shield.proxy.stage_clock import IdleClock, StageClock


class Now:
    """A clock that the test moves forward."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_the_time_between_two_marks_is_the_stage_of_the_second() -> None:
    now = Now()
    clock = StageClock(now, 200.0)
    for stage, seconds in (("decode", 1.0), ("analyze", 2.0), ("decode", 4.0)):
        now.seconds += seconds
        clock.mark(stage)
    assert clock.seconds == {"decode": 5.0, "analyze": 2.0}


def test_a_check_raises_once_the_deadline_is_over() -> None:
    now = Now()
    clock = StageClock(now, 110.0)
    now.seconds = 110.0
    clock.check()
    now.seconds = 110.5
    with pytest.raises(DeadlineExceededError):
        clock.check()


def test_the_detectors_behind_the_patterns_have_their_own_end() -> None:
    now = Now()
    clock = StageClock(now, 110.0, rest=108.0)
    now.seconds = 108.0
    clock.check_rest()
    now.seconds = 109.0
    clock.check()
    with pytest.raises(DeadlineExceededError):
        clock.check_rest()
    alone = StageClock(now, 110.0)
    alone.check_rest()
    now.seconds = 111.0
    with pytest.raises(DeadlineExceededError):
        alone.check_rest()


def test_what_begins_too_late_does_not_begin() -> None:
    now = Now()
    clock = StageClock(now, 110.0)
    now.seconds = 111.0
    with pytest.raises(DeadlineExceededError):
        clock.begin(lambda: 0.0)
    assert clock.seconds == {"queue": 11.0}


def test_what_was_waited_for_others_is_the_queue_and_no_other_stage() -> None:
    now = Now()
    clock = StageClock(now, 200.0)

    def let_others() -> float:
        now.seconds += 5.0
        return 5.0

    now.seconds += 1.0
    clock.begin(let_others)
    now.seconds += 2.0
    clock.check()
    clock.check_rest()
    clock.mark("analyze")
    assert clock.seconds == {"queue": 11.0, "analyze": 2.0}


def test_what_an_idle_inspection_waits_for_others_is_none_of_its_own_seconds() -> None:
    now = Now()

    def let_others() -> float:
        now.seconds += 50.0
        return 50.0

    clock = IdleClock(now, 3.0, let_others)
    for _ in range(3):
        now.seconds += 1.0
        clock.check()
    now.seconds += 0.5
    with pytest.raises(DeadlineExceededError):
        clock.check()


def test_an_attempt_that_makes_do_has_what_the_one_before_found() -> None:
    attempts = Attempts()
    assert attempts.dispensable  # nothing has begun
    attempts.begun = True
    body = attempts.attempt("body", no_check)
    assert not attempts.dispensable  # its patterns are in progress
    body.begin_rest([[]])
    assert attempts.dispensable
    body.done = True
    assert not attempts.dispensable
    settled = attempts.settled()
    assert settled.reduced
    again = settled.attempt("body", no_check)
    assert (again.reduced, again.found) == (True, [[]])
    other = settled.attempt("path", no_check)  # which had not begun
    assert (other.reduced, other.found) == (True, None)
    assert isinstance(other, Attempt)
