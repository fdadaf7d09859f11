"""The console's connections are bounded, and who asks nothing makes way for who does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from shield.app.console_listener import ConsoleListener
from shield.config.settings import Listener
from shield.proxy.listener import bind

MOST = 3
ASK = b"GET / HTTP/1.1\r\nHost: console\r\nConnection: close\r\n\r\n"
_Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Door:
    """A page that answers once it is let, and the address to ask it at."""

    def __init__(self) -> None:
        self.asked = asyncio.Semaphore(0)
        self.let = asyncio.Event()
        self.address = ("", 0)

    async def page(self, _: web.Request) -> web.Response:
        self.asked.release()
        await self.let.wait()
        return web.Response(text="the page")

    async def connect(self) -> _Stream:
        return await asyncio.open_connection(*self.address)


@asynccontextmanager
async def listening(patience: float) -> AsyncIterator[Door]:
    door = Door()
    app = web.Application()
    app.router.add_get("/", door.page)
    runner = web.AppRunner(app, handle_signals=False, shutdown_timeout=1.0)
    await runner.setup()
    assert runner.server is not None
    logger = logging.getLogger("tests.console.connections")
    listener = ConsoleListener(runner.server, None, logger, most=MOST, patience=patience)
    try:
        door.address = listener.start(await bind(Listener("127.0.0.1", 0)))
        yield door
    finally:
        await listener.stop()
        await runner.cleanup()


async def _close(*streams: _Stream) -> None:
    for _, writer in streams:
        writer.close()


async def test_who_asks_nothing_makes_way() -> None:
    async with listening(patience=0.0) as door:
        door.let.set()
        idle = [await door.connect() for _ in range(MOST + 4)]
        reader, writer = await door.connect()
        writer.write(ASK)
        assert (await reader.read()).endswith(b"the page")
        for oldest, _ in idle[:4]:
            assert await oldest.read() == b""
        await _close(*idle, (reader, writer))


async def test_who_asks_keeps_the_connection_and_the_next_is_closed() -> None:
    async with listening(patience=0.0) as door:
        asking = [await door.connect() for _ in range(MOST)]
        for _, writer in asking:
            writer.write(ASK)
        for _ in asking:
            await door.asked.acquire()
        late = await door.connect()
        assert await late[0].read() == b""
        door.let.set()
        for reader, _ in asking:
            assert (await reader.read()).endswith(b"the page")
        await _close(*asking, late)


async def test_who_came_just_now_need_not_make_way_yet() -> None:
    async with listening(patience=3600.0) as door:
        door.let.set()
        first = [await door.connect() for _ in range(MOST)]
        late = await door.connect()
        assert await late[0].read() == b""
        first[0][1].write(ASK)
        assert (await first[0][0].read()).endswith(b"the page")
        await _close(*first, late)
