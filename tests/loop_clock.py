"""The clock of an event loop, which a test puts forward."""

from __future__ import annotations

import asyncio

from shield.proxy.upstream_answer import UpstreamAnswer


class Clock:
    """The event loop's clock, which the test puts forward: what is due until then comes at once."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._real = loop.time
        self._skipped = 0.0

    def time(self) -> float:
        return self._real() + self._skipped

    async def skip(self, seconds: float) -> None:
        self._skipped += seconds
        for _ in range(3):  # a turn for the timer, for who waits for it, and for who waits for that
            await asyncio.sleep(0)

    async def skip_until_done(self, task: asyncio.Task[UpstreamAnswer], seconds: float) -> None:
        while not task.done():
            await self.skip(seconds)
