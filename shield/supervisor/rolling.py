"""A rolling reload: replaces all workers, one by one, by ones that loaded everything anew.

A worker in the slot after the last first proves the new code and files; it stands in for each slot that
changes hands, and ends when all have.
"""

from __future__ import annotations

import asyncio
import contextlib

from shield.config.settings import Settings
from shield.config_codes import ProblemCode
from shield.errors import ConfigError, ShieldError
from shield.supervisor.fleet import Fleet
from shield.supervisor.in_force import InForce
from shield.supervisor.nursery import Nursery
from shield.supervisor.slot import Slot
from shield.supervisor.worker import WorkerProcess
from shield.telemetry.logging import Logger
from shield.telemetry.supervision import SupervisionMetrics

REPLACE_SECONDS = 120.0
"""Seconds for a worker's successor to take traffic before a rolling reload is reported as unfinished."""
_REASON = "rolling_reload"


class Rolling:
    """Replaces the workers of a fleet. `replacing` is the slot that an unfinished reload is at, else None."""

    def __init__(self, fleet: Fleet, in_force: InForce, metrics: SupervisionMetrics, logger: Logger) -> None:
        self.replacing: int | None = None
        self._fleet = fleet
        self._in_force = in_force
        self._metrics = metrics
        self._logger = logger
        self._fresh: Nursery | None = None  # makes the worker of the extra slot, until it is in force
        self._rolls = 0  # how many have begun

    async def roll(self) -> bool:
        """Replace all workers. An unfinished rolling reload before it ends here, superseded.

        False where that is refused, and where a worker does not come back: then the extra one stands in for
        it, and the others are replaced once it has.
        """
        async with self._fleet.changing:
            try:
                nursery, settings = await self._fresh_nursery()
            except ShieldError as error:
                lines = str(error).splitlines()
                self._logger.error("rolling_reload_refused", code=error.code, problems=lines)  # noqa: TRY400  no frames: expected
                self._metrics.rolled("refused")
                return False
            if self.replacing is not None:
                self._logger.warning("rolling_reload_superseded", slot=self.replacing, by=settings.digest)
                self._metrics.rolled("superseded")
                self._metrics.unfinished.set(0)
            self._fleet.nurseries.supersede(nursery)
            self._fresh = None
            self._rolls += 1
            before = self._in_force.settings.digest
            self._in_force.put(settings)
            self._logger.info("rolling_reload", before=before, after=settings.digest)
            return await self._replace_from(0)

    async def _replace_from(self, first: int) -> bool:
        """Replace the workers from slot `first` on, then end the extra one; False where one stays away."""
        fleet = self._fleet
        for index in range(first, fleet.count):
            slot = fleet.slots[index]
            self.replacing = index
            await slot.replace(_REASON, fleet.stop_seconds)
            with contextlib.suppress(TimeoutError):
                await self._settled(slot)
            if not slot.serving:
                lines = str(slot.error or "it did not start in time").splitlines()
                self._logger.error("rolling_reload_incomplete", slot=index, problems=lines)
                self._metrics.unfinished.set(1)
                fleet.spawn(self._go_on(slot, self._rolls))
                return False
        await fleet.slots.pop(fleet.count).close(_REASON, fleet.stop_seconds)
        self.replacing = None
        fleet.change()
        await fleet.close_unused()
        self._metrics.unfinished.set(0)
        self._metrics.rolled("ok")
        self._logger.info("rolled")
        return True

    async def _go_on(self, slot: Slot, roll: int) -> None:
        """Resume a rolling reload once the slot is filled, which is retried."""
        await self._fleet.until(lambda: slot.serving)
        async with self._fleet.changing:
            if roll == self._rolls:  # else another has begun since
                await self._replace_from(slot.index + 1)

    async def _settled(self, slot: Slot) -> None:
        """Return when the slot's worker takes traffic or could not start. Raises TimeoutError."""
        async with asyncio.timeout(REPLACE_SECONDS):
            await self._fleet.until(lambda: slot.serving or slot.error is not None)

    async def _fresh_nursery(self) -> tuple[Nursery, Settings]:
        """A nursery with the code and files of now, proven by its worker that serves in the extra slot."""
        settings = await self._in_force.next()
        nursery = self._fleet.nurseries.make()
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
        fleet = self._fleet
        stands_in = fleet.slots.get(fleet.count)  # of an unfinished reload: its worker gives way
        self._fresh = nursery
        if stands_in is not None:
            await stands_in.replace(_REASON, fleet.stop_seconds)
        extra = stands_in or fleet.add(fleet.count, self._make_extra)
        try:
            await self._settled(extra)
            if not extra.serving:
                raise extra.error or ShieldError()  # noqa: TRY301  answered below
        except BaseException:
            self._fresh = None
            if stands_in is None:
                await fleet.slots.pop(fleet.count).close(_REASON, fleet.stop_seconds)
            else:  # filled again with the old code
                await extra.replace(_REASON, fleet.stop_seconds)
            raise

    async def _make_extra(self, index: int) -> WorkerProcess:
        return await self._fleet.make_from(self._fresh or await self._fleet.nurseries.living(), index)
