"""Presents one process to the admin API, and makes its admin listener's pages."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from shield.config.settings import Settings
from shield.proxy.admin.gate import Gate
from shield.proxy.admin.instance import LatestReload, ReloadResult, worker_status
from shield.proxy.admin.operations import WorkerStatus
from shield.proxy.admin.pages import AdminPages
from shield.proxy.admin.records import AdminRecords
from shield.telemetry.logging import Logger
from shield.telemetry.merge import snapshot

if TYPE_CHECKING:
    from shield.app.service import Service


class ServiceInstance:
    """`Instance` over a `Service` without a supervisor."""

    def __init__(self, service: Service) -> None:
        self._service = service

    @property
    def settings(self) -> Settings:
        return self._service.settings

    @property
    def serving(self) -> bool:
        return self._service.serving

    @property
    def latest_reload(self) -> LatestReload | None:
        return self._service.latest_reload

    @property
    def origins(self) -> Sequence[str]:
        return [self._service.settings.audit.origin]

    def dead(self) -> Sequence[str]:
        return self._service.dead()

    def not_ready(self) -> Sequence[str]:
        return self._service.not_ready()

    async def refresh(self) -> None:
        """Nothing to do: the figures are this process's own."""

    def workers(self) -> Sequence[WorkerStatus]:
        service = self._service
        state = "stopping" if service.stopping else "ready" if service.serving else "starting"
        return [worker_status(0, os.getpid(), state, service.not_ready(), snapshot(service.metrics.registry))]

    async def reload(self, expected: str | None = None) -> ReloadResult:
        return await self._service.reload(expected)


def admin_pages(
    service: Service, logger: Logger, clock: Callable[[], float], wall_clock: Callable[[], int]
) -> AdminPages:
    """The pages of the admin listener of `service`."""
    instance, settings = ServiceInstance(service), service.settings
    return AdminPages(
        service.metrics.registry,
        logger,
        instance,
        Gate(settings.admin, settings.admin_access, clock),
        AdminRecords(settings.audit.directory, lambda: instance.origins, wall_clock),
        clock=clock,
        wall_clock=wall_clock,
    )
