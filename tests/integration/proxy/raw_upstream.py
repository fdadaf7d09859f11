"""An upstream on bare sockets that keeps what it receives unchanged and answers by a script."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass
class Received:
    """A request as the upstream got it, with the order and spelling of its header fields."""

    method: str
    target: str
    fields: list[tuple[str, str]]
    body: bytes

    def get(self, name: str) -> str | None:
        return next((value for key, value in self.fields if key.lower() == name.lower()), None)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key.lower() == name.lower()]


Script = Callable[[Received, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def answering(*chunks: bytes) -> Script:
    async def script(request: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for chunk in chunks:
            writer.write(chunk)
            await writer.drain()

    return script


CREATED = answering(
    b'HTTP/1.1 201 Made It\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{"id":1}'
)


class RawUpstream:
    """Reads requests with its own parser, notes them, and answers with its script.

    `on_head` runs between a request's head and its body, and ends the exchange when it returns True.
    """

    def __init__(self) -> None:
        self.requests: list[Received] = []
        self.heads = 0
        self.connections = 0
        self.script: Script = CREATED
        self.on_head: Callable[[asyncio.StreamWriter], Awaitable[bool]] | None = None
        self.arrived = asyncio.Event()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def drop_connections(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        self.connections += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("utf-8", "surrogateescape")
                self.heads += 1
                line, *lines = head[:-4].split("\r\n")
                method, target, _ = line.split(" ")
                fields = [(name, value) for name, _, value in (text.partition(": ") for text in lines)]
                request = Received(method, target, fields, b"")
                if self.on_head is not None and await self.on_head(writer):
                    return
                assert request.get("transfer-encoding") is None, "the shield always says the length"
                request.body = await reader.readexactly(int(request.get("content-length") or 0))
                self.requests.append(request)
                self.arrived.set()
                await self.script(request, reader, writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            self._writers.discard(writer)
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()
