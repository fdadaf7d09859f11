"""Runs the changes that signals ask for, one after the other.

A change that is asked for again before it has begun runs once, as it reads the state when it begins. So a
storm of SIGHUP becomes few reloads, and holds up nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

Change = Callable[[], Coroutine[Any, Any, object]]


class Changes:
    """The queue of changes, asked for and run on one event loop."""

    def __init__(self) -> None:
        self._waiting: dict[Change, None] = {}  # in the order of asking
        self._under_way: asyncio.Task[object] | None = None
        self._ended = False

    def ask(self, change: Change) -> None:
        """Run it now, or after the changes before it; after `end`, do nothing."""
        if self._ended:
            return
        self._waiting[change] = None
        if self._under_way is None:
            self._begin()

    async def end(self) -> None:
        """Begin no further change, and cancel the one under way."""
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
