"""Changes that signals ask for, one after the other.

One that is asked for again before it has begun is done once: it reads what is there when it begins. So a
storm of SIGHUP is few reloads, and holds up nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

Change = Callable[[], Coroutine[Any, Any, object]]


class Changes:
    """Asked for and done on one event loop."""

    def __init__(self) -> None:
        self._waiting: dict[Change, None] = {}  # in the order in which they were asked for
        self._under_way: asyncio.Task[object] | None = None
        self._ended = False

    def ask(self, change: Change) -> None:
        """Begin it, or have it done after what is under way; nothing, after the end."""
        if self._ended:
            return
        self._waiting[change] = None
        if self._under_way is None:
            self._begin()

    async def end(self) -> None:
        """Begin no other from now on, and cancel what is under way."""
        self._ended = True
        self._waiting.clear()
        if self._under_way is not None:
            self._under_way.cancel()
            await asyncio.wait((self._under_way,))

    def _begin(self) -> None:
        self._under_way = None
        for change in self._waiting:
            del self._waiting[change]
            self._under_way = asyncio.get_running_loop().create_task(change(), name="change")
            self._under_way.add_done_callback(lambda _: self._begin())
            return
