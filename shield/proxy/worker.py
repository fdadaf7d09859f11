"""The thread that inspects what is too long for the event loop, and how full it is.

Saturation is what is waited for, not what is used: the wait before an inspection begins grows long
before a request is refused, so it is measured here, beside the time the thread was busy.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from shield.telemetry.metrics import Metrics

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")


class _Place:
    """One place in the queue, left once: by the thread that begins the work, or by who gave it up."""

    __slots__ = ("_left", "_lock", "_metrics")

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._lock = threading.Lock()
        self._left = False
        metrics.inspection_queue.inc()

    def leave(self) -> None:
        with self._lock:
            if self._left:
                return
            self._left = True
        self._metrics.inspection_queue.dec()


class InspectionWorker:
    """Runs work on `executor`, which is the caller's to shut down. `clock` is monotonic, in seconds."""

    def __init__(self, executor: Executor, metrics: Metrics, clock: Callable[[], float]) -> None:
        self._executor = executor
        self._metrics = metrics
        self._clock = clock

    async def run(self, work: Callable[[A, B], T], first: A, second: B) -> T:
        """`work(first, second)` in a thread. Being cancelled takes back what has not begun."""
        place = _Place(self._metrics)
        handed_over = self._clock()

        def timed() -> T:
            place.leave()
            began = self._clock()
            self._metrics.inspection_wait.observe(began - handed_over)
            try:
                return work(first, second)
            finally:
                self._metrics.inspection_busy.inc(max(0.0, self._clock() - began))

        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, timed)
        finally:
            place.leave()
