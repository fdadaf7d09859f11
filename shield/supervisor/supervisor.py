"""The supervisor: a worker in each slot, and the admin listener over all of them.

Law: an origin never has two writers. A slot's log is opened only after the worker before has closed it
(the lock of its folder says so), and while a slot changes hands another worker stands in: it has the
slot after the last, and so an origin of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry

from shield import __version__
from shield.config.loader import load
from shield.config.settings import Settings, check_changes
from shield.config_codes import ProblemCode
from shield.errors import AuditCorruptError, AuditUnavailableError, ConfigError, ShieldError
from shield.proxy.admin.instance import LatestReload, ReloadResult, check_expected, refused
from shield.proxy.admin.pages import ADMIN_LIMITS, AdminPages
from shield.proxy.board import Board
from shield.proxy.listener import ListenerSite
from shield.supervisor import faults
from shield.supervisor.admin import admin_pages
from shield.supervisor.companion import Companion, Companions
from shield.supervisor.cores import worker_count
from shield.supervisor.exposition import Exposition
from shield.supervisor.nurseries import Nurseries
from shield.supervisor.nursery import Nursery
from shield.supervisor.slot import Slot
from shield.supervisor.sockets import bind
from shield.supervisor.watch import Watch
from shield.supervisor.worker import State, WorkerProcess
from shield.telemetry.logging import Logger
from shield.telemetry.supervision import STATES, SupervisionMetrics

PREPARE_SECONDS = 300.0
"""For all workers to load a new configuration."""
COMMIT_SECONDS = 30.0
STOP_MARGIN = 15.0
"""Seconds beyond drain and idle time for a worker to sign its log and end."""
REPLACE_SECONDS = 120.0
"""For a worker's successor to take traffic, before a rolling reload is told to be unfinished."""


