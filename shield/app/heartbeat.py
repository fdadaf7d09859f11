"""Writes the records that show the process alive: one at the start, one an interval, one at the end.

A period without any record longer than two intervals is then a gap in the evidence, whether or not anybody
wrote through the shield in it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from shield.audit.record import Draft
from shield.background import ended
from shield.errors import AuditUnavailableError


class Heartbeat:
    """Appends `draft()` to the log at each interval, until `stop` or until the log has failed."""

    def __init__(
        self,
        append: Callable[[Draft], int],
        draft: Callable[[], Draft],
        interval: float,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`interval` in seconds; `draft` is called for each record and reads what is current."""
        self._append = append
        self._draft = draft
        self._interval = interval
        self._sleep = sleep
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Append the first, and go on in the background."""
        self._append(self._draft())
        self._task = asyncio.create_task(self._beat(), name="heartbeat")

    async def stop(self) -> None:
        """Append the last. Safe to call twice, and before `start`."""
        task, self._task = self._task, None
        if task is None:
            return
        await ended(task)
        with contextlib.suppress(AuditUnavailableError):
            self._append(self._draft())

    async def _beat(self) -> None:
        with contextlib.suppress(AuditUnavailableError):  # the log itself reports that it has failed
            while True:
                await self._sleep(self._interval)
                self._append(self._draft())
