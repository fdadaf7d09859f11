"""Presents one process to the admin API, and makes its admin listener's pages."""

from __future__ import annotations

import os
from collections.abc import Sequence

from shield.app import health
from shield.app.hosting import Seams
from shield.app.parts import Parts
from shield.app.reload import Reloads
from shield.config.settings import Settings
from shield.proxy.admin.gate import Gate
from shield.proxy.admin.instance import LatestReload, ReloadResult, worker_status
from shield.proxy.admin.operations import WorkerStatus
from shield.proxy.admin.pages import AdminPages
from shield.proxy.admin.records import AdminRecords
from shield.telemetry.merge import snapshot


class ServiceInstance:
    """`Instance` over a process without a supervisor."""

    def __init__(self, parts: Parts, reloads: Reloads) -> None:
        self._parts = parts
        self._reloads = reloads

    @property
    def settings(self) -> Settings:
        return self._parts.settings

    @property
    def serving(self) -> bool:
        return self._parts.serving

    @property
    def latest_reload(self) -> LatestReload | None:
        return self._reloads.latest

    @property
    def origins(self) -> Sequence[str]:
        return [self._parts.settings.audit.origin]

    def dead(self) -> Sequence[str]:
        return health.dead(self._parts)

    def not_ready(self) -> Sequence[str]:
        return health.not_ready(self._parts)

    async def refresh(self) -> None:
        """Nothing to do: the figures are this process's own."""

    def workers(self) -> Sequence[WorkerStatus]:
        parts = self._parts
        state = "stopping" if parts.stopping else "ready" if parts.serving else "starting"
        return [worker_status(0, os.getpid(), state, self.not_ready(), snapshot(parts.registry))]

    async def reload(self, expected: str | None = None) -> ReloadResult:
        return await self._reloads.reload(expected)


def admin_pages(parts: Parts, reloads: Reloads, seams: Seams) -> AdminPages:
    """The pages of the admin listener of the process with these `parts`."""
    instance, settings = ServiceInstance(parts, reloads), parts.settings
    return AdminPages(
        parts.registry,
        parts.logger,
        instance,
        Gate(settings.admin, settings.admin_access, seams.clock),
        AdminRecords(settings.audit.directory, lambda: instance.origins, seams.wall_clock),
        clock=seams.clock,
        wall_clock=seams.wall_clock,
    )
