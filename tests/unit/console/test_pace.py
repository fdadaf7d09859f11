from __future__ import annotations

from http import HTTPStatus

import pytest

from shield.console.answers import RefusedError
from shield.console.pace import BURST, LONGEST_WAIT, PER_SECOND, Pace


def test_people_never_wait() -> None:
    pace = Pace()
    assert [pace.wait("mina", number / PER_SECOND) for number in range(500)] == [0.0] * 500
    assert sum(pace.wait("mina", 1000.0) for _ in range(BURST)) < 1e-6


def test_a_script_is_held_to_the_rate_and_nobody_else_is() -> None:
    pace, now, pages = Pace(), 100.0, 0
    while now < 110.0:  # one page after another, without pause
        now += pace.wait("script", now) + 0.001
        pages += 1
    assert pages == pytest.approx(BURST + 10 * PER_SECOND, abs=2)
    assert pace.wait("mina", now) == 0.0


def test_many_at_once_are_refused_beyond_the_longest_wait() -> None:
    pace = Pace()
    allowed = BURST + int(LONGEST_WAIT * PER_SECOND)
    waits = [pace.wait("script", 0.0) for _ in range(allowed)]
    assert max(waits) == pytest.approx(LONGEST_WAIT)
    with pytest.raises(RefusedError, match="too many requests") as refused:
        pace.wait("script", 0.0)
    assert refused.value.status == HTTPStatus.TOO_MANY_REQUESTS
    assert pace.wait("script", 0.2) <= LONGEST_WAIT  # refused requests are not counted


def test_those_who_are_due_are_forgotten() -> None:
    pace = Pace()
    for number in range(3000):
        pace.wait(f"user {number}", float(number))
    assert len(pace._due) <= 1000
