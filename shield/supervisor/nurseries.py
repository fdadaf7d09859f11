"""Keeps the nursery that workers come from: replaces it when it ends and with a new configuration.

The nursery holds the memory of all detectors, so a system short of memory may kill it. Workers go on without
it, but none can be made: so it is replaced at once, not when one is needed, while the file is most likely
still the one in force. If it is not, a reload makes the next one.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Container

from shield.config_codes import ProblemCode
from shield.errors import ConfigError, ShieldError
from shield.supervisor.backoff import Backoff
from shield.supervisor.channel import ChannelClosedError
from shield.supervisor.nursery import Nursery
from shield.telemetry.logging import Logger


class Nurseries:
    """The nursery in force. `make` starts one, which loads the file as it is now.

    `in_force` tells the digest of the configuration in force: a nursery that found another file is not used
    unless a reload puts that in force.
    """

    def __init__(self, make: Callable[[], Nursery], in_force: Callable[[], str], logger: Logger) -> None:
        self.make = make
        self._in_force = in_force
        self._logger = logger
        self._current: Nursery | None = None
        self._next: Nursery | None = None  # of a reload that found none alive
        self._superseded: list[Nursery] = []  # kept until their last workers are replaced
        self._missed: Nursery | None = None  # whose end was reported
        self._reviving = asyncio.Lock()
        self._backoff = Backoff()
        self._keeping: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start the first, and another whenever one ends. Returns when it has loaded; raises ShieldError."""
        self._current = nursery = self.make()
        await nursery.loaded()
        self._keep(nursery)

    def _now(self) -> Nursery:
        assert self._current is not None  # noqa: S101  all else comes after start
        return self._current

    def _keep(self, nursery: Nursery) -> None:
        task = asyncio.get_running_loop().create_task(self._revive(nursery), name="nurseries")
        self._keeping.add(task)
        task.add_done_callback(self._keeping.discard)

    async def _revive(self, nursery: Nursery) -> None:
        """Replace `nursery` when it has ended, unless it is no longer in force by then."""
        loop = asyncio.get_running_loop()
        born = loop.time()
        await nursery.ended.wait()
        lived = loop.time() - born
        while self._current is nursery:
            self._miss(nursery)
            await asyncio.sleep(self._backoff.after(lived))
            lived = 0.0
            with contextlib.suppress(ShieldError):
                await self.living()

    def _miss(self, nursery: Nursery) -> None:
        """Report, once, that it ended although nobody told it to."""
        if self._missed is not nursery:
            self._missed = nursery
            self._logger.error("nursery_ended", pid=nursery.pid)

    async def living(self) -> Nursery:
        """The nursery, or a new one with the same configuration if it has ended. Raises ShieldError."""
        async with self._reviving:
            nursery = self._now()
            if not nursery.ended.is_set():
                return nursery
            self._miss(nursery)
            new: Nursery | None = None
            try:
                new = self.make()
                if await new.loaded() != self._in_force():
                    raise ConfigError(  # noqa: TRY301  answered below
                        ProblemCode.FILE_CHANGED,
                        "the file on disk is not the configuration in force; reload it",
                    )
            except BaseException as error:
                if new is not None:
                    await new.close()
                if isinstance(error, ShieldError):
                    self._logger.error("nursery_refused", code=error.code, problems=str(error).splitlines())  # noqa: TRY400  no frames: expected
                raise
            if self._current is not nursery:  # a reload was faster
                await new.close()
                return self._now()
            await self.replace(new).close()
            self._logger.info("nursery_started", pid=new.pid)
            return new

    def replace(self, nursery: Nursery) -> Nursery:
        """Put another in force; returns the previous one, which the caller closes. Its workers go on."""
        old, self._current = self._now(), nursery
        self._keep(nursery)
        return old

    def supersede(self, nursery: Nursery) -> None:
        """Put another in force, and keep the previous one while workers run that it made: it knows them."""
        self._superseded.append(self.replace(nursery))

    async def close_unused(self, makers: Container[Nursery]) -> None:
        """End superseded nurseries that are not in `makers`."""
        unused = [nursery for nursery in self._superseded if nursery not in makers]
        self._superseded = [nursery for nursery in self._superseded if nursery in makers]
        for nursery in unused:
            await nursery.close()

    # A reload: `prepare`, then `commit` or `forget`.

    async def prepare(self) -> str:
        """Load the file as it is now beside the one in force; returns its digest. Raises ShieldError."""
        nursery = self._now()
        if not nursery.ended.is_set():
            return await nursery.prepare()
        self._next = self.make()
        return await self._next.loaded()

    async def commit(self) -> None:
        """Have workers get what was prepared from now on."""
        prepared, self._next = self._next, None
        if prepared is not None:
            await self.replace(prepared).close()
            return
        with contextlib.suppress(ChannelClosedError):
            self._now().commit()

    async def forget(self) -> None:
        """Drop what was prepared."""
        prepared, self._next = self._next, None
        if prepared is not None:
            await prepared.close()
        self._now().forget()

    # End.

    def close_listening(self) -> None:
        """Close all copies of the listening sockets: no worker and no other nursery follows."""
        for task in self._keeping:
            task.cancel()
        for nursery in (self._current, *self._superseded):
            if nursery is not None:
                nursery.close_listening()

    async def close(self) -> None:
        """End it. Workers that it made go on."""
        for task in self._keeping:
            task.cancel()
        await asyncio.gather(*self._keeping, return_exceptions=True)
        for nursery in (self._next, self._current, *self._superseded):
            if nursery is not None:
                await nursery.close()
