"""A body is inspected in full in its time, else by the patterns, whatever becomes of the full attempt."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from shield.analyzer.attempt import Attempt
from shield.app import two_attempts
from shield.app.two_attempts import TwoAttempts
from shield.domain import Check, Finding, Redaction
from shield.errors import DeadlineExceededError, MalformedBodyError

LONG = 1000.0
FOUND = [[Finding(0, 4, "PERSON", 1.0, "Some")]]


@pytest.fixture
def let_go() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_it_is_in_full_where_that_is_done_in_time() -> None:
    attempts, now = TwoAttempts(time.monotonic), time.monotonic()

    def inspect(_: Check, attempt: Attempt) -> Redaction:
        assert not attempt.reduced
        return Redaction(b"in full")

    assert attempts.run(inspect, now + LONG, now + LONG).body == b"in full"
    assert not attempts.hangs


def test_without_time_for_the_rest_only_the_patterns_are_run() -> None:
    attempts, now = TwoAttempts(time.monotonic), time.monotonic()

    def inspect(_: Check, attempt: Attempt) -> Redaction:
        assert attempt.reduced
        assert attempt.found is None
        return Redaction(b"by patterns")

    assert attempts.run(inspect, now, now + LONG).body == b"by patterns"


def test_what_gives_up_when_the_time_of_the_rest_is_over_leaves_what_it_found() -> None:
    """The clock goes on by ten seconds at each look."""
    seconds = iter(range(0, 1000, 10))
    attempts = TwoAttempts(lambda: float(next(seconds)))

    def inspect(_: Check, attempt: Attempt) -> Redaction:
        if not attempt.reduced:
            attempt.begin_rest(FOUND)
            while True:
                attempt.rest()
        assert attempt.found == FOUND
        return Redaction(b"by patterns")

    assert attempts.run(inspect, 100.0, LONG).body == b"by patterns"
    assert not attempts.hangs


def test_one_that_hangs_behind_the_patterns_is_left_behind(
    let_go: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(two_attempts, "LAST_SECONDS", 0.0)
    attempts, now = TwoAttempts(time.monotonic), time.monotonic()

    def inspect(_: Check, attempt: Attempt) -> Redaction:
        if not attempt.reduced:
            attempt.begin_rest(FOUND)
            let_go.wait()
        return Redaction(b"by patterns")

    assert attempts.run(inspect, now + 0.2, now + LONG).body == b"by patterns"
    assert attempts.hangs


def test_one_that_hangs_before_the_patterns_are_through_ends_at_the_deadline(
    let_go: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(two_attempts, "LAST_SECONDS", 0.0)
    attempts, now = TwoAttempts(time.monotonic), time.monotonic()

    def inspect(check: Check, attempt: Attempt) -> Redaction:
        if not attempt.reduced:
            let_go.wait()
        check()
        raise AssertionError

    with pytest.raises(DeadlineExceededError):
        attempts.run(inspect, now + 0.1, now + 0.2)
    assert attempts.hangs


def test_what_the_full_attempt_raises_is_raised() -> None:
    attempts, now = TwoAttempts(time.monotonic), time.monotonic()

    def inspect(_: Check, __: Attempt) -> Redaction:
        raise MalformedBodyError

    with pytest.raises(MalformedBodyError):
        attempts.run(inspect, now + LONG, now + LONG)
