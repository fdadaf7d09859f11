"""An event loop's clock that a test moves forward."""

from __future__ import annotations

import asyncio

from shield.proxy.upstream_answer import UpstreamAnswer


class Clock:
    """The event loop's clock: when the test moves it forward, everything due by then runs at once."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._real = loop.time
        self._skipped = 0.0

    def time(self) -> float:
        return self._real() + self._skipped

    async def skip(self, seconds: float) -> None:
        self._skipped += seconds
        for _ in range(3):  # one turn for the timer, one for its waiter, and one for that task's waiter
            await asyncio.sleep(0)

    async def skip_until_done(self, task: asyncio.Task[UpstreamAnswer], seconds: float) -> None:
        while not task.done():
            await self.skip(seconds)