class Supervisor:
    """Made from a configuration that loaded; `start`, then signals, then `stop`."""

    def __init__(
        self, path: Path, env: Mapping[str, str], settings: Settings, beside: Sequence[Companion], log: Logger
    ) -> None:
        self._path = path
        self._env = env
        self.settings = settings
        self._logger = log
        self.count = worker_count(settings.server.workers)
        self._registry = CollectorRegistry()
        self.metrics = SupervisionMetrics(self._registry)
        self._exposition = Exposition(self._workers, self._failing)
        self._registry.register(self._exposition)
        self._board = Board.create(self.count + 1)
        self.slots: dict[int, Slot] = {}
        self._nurseries = Nurseries(self._new_nursery, lambda: self.settings.digest, self._logger)
        self._listening: list[socket.socket] = []
        self._admin: ListenerSite | None = None
        self._pages: AdminPages | None = None
        self._changing = asyncio.Lock()  # one reload or replacement at a time
        self._stopping = False
        self._fresh: Nursery | None = None  # makes the worker of the extra slot, until it is in force
        self._rolls = 0  # rolling reloads that were begun
        self._replacing: int | None = None  # the slot that the newest of them is at, until it has ended
        self.serving = False  # started, and not told to stop
        self.latest_reload: LatestReload | None = None
        self._changed: set[asyncio.Event] = set()
        self._watch = Watch(self._board, lambda: self.settings, self.slots, self._logger, self._retire)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._companions = Companions(beside, env, self._logger, self.metrics.companions)

    # Start and stop.

    async def start(self) -> None:
        """Bind, load, fill all slots. Returns when every worker takes traffic; raises ShieldError."""
        settings = self.settings
        self._listening = await bind(settings.proxy)
        pages = self._pages = admin_pages(self, self._registry, self._logger, self._exposition.refresh)
        self._admin = ListenerSite(settings.admin, pages, pages.unhandled, ADMIN_LIMITS)
        await self._admin.start()
        await self._nurseries.start()
        self.metrics.wanted.set(self.count)
        for index in range(self.count):
            self._add(index)
        await self._until(lambda: all(slot.serving or slot.error is not None for slot in self.slots.values()))
        for slot in self.slots.values():
            if slot.error is not None and not slot.serving:
                raise slot.error
        self._watch.start()
        self._companions.start()
        self.serving = True
        self._logger.info(
            "supervising",
            proxy=[list(sock.getsockname()[:2]) for sock in self._listening],
            admin=self._admin.url,
            version=__version__,
            config=settings.digest,
            workers=self.count,
        )

    async def stop(self, reason: str = "stop") -> None:
        """Stop everything; safe at any stage of `start`."""
        if self._replacing is not None and not self._stopping:
            self._logger.warning("rolling_reload_abandoned", slot=self._replacing)
        self._stopping = True
        self.serving = False
        for sock in self._listening:
            sock.close()
        self._nurseries.close_listening()
        await self._watch.stop()
        for task in list(self._tasks):
            task.cancel()
        seconds = self._stop_seconds
        await asyncio.gather(
            *(slot.close(reason, seconds) for slot in self.slots.values()),
            self._companions.stop(),
        )
        await self._nurseries.close()
        if self._admin is not None:
            await self._admin.stop()
        self._board.close()
        os.close(self._board.descriptor)
        self._logger.info("supervisor_stopped", reason=reason)

    def kill_all(self) -> None:
        """End all workers at once: for a second signal to stop."""
        for worker in self._workers():
            worker.kill()

    @property
    def _stop_seconds(self) -> float:
        server = self.settings.server
        return server.drain_timeout + server.drain_idle + STOP_MARGIN

    # Slots.

    def _new_nursery(self) -> Nursery:
        return Nursery.start(self._path, self._env, board=self._board.descriptor, listening=self._listening)

    def _add(
        self, index: int, make: Callable[[int], Coroutine[Any, Any, WorkerProcess]] | None = None
    ) -> Slot:
        slot = Slot(index, make or self._make, on_end=self._ended, on_exit=self._exited)
        self.slots[index] = slot
        slot.start()
        return slot

    async def _make(self, index: int) -> WorkerProcess:
        return await self._make_from(await self._nurseries.living(), index)

    async def _make_extra(self, index: int) -> WorkerProcess:
        return await self._make_from(self._fresh or await self._nurseries.living(), index)

    async def _make_from(self, nursery: Nursery, index: int) -> WorkerProcess:
        self._board.clear(index)
        try:
            worker = await WorkerProcess.start(index, self.count, nursery)
        except ShieldError as error:
            self._logger.error("worker_not_started", slot=index, code=error.code, problems=str(error))  # noqa: TRY400  no frames: expected
            raise
        worker.on_change = self._change
        self._logger.info("worker_started", slot=index, pid=worker.pid)
        self._change()
        return worker

    def _ended(self, worker: WorkerProcess) -> None:
        self._exposition.retire(worker)
        if not self._stopping:
            self._board.clear(worker.slot)
            self._spawn(self._nurseries.close_unused(self._makers()))

    def _exited(self, worker: WorkerProcess, cause: str, wait: float) -> None:
        """A worker ended, and nobody told it to."""
        self.metrics.exited(cause)
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

    def _workers(self) -> list[WorkerProcess]:
        return [slot.worker for slot in self.slots.values() if slot.worker is not None]

    def _makers(self) -> set[Nursery]:
        """The nurseries of workers that run: each is asked how its workers ended."""
        return {worker.nursery for worker in self._workers() if worker.state is not State.ENDED}

    def _failing(self) -> list[int]:
        """Slots that have no worker since their log cannot be used."""
        kinds = (AuditUnavailableError, AuditCorruptError)
        return [
            index for index, slot in self.slots.items() if not slot.serving and isinstance(slot.error, kinds)
        ]

    def _retire(self, slot: Slot, cause: str) -> None:
        """Let a worker finish, and replace it after a wait: it cannot go on as it is."""
        self._spawn(slot.replace(cause, self._stop_seconds, cause=cause))

    def _spawn(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _change(self) -> None:
        """Something about a worker is not as it was."""
        workers = self._workers()
        for state in STATES:
            self.metrics.workers(state, sum(worker.state.value == state for worker in workers))
        for slot in self.slots.values():
            worker = slot.worker
            if worker is not None and worker.dead and worker.state is State.READY and not self._stopping:
                self._retire(slot, worker.dead[0])
        for event in self._changed:
            event.set()

    async def _until(self, holds: Callable[[], bool]) -> None:
        """Return when `holds`; asked whenever something about a worker changed."""
        event = asyncio.Event()
        self._changed.add(event)
        try:
            while not holds():
                await event.wait()
                event.clear()
        finally:
            self._changed.discard(event)

    # Health.

    def dead(self) -> list[str]:
        """Why only a restart helps: no worker can write its log."""
        if any(slot.serving for slot in self.slots.values()):
            return []
        reasons = {reason for worker in self._workers() for reason in worker.dead}
        return sorted(reasons | ({"audit_failed"} if self._failing() else set()))

    def not_ready(self) -> list[str]:
        """Why no traffic should come. One worker that serves is enough: the others come back."""
        if self._stopping:
            return ["draining"]
        if any(slot.serving for slot in self.slots.values()):
            return []
        reasons = {reason for worker in self._workers() for reason in worker.not_ready if reason != "ended"}
        return self.dead() or sorted(reasons) or ["starting"]

    # Changes.

    async def reload(self, expected: str | None = None) -> ReloadResult:
        """Put the configuration of now, if its digest is `expected`, in force in all workers or in none."""
        async with self._changing:
            result = await self._reload(expected)
            self.latest_reload = LatestReload(time.time(), result)
            self.metrics.reloaded(ok=bool(result))
            return result

    async def _reload(self, expected: str | None) -> ReloadResult:
        workers = [worker for worker in self._workers() if worker.state is State.READY]
        try:
            settings = (await asyncio.to_thread(load, self._path, self._env)).settings
            check_changes(self.settings, settings)
            check_expected(settings, expected)
            if self._admin is not None:
                self._admin.check_certificate()
            digest = await self._nurseries.prepare()
            check_expected(settings, digest)  # the file may have changed between the two
            await _all(worker.ask("prepare", PREPARE_SECONDS, digest=digest) for worker in workers)
        except ShieldError as error:
            await self._nurseries.forget()
            for worker in workers:
                with contextlib.suppress(ShieldError):
                    await worker.ask("refuse", COMMIT_SECONDS, error=faults.to_plain(error))
            self._logger.error("reload_refused", code=error.code, problems=str(error).splitlines())  # noqa: TRY400  no frames: expected
            return refused(self.settings.digest, error)
        before = self.settings.digest
        self._put_in_force(settings)
        await self._nurseries.commit()
        for slot in self.slots.values():
            worker_now = slot.worker
            if worker_now in workers:
                try:
                    await worker_now.ask("commit", COMMIT_SECONDS)
                    continue
                except ShieldError as error:
                    self._logger.error("commit_failed", slot=slot.index, code=error.code)  # noqa: TRY400  no frames: expected
            # It began under the old one, or its log took no record of the new: one that is new comes.
            self._spawn(slot.replace("reload", self._stop_seconds))
        self._logger.info("reloaded", before=before, after=settings.digest)
        return ReloadResult(before, settings.digest)

    def _put_in_force(self, settings: Settings) -> None:
        """What of a configuration is the supervisor's own."""
        self.settings = settings
        if self._pages is not None:
            self._pages.configure(settings.admin_access)
        if self._admin is not None:
            self._admin.renew_certificate()

    async def roll(self) -> bool:
        """Replace all workers, one by one, by ones that loaded everything anew.

        One before it that is unfinished ends here, superseded.
        False where that is refused, and where a worker does not come back: then the extra one stands in for
        it, and the others are replaced once it has.
        """
        async with self._changing:
            try:
                nursery, settings = await self._fresh_nursery()
            except ShieldError as error:
                lines = str(error).splitlines()
                self._logger.error("rolling_reload_refused", code=error.code, problems=lines)  # noqa: TRY400  no frames: expected
                self.metrics.rolled("refused")
                return False
            if self._replacing is not None:
                self._logger.warning("rolling_reload_superseded", slot=self._replacing, by=settings.digest)
                self.metrics.rolled("superseded")
                self.metrics.unfinished.set(0)
            self._nurseries.supersede(nursery)
            self._fresh = None
            self._rolls += 1
            before = self.settings.digest
            self._put_in_force(settings)
            self._logger.info("rolling_reload", before=before, after=settings.digest)
            return await self._replace_from(0)

    async def _replace_from(self, first: int) -> bool:
        """Replace the workers from slot `first` on, then end the extra one; False where one stays away."""
        for index in range(first, self.count):
            slot = self.slots[index]
            self._replacing = index
            await slot.replace("rolling_reload", self._stop_seconds)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(REPLACE_SECONDS):
                    await self._until(lambda slot=slot: slot.serving or slot.error is not None)  # type: ignore[misc]  # a default that binds the loop's variable
            if not slot.serving:
                lines = str(slot.error or "it did not start in time").splitlines()
                self._logger.error("rolling_reload_incomplete", slot=index, problems=lines)
                self.metrics.unfinished.set(1)
                self._spawn(self._go_on(slot, self._rolls))
                return False
        await self.slots.pop(self.count).close("rolling_reload", self._stop_seconds)
        self._replacing = None
        self._change()
        await self._nurseries.close_unused(self._makers())
        self.metrics.unfinished.set(0)
        self.metrics.rolled("ok")
        self._logger.info("rolled")
        return True

    async def _go_on(self, slot: Slot, roll: int) -> None:
        """Go on with a rolling reload once the slot is filled, which is tried again and again."""
        await self._until(lambda: slot.serving)
        async with self._changing:
            if roll == self._rolls:  # else another has begun since
                await self._replace_from(slot.index + 1)

    async def _fresh_nursery(self) -> tuple[Nursery, Settings]:
        """A nursery with the code and files of now, proven by its worker that serves in the extra slot."""
        settings = (await asyncio.to_thread(load, self._path, self._env)).settings
        check_changes(self.settings, settings)
        if self._admin is not None:
            self._admin.check_certificate()
        nursery = self._new_nursery()
        try:
            if await nursery.loaded() != settings.digest:
                raise ConfigError(ProblemCode.FILE_CHANGED, "the file changed while it was loaded; try again")  # noqa: TRY301  answered below
            await self._prove(nursery)
        except TimeoutError:
            await nursery.close()
            raise ShieldError("the new worker did not start in time") from None
        except BaseException:
            await nursery.close()
            raise
        return nursery, settings

    async def _prove(self, nursery: Nursery) -> None:
        """Have the nursery fill the extra slot. Raises ShieldError or TimeoutError where that fails."""
        stands_in = self.slots.get(self.count)  # where one before is unfinished: its worker gives way
        self._fresh = nursery
        if stands_in is not None:
            await stands_in.replace("rolling_reload", self._stop_seconds)
        extra = stands_in or self._add(self.count, self._make_extra)
        try:
            async with asyncio.timeout(REPLACE_SECONDS):
                await self._until(lambda: extra.serving or extra.error is not None)
            if not extra.serving:
                raise extra.error or ShieldError()  # noqa: TRY301  answered below
        except BaseException:
            self._fresh = None
            if stands_in is None:
                await self.slots.pop(self.count).close("rolling_reload", self._stop_seconds)
            else:  # filled again with the code of before
                await extra.replace("rolling_reload", self._stop_seconds)
            raise


async def _all(asked: Any) -> None:
    """Wait for all, also where one fails, and then raise what the first of them raised."""
    results = await asyncio.gather(*asked, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
