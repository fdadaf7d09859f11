"""How connections pass from the kernel to the server."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from shield.proxy.accepting import Acceptor


class Stage:
    """An acceptor whose connections stay in opening until they are released or ended."""

    def __init__(self) -> None:
        self.sock = socket.create_server(("127.0.0.1", 0))
        self.clients: list[socket.socket] = []
        self.go = asyncio.Event()
        self.ended = 0
        self.changed = asyncio.Event()
        self.acceptor = Acceptor([self.sock], self._open, leaves_it=lambda: False, on_change=self.changed.set)

    async def _open(self, connection: socket.socket) -> bool:
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.ended += 1
            raise
        connection.close()  # the server's from here on
        return True

    async def connect(self, opening: int) -> None:
        self.clients.append(socket.create_connection(self.sock.getsockname()))
        await self.until(opening)

    async def until(self, opening: int) -> None:
        async with asyncio.timeout(10):
            while self.acceptor.opening != opening:
                self.changed.clear()
                await self.changed.wait()


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    stage = Stage()
    stage.acceptor.start()
    yield stage
    stage.acceptor.stop()
    await stage.acceptor.abandon()
    for client in stage.clients:
        client.close()


async def test_the_one_that_is_opened_longest_makes_room(stage: Stage) -> None:
    await stage.connect(1)
    await stage.connect(2)
    assert not stage.acceptor.make_room(60.0)
    assert stage.acceptor.make_room(0.0)
    assert stage.acceptor.opening == 1  # at once, since another may be taken now
    stage.clients[0].setblocking(False)  # noqa: FBT003  the standard library's own
    async with asyncio.timeout(10):
        assert await asyncio.get_running_loop().sock_recv(stage.clients[0], 1) == b""
    assert stage.ended == 1


async def test_one_that_the_server_has_got_does_not(stage: Stage) -> None:
    await stage.connect(1)
    stage.acceptor.served()
    assert not stage.acceptor.make_room(0.0)
    stage.changed.clear()
    stage.go.set()
    async with asyncio.timeout(10):
        await stage.changed.wait()  # its task has ended
    assert (stage.ended, stage.acceptor.opening) == (0, 0)


async def test_where_none_is_opened_there_is_none(stage: Stage) -> None:
    assert not stage.acceptor.make_room(0.0)
