"""A supervisor and its workers as the admin API sees them."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from prometheus_client import CollectorRegistry

from shield.config.settings import Settings
from shield.proxy.admin.gate import Gate
from shield.proxy.admin.instance import LatestReload, ReloadResult, worker_status
from shield.proxy.admin.operations import WorkerStatus
from shield.proxy.admin.pages import AdminPages
from shield.proxy.admin.records import AdminRecords
from shield.supervisor.slot import Slot
from shield.telemetry.logging import Logger


class Supervised(Protocol):
    """What of a supervisor the admin API is a door to."""

    settings: Settings
    serving: bool
    latest_reload: LatestReload | None
    count: int

    @property
    def slots(self) -> Mapping[int, Slot]: ...

    def dead(self) -> list[str]: ...

    def not_ready(self) -> list[str]: ...

    async def reload(self, expected: str | None = None) -> ReloadResult: ...


class SupervisorInstance:
    """`Instance` over a supervisor. `refresh` asks all workers for their series."""

    def __init__(self, supervisor: Supervised, refresh: Callable[[], Awaitable[None]]) -> None:
        self._supervisor = supervisor
        self._refresh = refresh

    @property
    def settings(self) -> Settings:
        return self._supervisor.settings

    @property
    def serving(self) -> bool:
        return self._supervisor.serving

    @property
    def latest_reload(self) -> LatestReload | None:
        return self._supervisor.latest_reload

    @property
    def origins(self) -> Sequence[str]:
        origin = self.settings.audit.origin
        return [f"{origin}/worker-{slot}" for slot in range(self._supervisor.count)]

    def dead(self) -> Sequence[str]:
        return self._supervisor.dead()

    def not_ready(self) -> Sequence[str]:
        return self._supervisor.not_ready()

    async def refresh(self) -> None:
        await self._refresh()

    def workers(self) -> Sequence[WorkerStatus]:
        return [_worker(slot) for _, slot in sorted(self._supervisor.slots.items())]

    async def reload(self, expected: str | None = None) -> ReloadResult:
        return await self._supervisor.reload(expected)


def _worker(slot: Slot) -> WorkerStatus:
    worker = slot.worker
    error = [slot.error.code] if slot.error is not None and not slot.serving else []
    if worker is None:
        return worker_status(slot.index, None, "ended", error or ["starting"], ())
    reasons = [*worker.not_ready, *error]
    return worker_status(slot.index, worker.pid, worker.state.value, reasons, worker.snapshot)


def admin_pages(
    supervisor: Supervised,
    registry: CollectorRegistry,
    logger: Logger,
    refresh: Callable[[], Awaitable[None]],
) -> AdminPages:
    """The pages of the admin listener over all workers."""
    instance, settings = SupervisorInstance(supervisor, refresh), supervisor.settings
    return AdminPages(
        registry,
        logger,
        instance,
        Gate(settings.admin, settings.admin_access, time.monotonic),
        AdminRecords(settings.audit.directory, lambda: instance.origins, time.time_ns),
    )
