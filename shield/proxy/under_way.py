"""Tracks the exchanges that have no answer yet, so that a stop that waits no longer can have them answered.

A cancelled task answers nothing: its client would see the connection close without a word. Here an exchange
is interrupted where it stands, and answers. Three kinds are left alone: one whose intent is on its way to the
disk, since that must be known to be there first, and the exchange then checks by itself whether it may still
send; one whose answer has begun, since nothing can replace it; and a refused one, whose answer waits at most
for its record.
"""

from __future__ import annotations

import asyncio

from shield.errors import DrainingError
from shield.proxy.passage import Passage


class UnderWay:
    """The exchanges of one event loop, by the task that runs each, from `begins` to `ends`."""

    def __init__(self) -> None:
        self._passages: dict[asyncio.Task[object], Passage] = {}
        self._interrupted: set[asyncio.Task[object]] = set()
        self.given_up = False

    def begins(self, passage: Passage) -> asyncio.Task[object]:
        """The current task takes the exchange on."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  called by a coroutine
        self._passages[task] = passage
        return task

    def ends(self, task: asyncio.Task[object]) -> None:
        """The exchange has its answer, or its task gives it up."""
        del self._passages[task]
        self._interrupted.discard(task)

    def check(self) -> None:
        """Raise DrainingError once nothing is waited for any more, so that nothing begins."""
        if self.given_up:
            raise DrainingError

    def give_up(self) -> None:
        """From now on no exchange is waited for. Safe to call twice."""
        self.given_up = True
        for task, passage in self._passages.items():
            is_decided = passage.committing or passage.closed or passage.refusal is not None
            if not is_decided and task not in self._interrupted:
                self._interrupted.add(task)
                task.cancel()

    def takes_over(self, task: asyncio.Task[object]) -> bool:
        """Whether `give_up` caused the current CancelledError; then the task goes on."""
        if task not in self._interrupted:
            return False
        self._interrupted.discard(task)
        return task.uncancel() == 0
