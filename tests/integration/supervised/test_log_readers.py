"""Whoever reads the program's log may hang or be gone: writes go on, and a stop ends in order."""

from __future__ import annotations

import asyncio
import fcntl
import signal
from pathlib import Path

from tests.integration.supervised.fleet import Load, fleet

PIPE_BYTES = 4096
ENOUGH = 60
"""Writes whose lines are more than a pipe of that size holds."""


async def test_a_log_reader_that_hangs_and_then_goes(tmp_path: Path) -> None:
    async with fleet(tmp_path) as running:
        load = Load(running.port)
        load.start(4)
        await load.more(5)
        pipe = running.process._transport.get_pipe_transport(2)  # type: ignore[attr-defined]
        pipe.pause_reading()
        fcntl.fcntl(pipe.get_extra_info("pipe"), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        await load.more(ENOUGH)
        pipe.close()
        await load.more(20)
        running.process.send_signal(signal.SIGHUP)
        await load.more(20)
        await load.stop()
        assert await running.page("/readyz") == (200, b'{"status":"ok","reasons":[]}')
        async with asyncio.timeout(60):
            assert await running.stop() == 0
        running.check(load)
