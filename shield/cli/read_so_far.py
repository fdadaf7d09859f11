"""Says on a terminal, while a command reads long logs, how much it has read so far."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from shield.audit.files import OsFiles

SECONDS = 5.0
_MEGABYTE = 1_000_000


class ReadSoFar(OsFiles):
    """The operating system's files, which `tell` a line about the bytes read, each `SECONDS` at most.

    `clock` is monotonic, in seconds. Of a command that reads its logs several times over, such as a report,
    all readings count.
    """

    def __init__(self, tell: Callable[[str], object], clock: Callable[[], float]) -> None:
        self._tell = tell
        self._clock = clock
        self._began = self._last = clock()
        self._bytes = 0

    def read(self, path: Path) -> bytes:
        """As that of `OsFiles`."""
        data = super().read(path)
        self._bytes += len(data)
        now = self._clock()
        if now - self._last >= SECONDS:
            self._last = now
            self._tell(f"{now - self._began:.0f} s: {self._bytes // _MEGABYTE:,} MB of the logs read so far")
        return data
