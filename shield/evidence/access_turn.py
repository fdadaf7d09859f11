"""Gives processes that wait for an access log their turn to open it.

A process that records without pause (a console in use) opens the log again right after releasing it. Another
that checks from time to time whether the log is free might never find it so. So each first takes the turn,
keeps it until it has the log, and lets nobody else try meanwhile. The turn protects nothing: the log's own
lock does.

It is a lock on the log's `vkey` file, which ends with the process. Where that file does not exist yet, nobody
waits.
"""

from __future__ import annotations

import os
from pathlib import Path

from shield.audit.files import OsFiles
from shield.audit.tiles import VKEY_PATH


class Turn:
    """The turn at the log in `folder`. Call `take` until it succeeds, and `leave` in any case."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / VKEY_PATH
        self._fd: int | None = None

    def take(self) -> bool:
        """Whether this process has the turn. Raises `OSError` for a log that may not be read."""
        if self._fd is not None:
            return True
        try:
            fd = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except (FileNotFoundError, NotADirectoryError):
            return True
        try:
            OsFiles().lock(fd)
        except BlockingIOError:
            os.close(fd)
            return False
        except BaseException:
            os.close(fd)
            raise
        self._fd = fd
        return True

    def leave(self) -> None:
        """Let the next one try."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
