"""A place for a worker: filled again, with growing waits, whenever the worker in it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from shield.errors import ShieldError
from shield.supervisor.backoff import Backoff
from shield.supervisor.channel import ChannelClosedError
from shield.supervisor.worker import State, WorkerProcess

Make = Callable[[int], Awaitable[WorkerProcess]]


class Slot:
    """Keeps one worker running. `make` starts one; `on_exit` is called for each end that nobody asked for."""

    def __init__(
        self,
        index: int,
        make: Make,
        *,
        on_end: Callable[[WorkerProcess], None],
        on_exit: Callable[[WorkerProcess, str, float], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.index = index
        self.worker: WorkerProcess | None = None
        self.error: ShieldError | None = None  # why the newest worker could not start
        self._make = make
        self._on_end = on_end
        self._on_exit = on_exit
        self._sleep = sleep
        self._cause: str | None = None  # why it was stopped; empty where that was asked for
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Fill it from now on."""
        self._task = asyncio.get_running_loop().create_task(self._keep(), name=f"slot-{self.index}")

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        backoff = Backoff()
        while True:
            born = loop.time()
            try:
                self.worker = worker = await self._make(self.index)
            except (ChannelClosedError, ShieldError):
                await self._sleep(backoff.after(0.0))
                continue
            await worker.ended.wait()
            self.error = worker.error
            cause, self._cause = self._cause, None
            self._on_end(worker)
            if cause == "":
                backoff = Backoff()  # it was asked for: a failure after it is no repetition
                continue
            wait = backoff.after(loop.time() - born)
            self._on_exit(worker, cause or worker.cause, wait)
            await self._sleep(wait)

    @property
    def serving(self) -> bool:
        """Whether its worker takes traffic."""
        return self.has_started and self.worker is not None and not self.worker.reasons

    @property
    def has_started(self) -> bool:
        """Whether its worker has started and was not told to stop."""
        return self.worker is not None and self.worker.state is State.READY

    async def replace(self, reason: str, seconds: float, *, cause: str = "") -> None:
        """Stop the worker in order, within `seconds`; the next comes at once, or after a wait if `cause`."""
        worker = self.worker
        self.error = None  # of the previous worker
        if worker is not None and worker.state in (State.STARTING, State.READY):
            self._cause = cause
            await worker.stop(reason, seconds)

    def kill(self, cause: str) -> None:
        """End the worker at once; the next comes after a wait."""
        if self.worker is not None and not self.worker.ended.is_set():
            self._cause = cause
            self.worker.kill()

    async def close(self, reason: str, seconds: float) -> None:
        """Stop the worker, and leave the slot empty."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,))
            self._task = None
        worker = self.worker
        if worker is not None and not worker.ended.is_set():
            await worker.stop(reason, seconds)
            self._on_end(worker)
