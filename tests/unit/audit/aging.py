"""Logs that age: upkeep on a clock that a test sets, and a log with old and young records."""

from __future__ import annotations

from pathlib import Path

from shield.audit.files import FolderReader
from shield.audit.log import AuditLog
from shield.audit.upkeep import Upkeep

from .logs import (
    Clock,
    open_log,
    records_of,
    seeded,
    write_pairs,
)

MAY = 1_935_666_000_000_000_000  # 2031-05-04T13:00:00Z


DAY = 86_400 * 10**9


def upkeep(log: AuditLog, clock: Clock | None = None) -> Upkeep:
    return Upkeep(log, clock or Clock(MAY), seeded(7).randbytes)


def records(directory: Path, *kinds: str) -> list[dict[str, object]]:
    return [fields for fields in records_of(directory) if fields["kind"] in kinds]


async def old_and_young(directory: Path, clock: Clock, pairs: int = 700) -> AuditLog:
    """A log with equally many pairs from May 2031 and from a year and a half later."""
    log = await open_log(directory, clock=clock)
    for start in range(0, pairs, 100):
        await write_pairs(log, 100, start)
    clock.now += 540 * DAY
    for start in range(pairs, 2 * pairs, 100):
        await write_pairs(log, 100, start)
    return log


class ReaderOfTwo(FolderReader):
    """Switches to another folder after `reads` reads, like a log that is pruned while it is read."""

    def __init__(self, first: Path, second: Path, reads: int) -> None:
        super().__init__(first)
        self._second = second
        self.left = reads

    def read(self, path: str) -> bytes | None:
        if self.left == 0:
            self.folder = self._second
        self.left -= 1
        return super().read(path)
