"""Messages between the supervisor and a worker: one JSON value a line over a pair of connected sockets.

The pair is made before the worker is, and has no name in the file system, so nobody else can connect. The
supervisor asks (`op`, with an `id`) and the worker answers with that `id`; the worker also reports unasked
(`event`). A closed end means that the process is gone, or must go.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

import orjson

MAX_MESSAGE = 64 * 1024 * 1024
"""Bytes of a line: a worker's metrics, with all routes of a large configuration."""

Message = dict[str, Any]


class ChannelClosedError(Exception):
    """The other process has ended, or closed its end."""


class Channel:
    """One end. Create it with `open` in the event loop that uses it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, sock: socket.socket) -> Channel:
        """Take over one of a pair of stream sockets."""
        return cls(*await asyncio.open_unix_connection(sock=sock, limit=MAX_MESSAGE))

    def send(self, message: Message) -> None:
        """Send without waiting; does nothing if the other end is closed."""
        if not self._writer.is_closing():
            self._writer.write(orjson.dumps(message, option=orjson.OPT_NON_STR_KEYS) + b"\n")

    async def messages(self) -> AsyncIterator[Message]:
        """The messages that come, until the other end is closed. An incomplete last line is dropped."""
        with contextlib.suppress(OSError):
            while (line := await self._reader.readline()).endswith(b"\n"):
                yield orjson.loads(line)

    async def flush(self) -> None:
        """Wait until what was sent has left this process."""
        with contextlib.suppress(OSError):
            await self._writer.drain()

    def close(self) -> None:
        """Close this end."""
        self._writer.close()


class Asker:
    """The supervisor's end: asks and waits for the answer. `on_event` gets unasked messages."""

    def __init__(self, channel: Channel, on_event: Callable[[Message], None]) -> None:
        self._channel = channel
        self._on_event = on_event
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Message]] = {}
        self._closed = False

    async def run(self) -> None:
        """Read until the worker's end is closed; calls that still wait then get ChannelClosedError."""
        try:
            async for message in self._channel.messages():
                number = message.get("id")
                if number is None:
                    self._on_event(message)
                    continue
                future = self._waiting.pop(number, None)
                if future is not None and not future.done():
                    future.set_result(message)
        finally:
            self._closed = True
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(ChannelClosedError())
                    future.exception()  # marked as seen: its waiter may have given up
            self._waiting.clear()
            self._channel.close()

    async def ask(self, op: str, seconds: float, **arguments: Any) -> Message:
        """The answer to `op`. Raises ChannelClosedError, or TimeoutError after `seconds`."""
        if self._closed:
            raise ChannelClosedError
        number = next(self._numbers)
        future: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        self._channel.send({"id": number, "op": op, **arguments})
        try:
            async with asyncio.timeout(seconds):
                return await future
        finally:
            self._waiting.pop(number, None)
