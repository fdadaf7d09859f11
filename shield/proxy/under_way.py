"""The exchanges that have no answer yet, to be given one where a stop waits for them no longer.

A task that is cancelled answers nothing: its client would see the connection close without a word. Here an
exchange is interrupted where it stands, and answers. Three kinds are left alone: where the intent is
on its way to the disk, it must be known to be there before anything is said of it, and the exchange looks by
itself whether it may still be sent; where the answer has begun, nothing can be put in its place; and one
that is refused has its answer, which waits at most for its record.
"""

from __future__ import annotations

import asyncio

from shield.errors import DrainingError
from shield.proxy.passage import Passage


class UnderWay:
    """Of one event loop. Each exchange is in it by the task that runs it, from `begins` to `ends`."""

    def __init__(self) -> None:
        self._passages: dict[asyncio.Task[object], Passage] = {}
        self._interrupted: set[asyncio.Task[object]] = set()
        self.given_up = False

    def begins(self, passage: Passage) -> asyncio.Task[object]:
        """The present task takes the exchange on."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  called by a coroutine
        self._passages[task] = passage
        return task

    def ends(self, task: asyncio.Task[object]) -> None:
        """The exchange has its answer, or is given up by its task."""
        del self._passages[task]
        self._interrupted.discard(task)

    def check(self) -> None:
        """Raise DrainingError where nothing is waited for any more, so that nothing may begin."""
        if self.given_up:
            raise DrainingError

    def give_up(self) -> None:
        """From now on, no exchange is waited for. Safe to call twice."""
        self.given_up = True
        for task, passage in self._passages.items():
            is_decided = passage.committing or passage.closed or passage.refusal is not None
            if not is_decided and task not in self._interrupted:
                self._interrupted.add(task)
                task.cancel()

    def takes_over(self, task: asyncio.Task[object]) -> bool:
        """Whether the present CancelledError is of `give_up`, and no other's: then the task goes on."""
        if task not in self._interrupted:
            return False
        self._interrupted.discard(task)
        return task.uncancel() == 0
