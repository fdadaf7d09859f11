from __future__ import annotations

from shield.supervisor.backoff import FIRST, MOST, STEADY, Backoff


def test_waits_double_up_to_a_bound() -> None:
    backoff = Backoff()
    waits = [backoff.after(0.0) for _ in range(12)]
    assert waits[:4] == [FIRST, 2 * FIRST, 4 * FIRST, 8 * FIRST]
    assert waits[-1] == MOST


def test_a_steady_run_begins_anew() -> None:
    backoff = Backoff()
    for _ in range(5):
        backoff.after(0.0)
    assert backoff.after(STEADY) == FIRST
