"""Ends tasks that run in the background."""

from __future__ import annotations

import asyncio


async def ended(task: asyncio.Task[None] | None) -> None:
    """Cancel a task, if there is one, and wait for its end. Raises what else it ended with.

    It waits beside the task: one that awaits a task it cancelled cannot tell the task's cancellation from its
    own, and would go on where it is to stop itself.
    """
    if task is None:
        return
    task.cancel()
    await asyncio.wait((task,))
    if not task.cancelled():
        task.result()
