"""The console that `shield serve` starts ends with the supervisor, however that ends."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.integration.supervised.fleet import ANEW, fleet

CONSOLE = "console: {{listener: {{host: 127.0.0.1, port: 0}}, directory: '{}', priority: normal}}\n"


async def test_a_console_ends_with_its_supervisor_however_that_ends(tmp_path: Path) -> None:
    console = CONSOLE.format(tmp_path / "console")
    async with fleet(tmp_path, more=console, started_by=ANEW) as running:
        await running.line("console_started")
        since = running.signal(signal.SIGKILL)
        # No process is left to tell it.
        await running.line("console_stopped", since)
        for slot in (0, 1):
            await running.line("stopped", since, worker=slot, reason="supervisor_gone")
