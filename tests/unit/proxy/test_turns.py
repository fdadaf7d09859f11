"""Tests named after the rule in `shield.proxy.turns`. The clock is the test's; threads wait for gates."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.proxy.turns import FIRST_SECONDS, NEXT_SECONDS, Turns


class Run:
    """Pieces of work, each a list of seconds between its pauses; `order` is who ran which step when."""

    def __init__(self, works: list[list[float]]) -> None:
        self.now = 0.0
        self.turns = Turns(lambda: self.now)
        self.order: list[tuple[int, int]] = []
        self.works = works
        self._entered = threading.Semaphore(0)

    def play(self) -> list[tuple[int, int]]:
        hold = self.turns.enter()  # so that all ask in order before the first begins
        with ThreadPoolExecutor(len(self.works)) as threads:
            results = []
            for number in range(len(self.works)):
                results.append(threads.submit(self._work, number))
                while len(self.turns._waiting) <= number:
                    threading.Event().wait(0.0001)
            del hold
            self.turns.leave()
            for result in results:
                result.result(10)
        assert not self.turns._taken
        return self.order

    def _work(self, number: int) -> None:
        turn = self.turns.enter()
        try:
            for step, seconds in enumerate(self.works[number]):
                self.order.append((number, step))
                self.now += seconds
                self.turns.pause(turn)
        finally:
            self.turns.leave()


SHORT, LONG = FIRST_SECONDS / 5, FIRST_SECONDS * 2


def test_turns_are_given_in_the_order_in_which_they_were_asked_for() -> None:
    assert Run([[SHORT], [SHORT], [SHORT]]).play() == [(0, 0), (1, 0), (2, 0)]


def test_a_usual_body_is_not_interleaved() -> None:
    assert Run([[SHORT] * 3, [SHORT] * 3]).play() == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]


def test_a_turn_lasts_until_it_has_used_up_its_time_and_another_waits() -> None:
    order = Run([[LONG, NEXT_SECONDS, NEXT_SECONDS, 0.0], [SHORT], [SHORT]]).play()
    assert order == [(0, 0), (1, 0), (2, 0), (0, 1), (0, 2), (0, 3)]


def test_long_ones_alternate_in_short_turns() -> None:
    assert Run([[LONG, NEXT_SECONDS, NEXT_SECONDS], [LONG, NEXT_SECONDS]]).play() == [
        (0, 0), (1, 0), (0, 1), (1, 1), (0, 2),
    ]  # fmt: skip


@given(
    st.lists(st.lists(st.sampled_from([0.0, SHORT, NEXT_SECONDS, LONG]), max_size=6), min_size=1, max_size=6)
)
def test_every_step_runs_once_and_in_its_order(works: list[list[float]]) -> None:
    run = Run(works)
    order = run.play()
    for number, work in enumerate(works):
        assert [step for who, step in order if who == number] == list(range(len(work)))


@pytest.fixture
def turns() -> Turns:
    return Turns(lambda: 1e9)  # every turn is over at once


def test_work_that_raises_gives_its_turn_on(turns: Turns) -> None:
    def work() -> None:
        turns.enter()
        try:
            raise ValueError
        finally:
            turns.leave()

    with ThreadPoolExecutor(4) as threads:
        for result in [threads.submit(work) for _ in range(20)]:
            with pytest.raises(ValueError):
                result.result(10)
    assert not turns._taken
