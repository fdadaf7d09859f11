"""Tests named after the rule in `shield.proxy.turns`. The test sets the clock; threads wait for gates."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.proxy.turns import FIRST_SECONDS, NEXT_SECONDS, TakenBackError, Turn, Turns


class Run:
    """Pieces of work, each a list of seconds between its pauses; `order` lists which ran which step."""

    def __init__(self, works: list[list[float]]) -> None:
        self.now = 0.0
        self.turns = Turns(lambda: self.now, patience=600.0)
        self.order: list[tuple[int, int]] = []
        self.works = works
        self._entered = threading.Semaphore(0)

    def play(self) -> list[tuple[int, int]]:
        hold = self.turns.enter()  # so that all have asked, in order, before the first begins
        with ThreadPoolExecutor(len(self.works)) as threads:
            results = []
            for number in range(len(self.works)):
                results.append(threads.submit(self._work, number))
                while len(self.turns._waiting) <= number:
                    threading.Event().wait(0.0001)
            self.turns.leave(hold)
            for result in results:
                result.result(10)
        assert self.turns._holder is None
        return self.order

    def _work(self, number: int) -> None:
        turn = self.turns.enter()
        try:
            for step, seconds in enumerate(self.works[number]):
                self.order.append((number, step))
                self.now += seconds
                self.turns.pause(turn)
        finally:
            self.turns.leave(turn)


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
    # Every turn is over at once, and no two run at the same time, however slow the machine is.
    return Turns(lambda: 1e9, patience=600.0)


def test_work_that_raises_gives_its_turn_on(turns: Turns) -> None:
    def work() -> None:
        turn = turns.enter()
        try:
            raise ValueError
        finally:
            turns.leave(turn)

    with ThreadPoolExecutor(4) as threads:
        for result in [threads.submit(work) for _ in range(20)]:
            with pytest.raises(ValueError):
                result.result(10)
    assert turns._holder is None


class Entering:
    """A turn that a separate thread asks for; `given` is set once the turn is granted."""

    def __init__(self, turns: Turns, turn: Turn) -> None:
        self.turn = turn
        self.given = threading.Event()
        self.go_on = threading.Event()
        self._turns = turns
        self.thread = ThreadPoolExecutor(1)
        self.result = self.thread.submit(self._work)

    def _work(self) -> float:
        self._turns.enter(self.turn)
        self.given.set()
        try:
            assert self.go_on.wait(10)
            return self._turns.pause(self.turn)
        finally:
            self._turns.leave(self.turn)
            self.thread.shutdown(wait=False)


def waits(turns: Turns, number: int) -> None:
    while len(turns._waiting) + len(turns._idle) < number:
        threading.Event().wait(0.0001)


def test_the_first_of_all_comes_before_those_that_wait(turns: Turns) -> None:
    hold = turns.enter()
    usual = Entering(turns, Turn())
    waits(turns, 1)
    first = Entering(turns, Turn(first=True))
    waits(turns, 2)
    turns.leave(hold)
    assert first.given.wait(10)
    assert not usual.given.is_set()
    first.go_on.set()
    assert usual.given.wait(10)
    usual.go_on.set()
    usual.result.result(10)


def every_turn_is_over() -> Callable[[], float]:
    """A clock that goes on by a second whenever it is read."""
    return itertools.count(1.0).__next__


@pytest.mark.parametrize("first", [True, False])
def test_work_that_does_not_stop_runs_beside_the_next_and_gets_in_line_at_its_next_check(first: bool) -> None:
    turns = Turns(every_turn_is_over(), patience=0.0)
    long = Entering(turns, Turn())
    assert long.given.wait(10)
    short = Entering(turns, Turn(first=first))
    assert short.given.wait(10)  # although the long one has not checked
    assert turns._holder is short.turn
    turns._patience = 600.0
    long.go_on.set()
    waits(turns, 1)
    assert not long.result.done()
    short.go_on.set()
    short.result.result(10)
    assert long.result.result(10) > 0.0
    assert not long.turn.beside
    assert turns._holder is None


def test_a_turn_is_not_passed_on_before_its_time_and_patience_are_over() -> None:
    now = 0.0
    turns = Turns(lambda: now, patience=0.001)
    long = Entering(turns, Turn())
    assert long.given.wait(10)
    short = Entering(turns, Turn())
    waits(turns, 1)
    for now in (FIRST_SECONDS, FIRST_SECONDS + 0.0009):  # noqa: B007  the clock reads it
        turns._pass_on()
        assert turns._holder is long.turn
    now = FIRST_SECONDS + 0.002
    assert short.given.wait(10)
    for each in (long, short):
        each.go_on.set()
    long.result.result(10)
    short.result.result(10)
    assert turns._holder is None


def test_work_beside_goes_on_at_once_where_nobody_has_the_turn() -> None:
    turns = Turns(every_turn_is_over(), patience=600.0)
    long = Entering(turns, Turn())
    assert long.given.wait(10)
    short = Entering(turns, Turn())
    waits(turns, 1)
    turns._patience = 0.0
    turns._pass_on()
    assert short.given.wait(10)
    short.go_on.set()
    short.result.result(10)
    long.go_on.set()
    long.result.result(10)
    assert turns._holder is None


def test_work_that_ends_beside_the_next_leaves_it_the_turn() -> None:
    turns = Turns(every_turn_is_over(), patience=600.0)
    late = turns.enter()
    short = Entering(turns, Turn())
    waits(turns, 1)
    turns._patience = 0.0
    turns._pass_on()
    assert short.given.wait(10)
    turns.leave(late)
    assert turns._holder is short.turn
    short.go_on.set()
    short.result.result(10)
    assert turns._holder is None


def test_an_idle_turn_is_given_where_nobody_else_wants_one_and_ends_as_soon_as_anybody_does() -> None:
    turns = Turns(lambda: 0.0)  # no turn ever ends by its time
    hold = turns.enter()
    idle = Entering(turns, Turn(idle=True))
    waits(turns, 1)
    usual = Entering(turns, Turn())
    waits(turns, 2)
    turns.leave(hold)
    assert usual.given.wait(10)
    usual.go_on.set()
    assert idle.given.wait(10)
    later = Entering(turns, Turn())
    assert later.given.wait(10)  # immediately, although the idle one has not asked yet
    idle.go_on.set()
    waits(turns, 1)
    assert not idle.result.done()
    later.go_on.set()
    idle.result.result(10)
    assert turns._holder is None


def test_a_turn_that_is_taken_back_goes_to_the_next_at_once(turns: Turns) -> None:
    hanging = Entering(turns, Turn())
    assert hanging.given.wait(10)
    usual = Entering(turns, Turn())
    waits(turns, 1)
    turns.take_back(hanging.turn)
    assert usual.given.wait(10)
    hanging.go_on.set()  # it returns at last, and ends at its next check
    with pytest.raises(TakenBackError):
        hanging.result.result(10)
    assert turns._holder is usual.turn
    usual.go_on.set()
    usual.result.result(10)
    assert turns._holder is None


@pytest.mark.parametrize("idle", [False, True])
def test_a_turn_that_is_taken_back_while_it_is_waited_for_is_never_given(turns: Turns, idle: bool) -> None:
    hold = turns.enter()
    waiting = Entering(turns, Turn(idle=idle))
    waits(turns, 1)
    turns.take_back(waiting.turn)
    turns.take_back(waiting.turn)
    with pytest.raises(TakenBackError):
        waiting.result.result(10)
    with pytest.raises(TakenBackError):
        turns.enter(waiting.turn)
    turns.leave(hold)
    assert turns._holder is None
