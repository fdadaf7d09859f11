"""Third-party programs, run until a test is over."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

SECONDS = 20.0
"""For a program to listen."""


@contextlib.asynccontextmanager
async def listening(port: int, *command: str) -> AsyncIterator[None]:
    """Run `command`, wait until it listens on `port`, and end it afterwards."""
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(SECONDS):
            while process.returncode is None:
                with contextlib.suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.close()
                    break
                await asyncio.sleep(0.02)
        assert process.returncode is None, f"{command[0]} ended"
        yield
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
