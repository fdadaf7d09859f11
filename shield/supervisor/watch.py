"""Watches the workers from outside, once a second: whether their loops run, and what memory they hold."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from shield.background import ended
from shield.config.settings import Settings
from shield.proxy.board import Board
from shield.supervisor.slot import Slot
from shield.supervisor.worker import State, WorkerProcess
from shield.telemetry.logging import Logger

INTERVAL = 1.0
STALLED_AFTER = 3.0
"""Seconds without a beat after which a worker counts as taking no traffic."""
STALL_MARGIN = 5.0
"""Seconds beyond `stall_timeout` after which a worker is killed that its own watchdog did not end: one
that is stopped (SIGSTOP) or hangs in the kernel."""
_MEMORY_EVERY = 10  # intervals between looks at memory, which make the kernel walk the worker's page tables
_KIB = 1024


def own_memory(pid: int) -> int | None:
    """Bytes of memory that a process shares with no other; None where that cannot be read."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return None
    fields = (line.split() for line in lines)
    return sum(int(it[1]) for it in fields if it[0] in ("Private_Clean:", "Private_Dirty:")) * _KIB


class Watch:
    """`retire` is called for a worker that must be replaced when it has finished what it does."""

    def __init__(
        self,
        board: Board,
        settings: Callable[[], Settings],
        slots: Mapping[int, Slot],
        logger: Logger,
        retire: Callable[[Slot, str], None],
    ) -> None:
        self._board = board
        self._settings = settings
        self._slots = slots
        self._logger = logger
        self._retire = retire
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, in the running loop."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="watch")

    async def stop(self) -> None:
        """Stop watching. Safe to call before `start`."""
        await ended(self._task)

    async def _run(self) -> None:
        turn = 0
        while True:
            await asyncio.sleep(INTERVAL)
            turn += 1
            for slot in list(self._slots.values()):
                self.look(slot, time.monotonic(), memory=turn % _MEMORY_EVERY == 0)

    def look(self, slot: Slot, now: float, *, memory: bool) -> None:
        """Check one worker at `now` (monotonic seconds)."""
        server = self._settings().server
        worker = slot.worker
        if worker is None or worker.state is State.ENDED:
            return
        beat = self._board.last_beat(slot.index)
        silent = now - beat if beat else 0.0
        stalled = silent > STALLED_AFTER
        if stalled != worker.stalled:
            worker.stalled = stalled
            self._logger.warning(
                "worker_silent" if stalled else "worker_runs_again", **_named(worker, silent)
            )
            worker.on_change()
        if silent > server.stall_timeout + STALL_MARGIN:
            self._logger.error("worker_stalled", **_named(worker, silent))
            slot.kill("stalled")
        elif memory and server.worker_memory is not None and worker.state is State.READY:
            held = own_memory(worker.pid)
            if held is not None and held > server.worker_memory:
                self._logger.warning("worker_memory", slot=slot.index, pid=worker.pid, bytes=held)
                self._retire(slot, "memory")


def _named(worker: WorkerProcess, silent: float) -> dict[str, Any]:
    return {"slot": worker.slot, "pid": worker.pid, "seconds": round(silent, 1)}
