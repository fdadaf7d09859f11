"""Time limits on others that do not blame them for time in which this process itself did not run.

Where a processor is taken away for seconds (a frozen container, a paused machine), all timers are due at
once, and an event loop runs them before it reads what has arrived meanwhile. An upstream that answered long
ago would be taken for too slow, and its write for one with an unknown end. So a timer that comes late is set
once more, for a moment in which what is there is read.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

LATE_SECONDS: Final = 0.1
"""A timer that comes later than this does so since the loop did not run."""
MOST_SECONDS: Final = 1.0


def second_look(now: float, when: float) -> float:
    """Seconds to wait on, at `now`, after a timer that was set for `when`; 0 where it came in time."""
    late = now - when
    return min(late, MOST_SECONDS) if late > LATE_SECONDS else 0.0


@asynccontextmanager
async def time_limit(seconds: float) -> AsyncIterator[None]:
    """As `asyncio.timeout`, with that rule. Raises TimeoutError."""
    loop = asyncio.get_running_loop()
    when = loop.time() + seconds
    timer: asyncio.TimerHandle | None = None

    def due() -> None:
        nonlocal timer
        now = loop.time()
        timer = loop.call_at(now + second_look(now, when), over)

    def over() -> None:
        limit.reschedule(loop.time())

    try:
        async with asyncio.timeout(None) as limit:
            timer = loop.call_at(when, due)
            yield
    finally:
        if timer is not None:
            timer.cancel()
