"""The supervisor: owns everything above the workers, and starts and ends it in order."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

from prometheus_client import CollectorRegistry

from shield import __version__
from shield.config.settings import Settings
from shield.proxy.admin.instance import ReloadResult
from shield.proxy.admin.pages import ADMIN_LIMITS
from shield.proxy.board import Board
from shield.proxy.listener import ListenerSite
from shield.proxy.tls_contexts import server_context
from shield.supervisor.admin import admin_pages
from shield.supervisor.companion import Companion, Companions
from shield.supervisor.cores import worker_count
from shield.supervisor.fleet import Fleet
from shield.supervisor.in_force import InForce
from shield.supervisor.nurseries import Nurseries
from shield.supervisor.nursery import Nursery
from shield.supervisor.place import Place
from shield.supervisor.reloading import Reloading
from shield.supervisor.rolling import Rolling
from shield.supervisor.sockets import listening
from shield.supervisor.watch import Watch
from shield.telemetry.logging import Logger
from shield.telemetry.supervision import SupervisionMetrics


class Supervisor:
    """Created from a loaded configuration; `start`, then signals, then `stop`."""

    def __init__(
        self,
        path: Path,
        env: Mapping[str, str],
        settings: Settings,
        beside: Sequence[Companion],
        logger: Logger,
    ) -> None:
        self._path = path
        self._env = env
        self._logger = logger
        self._in_force = in_force = InForce(path, env, settings)
        count = worker_count(settings.server.workers)
        self._board = Board.create(count + 1)
        self._place = Place(settings.audit, logger)
        self._listening: list[socket.socket] = []
        self._registry = CollectorRegistry()
        metrics = SupervisionMetrics(self._registry)
        self._nurseries = Nurseries(self._new_nursery, lambda: in_force.settings.digest, self._logger)
        self._fleet = fleet = Fleet(
            count, in_force, self._nurseries, board=self._board, metrics=metrics, logger=self._logger
        )
        self._registry.register(fleet.exposition)
        self._reloading = Reloading(fleet, in_force, metrics, logger)
        self._rolling = Rolling(fleet, in_force, metrics, self._logger)
        self._watch = Watch(self._board, lambda: in_force.settings, fleet.slots, self._logger, fleet.retire)
        self._companions = Companions(beside, env, self._logger, metrics.companions)
        self._admin: ListenerSite | None = None

    def _new_nursery(self) -> Nursery:
        return Nursery.start(self._path, self._env, board=self._board.descriptor, listening=self._listening)

    async def start(self) -> None:
        """Take the place, bind, load, fill all slots.

        Returns when every worker takes traffic; raises ShieldError.
        """
        settings = self._in_force.settings
        await self._place.take()
        if settings.proxy.tls is not None:
            server_context(settings.proxy.tls)  # the workers' own: told before the detectors are loaded
        self._listening = await listening(settings.proxy, self._logger)
        pages = admin_pages(self._fleet, self._in_force, self._reloading, self._registry, self._logger)
        self._admin = ListenerSite(settings.admin, pages, pages.unhandled, ADMIN_LIMITS)
        self._in_force.listens(self._admin, pages)
        await self._admin.start()
        await self._nurseries.start()
        await self._fleet.start()
        self._watch.start()
        self._companions.start()
        self._fleet.serving = True
        self._logger.info(
            "supervising",
            proxy=[list(sock.getsockname()[:2]) for sock in self._listening],
            admin=self._admin.url,
            version=__version__,
            config=settings.digest,
            workers=self._fleet.count,
        )

    async def stop(self, reason: str = "stop") -> None:
        """Stop everything; safe at any stage of `start`."""
        fleet = self._fleet
        if self._rolling.replacing is not None and not fleet.stopping:
            self._logger.warning("rolling_reload_abandoned", slot=self._rolling.replacing)
        fleet.stopping = True
        fleet.serving = False
        self._place.leave()
        for sock in self._listening:
            sock.close()
        self._nurseries.close_listening()
        await self._watch.stop()
        await asyncio.gather(fleet.close(reason), self._companions.stop())
        await self._nurseries.close()
        if self._admin is not None:
            await self._admin.stop()
        self._board.close()
        os.close(self._board.descriptor)
        self._logger.info("supervisor_stopped", reason=reason)

    def kill_all(self) -> None:
        """End all workers at once, on a second signal to stop."""
        self._fleet.kill_all()

    async def reload(self) -> ReloadResult:
        """Put the present configuration in force, in all workers or in none."""
        return await self._reloading.reload()

    async def roll(self) -> bool:
        """Replace all workers, one by one, by ones with the present code, models and configuration."""
        return await self._rolling.roll()
