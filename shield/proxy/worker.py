"""The threads that inspect what is too long for the event loop, and the metrics of their load.

Saturation shows in waiting, not in use: the wait before an inspection begins grows long before a request is
refused, so it is measured here, beside the time in which an inspection was at work. One works at a time (see
`turns`), and so one thread at a time writes each of these series.

Work that does not return (a hanging recognizer of a user's own) keeps its thread, for Python cannot end one;
its turn is taken back, so that the others go on. Once no thread is left, `stuck` is true: then only another
process helps.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from shield.errors import DeadlineExceededError, ResourcesExhaustedError
from shield.proxy.turns import TakenBackError, Turn, Turns
from shield.telemetry.metrics import Metrics

T = TypeVar("T")

Pause = Callable[[], float]
"""Called by work between bounded steps; returns the seconds for which others went first."""


def _no_pause() -> float:
    return 0.0


THREADS = 16
"""Inspections under way at once; the others wait in the executor's queue."""

LARGE_BYTES = 256 * 1024
LARGE = 4
"""How many of these may inspect at least `LARGE_BYTES`: the other threads are for usual bodies."""

FIRST_THREADS = 2
"""Threads for work that goes before all that waits: it must not wait for a free one."""

STUCK_SECONDS = 30.0
"""Seconds after which abandoned work counts as not returning."""

IDLE_STUCK_SECONDS = 10.0
"""The same for work in an idle turn, counted between two of its checks."""

_IDLE_WATCH = 0.5
_IDLE_NICE = 19


class _Place:
    """One place in the queue, left once: by the thread that begins the work, or by whoever abandoned it."""

    __slots__ = ("_left", "_lock", "_metrics")

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._lock = threading.Lock()
        self._left = False
        metrics.inspection.queue_length.inc()

    def leave(self) -> bool:
        """Leave it; returns whether this call did so."""
        with self._lock:
            if self._left:
                return False
            self._left = True
        self._metrics.inspection.queue_length.dec()
        return True


class InspectionWorker:
    """Runs work on `executor`, which is the caller's to shut down. `clock` is monotonic, in seconds.

    Belongs to one event loop. `close` it at the end.
    """

    def __init__(self, executor: Executor, metrics: Metrics, clock: Callable[[], float]) -> None:
        self._executor = executor
        # These executors start no thread before it is needed.
        self._first = ThreadPoolExecutor(FIRST_THREADS, "first")
        self._apart = ThreadPoolExecutor(LARGE, "apart")
        self._idle = _idle_thread()
        self._metrics = metrics
        self._clock = clock
        self._turns = Turns(clock)
        self._large = asyncio.Semaphore(LARGE)
        self._lost: dict[Turn, float] = {}

    @property
    def stuck(self) -> bool:
        """Whether every thread is in work that was abandoned long ago and does not return."""
        lost = list(self._lost.values())
        return len(lost) >= THREADS and self._clock() - sorted(lost)[THREADS - 1] > STUCK_SECONDS

    @property
    def hangs(self) -> bool:
        """Whether abandoned work is still in its thread."""
        return bool(self._lost)

    async def run(self, work: Callable[[Pause], T], *, size: int = 0) -> T:
        """Run `work` in a thread, on something of `size` bytes. Cancelling takes back its turn."""
        place = _Place(self._metrics)
        handed_over = self._clock()
        try:
            if size < LARGE_BYTES:
                return await self._run(work, Turn(), self._executor, place, handed_over)
            async with self._large:
                return await self._run(work, Turn(), self._executor, place, handed_over)
        finally:
            place.leave()

    async def run_apart(self, work: Callable[[Pause], T]) -> T:
        """Run `work` that mostly waits for another process: in a thread, without a turn."""
        place = _Place(self._metrics)
        try:
            async with self._large:
                place.leave()
                return await asyncio.wrap_future(_submitted(self._apart, partial(work, _no_pause)))
        finally:
            place.leave()

    async def run_first(self, work: Callable[[Pause], T]) -> T:
        """As `run`, before all that waits: for what is left to do of work that was begun."""
        place = _Place(self._metrics)
        try:
            return await self._run(work, Turn(first=True), self._first, place, self._clock())
        finally:
            place.leave()

    async def run_idle(self, work: Callable[[Pause], T]) -> T:
        """Run `work` while no other wants a turn, one after another; the metrics of the queue leave it out.

        Raises DeadlineExceededError where it goes on for long without a check.
        """
        turn, turns = Turn(idle=True), self._turns
        asked: float | None = None  # None while it waits for its turn

        def pause() -> float:
            nonlocal asked
            asked = None
            seconds = turns.pause(turn)
            asked = self._clock()
            return seconds

        def timed() -> T:
            nonlocal asked
            turns.enter(turn)
            asked = self._clock()
            try:
                return work(pause)
            finally:
                turns.leave(turn)

        future = self._idle.submit(timed)
        waiting = asyncio.ensure_future(asyncio.wrap_future(future))
        try:
            while not (await asyncio.wait((waiting,), timeout=_IDLE_WATCH))[0]:
                last = asked
                if last is not None and self._clock() - last > IDLE_STUCK_SECONDS:
                    # Its thread is lost until the work returns: the next one needs another.
                    self._idle.shutdown(wait=False)
                    self._idle = _idle_thread()
                    raise DeadlineExceededError
            return waiting.result()
        finally:
            if not waiting.done():
                waiting.cancel()
                self._give_up(turn, future)

    def close(self) -> None:
        """End the worker's own threads."""
        self._first.shutdown(wait=False, cancel_futures=True)
        self._apart.shutdown(wait=False, cancel_futures=True)
        self._idle.shutdown(wait=False, cancel_futures=True)

    async def _run(
        self, work: Callable[[Pause], T], turn: Turn, executor: Executor, place: _Place, handed_over: float
    ) -> T:
        turns = self._turns

        def timed() -> T:
            turns.enter(turn)
            if not place.leave():
                turns.leave(turn)
                raise TakenBackError
            began = self._clock()
            self._metrics.inspection.wait.observe(began - handed_over)
            others = 0.0

            def pause() -> float:
                nonlocal others
                seconds = turns.pause(turn)
                others += seconds
                return seconds

            try:
                result = work(pause)
                if turn.beside:
                    pause()
                return result
            finally:
                if not (turn.taken_back or turn.beside):  # else another may be writing the series
                    self._metrics.inspection.busy.inc(max(0.0, self._clock() - began - others))
                turns.leave(turn)

        future = _submitted(executor, timed)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            self._give_up(turn, future)
            raise

    def _give_up(self, turn: Turn, future: Future[T]) -> None:
        self._turns.take_back(turn)
        self._lost[turn] = self._clock()
        future.add_done_callback(lambda _: self._lost.pop(turn, None))


def _submitted(executor: Executor, work: Callable[[], T]) -> Future[T]:
    """Hand over the work. Raises ResourcesExhaustedError where a thread is needed and the system gives none.

    The executor may still run it later, in a thread that is there.
    """
    try:
        return executor.submit(work)
    except RuntimeError:
        raise ResourcesExhaustedError from None


def _idle_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "idle", initializer=_be_last)


def _be_last() -> None:
    """Let the thread run only when the system is idle (Linux gives each thread its own nice value)."""
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _IDLE_NICE)
