"""Runs the proxy as a process of its own: starts it, waits for it, stops it; derives its configuration.

It is started exactly as a user starts it, by `shield serve -c FILE`.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

import aiohttp
import yaml

_READY_SECONDS = 120.0
_CONSOLE_SECONDS = 60.0
_STOP_SECONDS = 60.0
_POLL_SECONDS = 0.1
_PORTS = range(20_000, 32_000)
"""Below the range that Linux uses for outgoing connections, one of which might take a port meanwhile."""


class StackError(Exception):
    """The proxy did not come up, or did not stop cleanly."""


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nobody listens on now. All are held until all are chosen.

    Raises `StackError` where there are too few.
    """
    with contextlib.ExitStack() as held:
        chosen: list[int] = []
        candidates = random.SystemRandom().sample(_PORTS, len(_PORTS))
        while len(chosen) < count:
            if not candidates:
                raise StackError("no ports are free")
            port = candidates.pop()
            with contextlib.suppress(OSError):
                held.enter_context(socket.create_server(("127.0.0.1", port)))
                chosen.append(port)
        return chosen


def derived_configuration(
    text: str,
    *,
    proxy_port: int,
    admin_port: int,
    store_port: int,
    audit_directory: Path,
    anchors: Path | None = None,
    console_port: int | None = None,
) -> str:
    """The quick start's configuration on other ports, with its evidence in another folder.

    Without `console_port` it has no console, without `anchors` no anchor folder.
    """
    document = yaml.safe_load(text)
    document["listeners"]["proxy"]["port"] = proxy_port
    document["listeners"]["admin"]["port"] = admin_port
    document["upstreams"]["store"]["url"] = f"http://127.0.0.1:{store_port}"
    document["audit"]["directory"] = str(audit_directory)
    if anchors is not None:
        document["audit"]["anchors"] = {"vault": {"type": "directory", "path": str(anchors)}}
    if console_port is None:
        document.pop("console", None)
    else:
        document["console"]["listener"]["port"] = console_port
    return yaml.safe_dump(document, sort_keys=False)


class ProxyProcess:
    """`shield serve` as a child, in a session of its own.

    So Ctrl-C on the terminal reaches only the parent, which then stops the proxy once and in order:
    the store must stay up while the proxy finishes what is in flight.
    """

    def __init__(
        self, process: asyncio.subprocess.Process, admin_url: str, tell: Callable[[str], None] | None
    ) -> None:
        self._process = process
        self._admin_url = admin_url
        self._telling = asyncio.create_task(_tell(process.stdout, tell))

    @classmethod
    async def start(
        cls,
        configuration: Path,
        admin_url: str,
        output: int | IO[bytes] | None = None,
        *,
        tell: Callable[[str], None] | None = None,
    ) -> ProxyProcess:
        """Start it; `output` takes its logs (None: those of this process).

        `tell` gets each line that it prints for people, such as the console's set-up link.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "shield",
            "serve",
            "-c",
            str(configuration),
            stdout=output if tell is None else asyncio.subprocess.PIPE,
            stderr=output,
            start_new_session=True,
        )
        return cls(process, admin_url, tell)

    async def ready(self) -> None:
        """Wait until `/readyz` says 200. Raises StackError if the process ends first, or in 120 s."""
        await self._until(f"{self._admin_url}/readyz", "the proxy", _READY_SECONDS)

    async def console_ready(self, url: str) -> None:
        """Wait until the console at `url` answers; by then it has printed its messages. Raises StackError."""
        await self._until(f"{url}/healthz", "the console", _CONSOLE_SECONDS)

    async def _until(self, url: str, what: str, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds), aiohttp.ClientSession() as session:
                while not await _answers(session, url):
                    if self._process.returncode is not None:
                        raise StackError(f"the proxy ended with exit code {self._process.returncode}")
                    await asyncio.sleep(_POLL_SECONDS)
        except TimeoutError:
            raise StackError(f"{what} was not ready within {seconds:.0f} s") from None

    def reload(self) -> None:
        """Ask it to read its configuration again."""
        self._process.send_signal(signal.SIGHUP)

    async def ended(self) -> int:
        """Wait for the process to end by itself; its exit code."""
        return await self._process.wait()

    async def stop(self) -> int:
        """Ask it to stop, and wait until it has; its exit code. Raises StackError after 60 s."""
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                code = await self._process.wait()
                await self._telling
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
            await asyncio.wait(
                {self._telling}, timeout=_STOP_SECONDS
            )  # its pipe outlives it with its children
            raise StackError(f"the proxy did not stop within {_STOP_SECONDS:.0f} s") from None
        return code


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as response:
            return response.status == 200  # noqa: PLR2004  HTTP's OK
    except aiohttp.ClientError:
        return False


async def _tell(lines: asyncio.StreamReader | None, tell: Callable[[str], None] | None) -> None:
    if lines is None or tell is None:
        return
    async for line in lines:
        tell(line.decode("utf-8", "replace").rstrip("\n"))
