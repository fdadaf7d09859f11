"""A reload changes the real service's limits on clients, and the system's open-file limit bounds them."""

from __future__ import annotations

import asyncio
import resource
from pathlib import Path

from shield.proxy.descriptors import RESERVED
from tests.leak.stage import stage

UNFINISHED = b"POST /t HTTP/1.1\r\nHost: s\r\n"
POOL = 100  # the default of the stage's one upstream


async def test_a_reload_changes_the_limits_of_connections_that_are_open(tmp_path: Path) -> None:
    async with stage(tmp_path, server="header_timeout: 60s") as running:
        reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
        writer.write(b"GET /nowhere HTTP/1.1\r\nHost: s\r\n\r\n")
        assert b" 404 " in await reader.readline()
        configuration = tmp_path / "shield.yaml"
        configuration.write_text(configuration.read_text().replace("timeout: 60s", "timeout: 50ms"))
        assert await running.service.reload()
        writer.write(UNFINISHED)
        async with asyncio.timeout(20):
            assert b"HTTP/1.1 408 " in await reader.read()
        writer.close()


async def test_few_open_files_lower_the_number_of_connections(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    async with stage(tmp_path, server="max_connections: 5000000") as running:
        try:
            soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
            assert soft == min(hard, 5_000_000 + POOL + RESERVED)
            limited = "connections_limited_by_open_files" in running.log.getvalue()
            assert limited == (soft < 5_000_000 + POOL + RESERVED)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
