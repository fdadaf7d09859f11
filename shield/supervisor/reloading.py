"""Reloads: puts the configuration as it is now in force in all workers, or in none."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

from shield.config_codes import ProblemCode
from shield.errors import ConfigError, ShieldError
from shield.proxy.admin.instance import LatestReload, ReloadResult, refused
from shield.supervisor import faults
from shield.supervisor.fleet import Fleet
from shield.supervisor.in_force import InForce
from shield.supervisor.worker import State
from shield.telemetry.logging import Logger
from shield.telemetry.supervision import SupervisionMetrics

PREPARE_SECONDS = 300.0
"""Seconds for all workers to load a new configuration."""
COMMIT_SECONDS = 30.0
CHANGED = "the file changed while it was loaded; reload again"


class Reloading:
    """Reloads a fleet. `latest` is the result of the newest reload."""

    def __init__(self, fleet: Fleet, in_force: InForce, metrics: SupervisionMetrics, logger: Logger) -> None:
        self.latest: LatestReload | None = None
        self._fleet = fleet
        self._in_force = in_force
        self._metrics = metrics
        self._logger = logger
        self._reloads = 0  # how many have begun: the number of the newest

    async def reload(self, expected: str | None = None) -> ReloadResult:
        """Put the present configuration, if its digest is `expected`, in force in all workers or in none."""
        async with self._fleet.changing:
            result = await self._reload(expected)
            self.latest = LatestReload(time.time(), result)
            self._metrics.reloaded(ok=bool(result))
            return result

    async def _reload(self, expected: str | None) -> ReloadResult:
        fleet, in_force = self._fleet, self._in_force
        self._reloads += 1
        # A stalled one could not answer; it is replaced, or is told to stop as soon as it runs again.
        workers = [it for it in fleet.workers() if it.state is State.READY and not it.stalled]
        try:
            settings = await in_force.next(expected)
            digest = await fleet.nurseries.prepare()
            if digest != settings.digest:  # between the two
                raise ConfigError(ProblemCode.FILE_CHANGED, CHANGED)
            await _all(
                worker.ask("prepare", PREPARE_SECONDS, reload=self._reloads, digest=digest)
                for worker in workers
            )
        except ShieldError as error:
            await fleet.nurseries.forget()
            for worker in workers:
                with contextlib.suppress(ShieldError):
                    await worker.ask("refuse", COMMIT_SECONDS, error=faults.to_plain(error))
            self._logger.error("reload_refused", code=error.code, problems=str(error).splitlines())  # noqa: TRY400  no frames: expected
            return refused(in_force.settings.digest, error)
        before = in_force.settings.digest
        in_force.put(settings)
        await fleet.nurseries.commit()
        for slot in fleet.slots.values():
            worker_now = slot.worker
            if worker_now in workers:
                try:
                    await worker_now.ask("commit", COMMIT_SECONDS, reload=self._reloads)
                    continue
                except ShieldError as error:
                    self._logger.error("commit_failed", slot=slot.index, code=error.code)  # noqa: TRY400  no frames: expected
            # It began under the old one, or its log took no record of the new one: replace it.
            fleet.spawn(slot.replace("reload", fleet.stop_seconds))
        self._logger.info("reloaded", before=before, after=settings.digest)
        return ReloadResult(before, settings.digest)


async def _all(asked: Any) -> None:
    """Wait for all, even if one fails, and then raise what the first of them raised."""
    results = await asyncio.gather(*asked, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
