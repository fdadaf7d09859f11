"""The threads that inspect what is too long for the event loop, and how full they are.

Saturation is what is waited for, not what is used: the wait before an inspection begins grows long
before a request is refused, so it is measured here, beside the time in which one was at work. One works
at a time (see `turns`), and so each of these series is written by one thread at a time.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from shield.proxy.turns import Turns
from shield.telemetry.metrics import Metrics

T = TypeVar("T")

Pause = Callable[[], float]
"""Called by work between bounded steps; returns the seconds for which others went first."""

THREADS = 16
"""Inspections under way at once; the others wait in the executor's queue."""

LARGE_BYTES = 256 * 1024
LARGE = 4
"""Of these, how many may be of at least `LARGE_BYTES`: the other threads are for usual bodies."""


class _Place:
    """One place in the queue, left once: by the thread that begins the work, or by who gave it up."""

    __slots__ = ("_left", "_lock", "_metrics")

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._lock = threading.Lock()
        self._left = False
        metrics.inspection_queue.inc()

    def leave(self) -> bool:
        """Whether this call left it."""
        with self._lock:
            if self._left:
                return False
            self._left = True
        self._metrics.inspection_queue.dec()
        return True


class _GivenUpError(Exception):
    """Ends work in its thread that nobody waits for any more."""


class InspectionWorker:
    """Runs work on `executor`, which is the caller's to shut down. `clock` is monotonic, in seconds.

    Belongs to one event loop.
    """

    def __init__(self, executor: Executor, metrics: Metrics, clock: Callable[[], float]) -> None:
        self._executor = executor
        self._metrics = metrics
        self._clock = clock
        self._turns = Turns(clock)
        self._large = asyncio.Semaphore(LARGE)

    async def run(self, work: Callable[[Pause], T], *, size: int = 0) -> T:
        """`work` in a thread, on something of `size` bytes. Being cancelled takes back what has not begun."""
        place = _Place(self._metrics)
        handed_over = self._clock()
        try:
            if size < LARGE_BYTES:
                return await self._run(work, place, handed_over)
            async with self._large:
                return await self._run(work, place, handed_over)
        finally:
            place.leave()

    async def _run(self, work: Callable[[Pause], T], place: _Place, handed_over: float) -> T:
        turns = self._turns

        def timed() -> T:
            turn = turns.enter()
            if not place.leave():
                turns.leave()
                raise _GivenUpError
            began = self._clock()
            self._metrics.inspection_wait.observe(began - handed_over)
            others = 0.0

            def pause() -> float:
                nonlocal others
                seconds = turns.pause(turn)
                others += seconds
                return seconds

            try:
                return work(pause)
            finally:
                self._metrics.inspection_busy.inc(max(0.0, self._clock() - began - others))
                turns.leave()

        return await asyncio.get_running_loop().run_in_executor(self._executor, timed)
