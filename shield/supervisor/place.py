"""An instance's place in an audit directory: its supervisor holds a lock there for as long as it serves.

Workers of a supervisor that was killed, or stops, go on for as long as they drain, so that a log which is
held says nothing about whether it will be free soon. This lock does: it ends with the supervisor, however
that ends, and at the beginning of a stop. Where it is held, another instance serves under the same origin.

The lock only makes a start give up early and plainly. That an origin has one writer is ensured by the lock of
each log's folder (`audit.beginning`); so where this one cannot be made, the start goes on.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable

from shield.audit.files import FILE_MODE, Files, OsFiles, make_folders
from shield.audit.keys import folder_name
from shield.config.settings_audit import AuditSettings
from shield.errors import AuditUnavailableError
from shield.telemetry.logging import Logger

SUFFIX = ".lock"
PATIENCE = 5.0
"""Seconds for another instance that was told to stop, or killed, at this very moment to let go."""
_RETRY = 0.1
IN_USE = "another instance serves with this origin: stop one of the two, or give one another audit.origin"


class Place:
    """The lock `DIRECTORY/ORIGIN.lock`, for an origin that several workers share. `take`, then `leave`."""

    def __init__(
        self,
        audit: AuditSettings,
        logger: Logger,
        *,
        files: Files | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._audit = audit
        self._logger = logger
        self._files = files or OsFiles()
        self._sleep = sleep
        self._lock: int | None = None

    async def take(self) -> None:
        """Wait up to `PATIENCE` seconds for the lock. Raises AuditUnavailableError while another holds it."""
        waited = 0.0
        while True:
            try:
                self._lock = await asyncio.to_thread(self._open)
            except BlockingIOError:
                if waited >= PATIENCE:
                    origin, folder = self._audit.origin, self._audit.directory
                    raise AuditUnavailableError(
                        f"another instance serves with the origin {origin} in {folder}; "
                        "stop it, or change audit.origin or audit.directory"
                    ) from None
            except OSError:
                return  # the logs are in the same directory: their opening says what is wrong with it
            else:
                return
            if not waited:
                self._logger.warning(
                    "audit_log_in_use", origin=self._audit.origin, waits_s=PATIENCE, detail=IN_USE
                )
            await self._sleep(_RETRY)
            waited += _RETRY

    def leave(self) -> None:
        """Let another instance take it; safe at any time."""
        lock, self._lock = self._lock, None
        if lock is not None:
            self._files.close(lock)

    def _open(self) -> int:
        make_folders(self._files, self._audit.directory)
        path = self._audit.directory / f"{folder_name(self._audit.origin)}{SUFFIX}"
        lock = self._files.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE)
        try:
            self._files.lock(lock)
        except BaseException:
            self._files.close(lock)
            raise
        return lock
