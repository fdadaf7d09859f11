"""Keeps access logs open for a process that makes many access records.

A record by `record_access` opens, signs and closes a log: seventeen syncs of the disk that delay writes. Here
each record is on disk when its call returns, after one sync that records of the same moment share. They are
signed when the log is released: after `IDLE` seconds without an access, and after `LONGEST` in any case, so
that other processes have their turn (`access_turn`). After a crash, the next process that opens the log
signs.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from pathlib import Path

from shield.audit.log import AuditLog
from shield.errors import AuditUnavailableError, EvidenceError, ShieldError
from shield.evidence.access import (
    WAIT_SECONDS,
    Access,
    Actor,
    access_draft,
    make_home,
    open_access_log,
)

IDLE = 1.0
LONGEST = 3.0


class AccessHold:
    """Create it once, in one event loop; `close` signs what was recorded.

    `idle` and `longest` are seconds, `clock` gives nanoseconds since 1970.
    """

    def __init__(
        self, *, idle: float = IDLE, longest: float = LONGEST, clock: Callable[[], int] = time.time_ns
    ) -> None:
        self._idle = idle
        self._longest = longest
        self._clock = clock
        self._held: dict[tuple[Path, str], _HeldLog] = {}
        self._keepers: dict[tuple[Path, str], asyncio.Task[None]] = {}
        self._stopping = False

    async def record(self, directory: Path, origin: str, actor: Actor, access: Access) -> str:
        """Record one access to the log of `origin`, on disk on return; returns its receipt.

        Raises `EvidenceError` where it could not be recorded.
        """
        key = (directory, origin)
        held = self._held.get(key)
        if held is None:
            held = self._held[key] = _HeldLog()
            self._keepers[key] = asyncio.create_task(self._keep(key, held, self._keepers.get(key)))
        try:
            return await held.record(origin, actor, access)
        except (OSError, ShieldError) as error:
            cause = error.strerror if isinstance(error, OSError) else str(error)
            raise EvidenceError(f"this access cannot be recorded: {cause}") from None

    async def close(self) -> None:
        """Release all logs, each signed."""
        self._stopping = True
        for held in self._held.values():
            held.used.set()
        await asyncio.gather(*self._keepers.values())

    async def _keep(self, key: tuple[Path, str], held: _HeldLog, before: asyncio.Task[None] | None) -> None:
        """Open the log, hold it while it is used, sign it and release it."""
        if before is not None:
            await before
        directory, origin = key
        try:
            log = await open_access_log(directory, origin, WAIT_SECONDS, self._clock)
        except (OSError, ShieldError) as error:
            del self._held[key]
            held.opened.set_exception(error)
            held.opened.exception()  # marked as seen: the caller may have given up
            return
        held.opened.set_result(log)
        with contextlib.suppress(OSError):  # then the next record tries again
            make_home(directory, origin)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._longest):
                while not (self._stopping or held.failed):
                    held.used.clear()
                    async with asyncio.timeout(self._idle):
                        await held.used.wait()
        del self._held[key]
        await held.unused.wait()
        with contextlib.suppress(AuditUnavailableError):  # the recording call has raised it
            await log.close("recorded")


class _HeldLog:
    """A log from its opening until its release, and its users."""

    def __init__(self) -> None:
        self.opened: asyncio.Future[AuditLog] = asyncio.get_running_loop().create_future()
        self.used = asyncio.Event()
        self.unused = asyncio.Event()
        self.failed = False
        self._users = 0

    async def record(self, origin: str, actor: Actor, access: Access) -> str:
        self._users += 1
        self.unused.clear()
        try:
            log = await asyncio.shield(self.opened)
            index = await log.commit(access_draft(origin, actor, access))
        except (OSError, ShieldError):
            self.failed = True
            raise
        finally:
            self._users -= 1
            self.used.set()
            if not self._users:
                self.unused.set()
        return f"{log.origin}#{index}"
