"""Does, while no write wants a turn, what makes later writes faster and what a start need not wait for.

It compiles what the detectors would compile when a text first needs it: all expressions take seconds, and one
that is left to the first request that needs it makes this one, and those behind it, late by up to a tenth of
a second. Then it puts what is loaded into large pages of memory.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Final

from shield.analyzer.engine import Analyzer
from shield.background import ended
from shield.domain import DetectorSpec
from shield.proxy.worker import InspectionWorker, Pause

DELAY: Final = 0.5
"""Seconds after a start or reload until it begins: whoever starts beside this has the processor first."""
PAUSE: Final = 0.005
"""Seconds between two steps, in which a write gets its turn. Until all are compiled, writes wait for
those that they need: so it is not longer than that takes."""


class Warming:
    """Takes one step after another in the background; what fails is left as it is.

    `then` gives the steps that follow those of the analyzers.
    """

    def __init__(
        self,
        worker: InspectionWorker,
        then: Callable[[], Iterator[None]],
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._worker = worker
        self._then = then
        self._sleep = sleep
        self._task: asyncio.Task[None] | None = None

    def start(self, analyzers: Mapping[DetectorSpec, Analyzer]) -> None:
        """Begin with these, instead of those that it was at."""
        if self._task is not None:
            self._task.cancel()
        self._task = asyncio.create_task(self._run(list(analyzers.values())), name="warming")

    async def stop(self) -> None:
        """Stop. Safe to call twice, and before `start`."""
        task, self._task = self._task, None
        await ended(task)

    async def _run(self, analyzers: list[Analyzer]) -> None:
        await self._sleep(DELAY)
        # A lack of memory or threads, an expression that takes for ever: whoever needs it will be told. And
        # whoever waits for this task at a stop must not be.
        with contextlib.suppress(Exception):
            steps = chain(chain.from_iterable(each.compiling() for each in analyzers), self._then())
            while await self._worker.run_idle(partial(_next, steps)):
                await self._sleep(PAUSE)


def _next(steps: Iterator[None], _pause: Pause) -> bool:
    """Take one step; False after the last."""
    return next(steps, steps) is not steps
