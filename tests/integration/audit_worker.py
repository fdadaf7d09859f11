"""A process that writes audit records as fast as it can and prints which are acknowledged.

`test_audit_faults` runs and kills it. Arguments: the audit directory.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from shield.audit import wal
from shield.audit.log import AuditLog
from tests.unit.audit.logs import intent, outcome, placed, settings


async def client(log: AuditLog, number: int) -> None:
    turn = 0
    while True:
        turn += 1
        name = number * 1_000_000 + turn
        index = await log.commit(intent(name, [placed()]))
        os.write(1, f"{index} request-{name}\n".encode())
        log.append(outcome(index, name))


async def main() -> None:
    log = await AuditLog.open(settings(Path(sys.argv[1]), checkpoint_interval=0.02), build="0.1.0")
    async with asyncio.TaskGroup() as tasks:
        for number in range(20):
            tasks.create_task(client(log, number))


if __name__ == "__main__":
    wal.SEGMENT_BYTES = 100_000
    asyncio.run(main())
