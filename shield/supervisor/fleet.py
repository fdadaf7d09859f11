"""The workers of a supervisor: one in each slot, and one that stands in while a slot changes hands.

Law: an origin never has two writers. A slot's log is opened only after the previous worker has closed it (the
lock of its folder ensures this). While a slot changes hands, another worker stands in: it has the slot after
the last, and so an origin of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from shield.errors import AuditCorruptError, AuditUnavailableError, ShieldError
from shield.proxy.board import Board
from shield.supervisor.exposition import Exposition
from shield.supervisor.in_force import InForce
from shield.supervisor.nurseries import Nurseries
from shield.supervisor.nursery import Nursery
from shield.supervisor.slot import Slot
from shield.supervisor.worker import State, WorkerProcess
from shield.telemetry.logging import Logger
from shield.telemetry.supervision import STATES, SupervisionMetrics

STOP_MARGIN = 15.0
"""Seconds, beyond drain and idle time, for a worker to sign its log and end."""


class Fleet:
    """`count` workers from `nurseries`, in slots that are numbered from 0."""

    def __init__(
        self,
        count: int,
        in_force: InForce,
        nurseries: Nurseries,
        *,
        board: Board,
        metrics: SupervisionMetrics,
        logger: Logger,
    ) -> None:
        self.count = count
        self.nurseries = nurseries
        self.slots: dict[int, Slot] = {}
        self.exposition = Exposition(self.workers, self._failing)
        self.changing = asyncio.Lock()  # one reload or replacement at a time
        self.serving = False  # started, and not told to stop
        self.stopping = False
        self._in_force = in_force
        self._board = board
        self._metrics = metrics
        self._logger = logger
        self._changed: set[asyncio.Event] = set()
        self._tasks: set[asyncio.Task[Any]] = set()

    # Start and stop.

    async def start(self) -> None:
        """Fill all slots. Returns when every worker takes traffic; raises ShieldError."""
        self._metrics.wanted.set(self.count)
        for index in range(self.count):
            self.add(index)
        await self.until(lambda: all(slot.serving or slot.error is not None for slot in self.slots.values()))
        for slot in self.slots.values():
            if slot.error is not None and not slot.serving:
                raise slot.error

    async def close(self, reason: str) -> None:
        """Stop all workers in order, and fill no slot any more."""
        for task in list(self._tasks):
            task.cancel()
        seconds = self.stop_seconds
        await asyncio.gather(*(slot.close(reason, seconds) for slot in self.slots.values()))

    def kill_all(self) -> None:
        """End all workers at once."""
        for worker in self.workers():
            worker.kill()

    @property
    def stop_seconds(self) -> float:
        """Seconds for one worker to finish what it does, and end."""
        server = self._in_force.settings.server
        return server.drain_timeout + server.drain_idle + STOP_MARGIN

    # Slots.

    def add(
        self, index: int, make: Callable[[int], Coroutine[Any, Any, WorkerProcess]] | None = None
    ) -> Slot:
        """Add a slot and keep it filled, with workers of the nursery in force or those that `make` makes."""
        slot = Slot(index, make or self._make, on_end=self._ended, on_exit=self._exited)
        self.slots[index] = slot
        slot.start()
        return slot

    async def _make(self, index: int) -> WorkerProcess:
        return await self.make_from(await self.nurseries.living(), index)

    async def make_from(self, nursery: Nursery, index: int) -> WorkerProcess:
        """A worker for a slot, from this nursery. Raises ShieldError where it cannot be made."""
        self._board.clear(index)
        try:
            worker = await WorkerProcess.start(index, self.count, nursery)
        except ShieldError as error:
            self._logger.error("worker_not_started", slot=index, code=error.code, problems=str(error))  # noqa: TRY400  no frames: expected
            raise
        worker.on_change = self.change
        self._logger.info("worker_started", slot=index, pid=worker.pid)
        self.change()
        return worker

    def _ended(self, worker: WorkerProcess) -> None:
        self.exposition.retire(worker)
        if not self.stopping:
            self._board.clear(worker.slot)
            self.spawn(self.close_unused())

    def _exited(self, worker: WorkerProcess, cause: str, wait: float) -> None:
        """Handle the end of a worker that nobody stopped."""
        self._metrics.exited(cause)
        self._logger.error(
            "worker_ended",
            slot=worker.slot,
            pid=worker.pid,
            reason=cause,
            status=worker.status,
            again_in=wait,
            detail=str(worker.error) if worker.error is not None else "",
            **({"frames": worker.frames} if worker.frames else {}),
        )

    def workers(self) -> list[WorkerProcess]:
        """The newest worker of each slot, even if it has ended."""
        return [slot.worker for slot in self.slots.values() if slot.worker is not None]

    async def close_unused(self) -> None:
        """End superseded nurseries whose workers are gone; until then they report how their workers ended."""
        makers = {worker.nursery for worker in self.workers() if worker.state is not State.ENDED}
        await self.nurseries.close_unused(makers)

    def retire(self, slot: Slot, cause: str) -> None:
        """Let a worker that cannot go on finish, and replace it after a wait."""
        self.spawn(slot.replace(cause, self.stop_seconds, cause=cause))

    # Changes.

    def spawn(self, work: Coroutine[Any, Any, object]) -> None:
        """Run this in the background, unless the fleet stops first."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def change(self) -> None:
        """Note that something about a worker changed."""
        workers = self.workers()
        for state in STATES:
            self._metrics.workers(state, sum(worker.shown == state for worker in workers))
        for slot in self.slots.values():
            worker = slot.worker
            if worker is not None and worker.dead and worker.state is State.READY and not self.stopping:
                self.retire(slot, worker.dead[0])
        for event in self._changed:
            event.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Return when `holds()`; checked whenever something about a worker changed."""
        event = asyncio.Event()
        self._changed.add(event)
        try:
            while not holds():
                await event.wait()
                event.clear()
        finally:
            self._changed.discard(event)

    # Health.

    def _failing(self) -> list[int]:
        """Slots that have no worker because their log cannot be used."""
        kinds = (AuditUnavailableError, AuditCorruptError)
        return [
            index
            for index, slot in self.slots.items()
            if not slot.has_started and isinstance(slot.error, kinds)
        ]

    def dead(self) -> list[str]:
        """Reasons for which only a restart helps: no worker can write its log."""
        if any(slot.serving for slot in self.slots.values()):
            return []
        reasons = {reason for worker in self.workers() for reason in worker.dead}
        return sorted(reasons | ({"audit_failed"} if self._failing() else set()))

    def not_ready(self) -> list[str]:
        """Reasons for which no traffic should come. One serving worker is enough: the others come back."""
        if self.stopping:
            return ["draining"]
        if any(slot.serving for slot in self.slots.values()):
            return []
        reasons = {reason for worker in self.workers() for reason in worker.reasons if reason != "ended"}
        return self.dead() or sorted(reasons) or ["starting"]
