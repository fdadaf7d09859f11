"""Presents a supervisor and its workers to the admin API."""

from __future__ import annotations

import time
from collections.abc import Sequence

from prometheus_client import CollectorRegistry

from shield.config.settings import Settings
from shield.proxy.admin.gate import Gate
from shield.proxy.admin.instance import LatestReload, ReloadResult, worker_status
from shield.proxy.admin.operations import WorkerStatus
from shield.proxy.admin.pages import AdminPages
from shield.proxy.admin.records import AdminRecords
from shield.supervisor.fleet import Fleet
from shield.supervisor.in_force import InForce
from shield.supervisor.reloading import Reloading
from shield.supervisor.slot import Slot
from shield.telemetry.logging import Logger


class SupervisorInstance:
    """`Instance` over the workers of a supervisor."""

    def __init__(self, fleet: Fleet, in_force: InForce, reloading: Reloading) -> None:
        self._fleet = fleet
        self._in_force = in_force
        self._reloading = reloading

    @property
    def settings(self) -> Settings:
        return self._in_force.settings

    @property
    def serving(self) -> bool:
        return self._fleet.serving

    @property
    def latest_reload(self) -> LatestReload | None:
        return self._reloading.latest

    @property
    def origins(self) -> Sequence[str]:
        origin = self.settings.audit.origin
        return [f"{origin}/worker-{slot}" for slot in range(self._fleet.count)]

    def dead(self) -> Sequence[str]:
        return self._fleet.dead()

    def not_ready(self) -> Sequence[str]:
        return self._fleet.not_ready()

    async def refresh(self) -> None:
        await self._fleet.exposition.refresh()

    def workers(self) -> Sequence[WorkerStatus]:
        return [_worker(slot) for _, slot in sorted(self._fleet.slots.items())]

    async def reload(self, expected: str | None = None) -> ReloadResult:
        return await self._reloading.reload(expected)


def _worker(slot: Slot) -> WorkerStatus:
    worker = slot.worker
    error = [slot.error.code] if slot.error is not None and not slot.has_started else []
    if worker is None:
        return worker_status(slot.index, None, "ended", error or ["starting"], ())
    reasons = [*worker.reasons, *error]
    return worker_status(slot.index, worker.pid, worker.shown, reasons, worker.snapshot)


def admin_pages(
    fleet: Fleet, in_force: InForce, reloading: Reloading, registry: CollectorRegistry, logger: Logger
) -> AdminPages:
    """The pages of the admin listener over all workers."""
    instance, settings = SupervisorInstance(fleet, in_force, reloading), in_force.settings
    return AdminPages(
        registry,
        logger,
        instance,
        Gate(settings.admin, settings.admin_access, time.monotonic),
        AdminRecords(settings.audit.directory, lambda: instance.origins, time.time_ns),
    )
