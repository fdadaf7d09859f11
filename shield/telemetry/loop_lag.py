"""Measures how late the event loop runs due callbacks, a sign of work that blocks it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from shield.background import ended

INTERVAL = 0.25
"""Seconds between two measurements: four wake-ups a second cost nothing and see a stall of 25 ms
within a minute of traffic."""


class LoopLag:
    """Reports, each `interval` seconds, by how many seconds the loop woke it late.

    Start it in a running loop; `stop` waits until its task has ended.
    """

    def __init__(self, report: Callable[[float], None], *, interval: float = INTERVAL) -> None:
        self._report = report
        self._interval = interval
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run(), name="loop-lag")

    async def stop(self) -> None:
        task, self._task = self._task, None
        await ended(task)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + self._interval
            await asyncio.sleep(self._interval)
            self._report(max(0.0, loop.time() - due))
