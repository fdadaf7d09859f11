from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

from aiohttp.web import BaseRequest

from shield.config.settings import Listener
from shield.errors import ShieldError
from shield.proxy.accepting import AT_ONCE
from shield.proxy.connection_limits import ConnectionLimits, ConnectionWatch
from shield.proxy.replies import Reply
from shield.proxy.shared_listener import SharedSite


async def answer(_request: BaseRequest) -> Reply:
    return Reply(200, b"")


def refuse(error: ShieldError, _cause: BaseException | None) -> Reply:
    return Reply(error.status, b"", keep_alive=False)


class Place:
    """A worker's listener on its own socket, and clients whose connections wait in the kernel."""

    def __init__(self, busiest: Callable[[int], bool]) -> None:
        self.sock = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.counts: list[int] = []
        self.clients: list[socket.socket] = []
        self.site = SharedSite(
            Listener("127.0.0.1", 0),
            answer,
            refuse,
            ConnectionLimits(keepalive_timeout=5.0, max_field_bytes=8192),
            ConnectionWatch(),
            sockets=[self.sock],
            busiest=busiest,
            on_count=self.counts.append,
        )

    def connect(self, count: int) -> None:
        self.clients += [socket.create_connection(self.sock.getsockname()) for _ in range(count)]

    async def stop(self) -> None:
        await self.site.stop()
        for client in self.clients:
            client.close()


async def taken_at_first(place: Place) -> int:
    """The number of connections accepted in the first loop turn that accepts any."""
    async with asyncio.timeout(10):
        while not place.counts:
            await asyncio.sleep(0)
    return max(place.counts)


async def test_connections_that_wait_are_taken_together() -> None:
    place = Place(lambda _number: False)
    place.connect(AT_ONCE + 6)
    await place.site.start()
    try:
        assert await taken_at_first(place) == AT_ONCE
        async with asyncio.timeout(10):
            while max(place.counts) < AT_ONCE + 6:
                await asyncio.sleep(0)
    finally:
        await place.stop()


async def test_a_worker_takes_no_more_than_another_that_has_fewer() -> None:
    place = Place(lambda number: number >= 5)
    place.connect(20)
    await place.site.start()
    try:
        assert await taken_at_first(place) == 5
        # No other worker takes the rest, so it does, a few at a time. None is counted twice meanwhile.
        for taken in (9, 13, 17, 20):
            async with asyncio.timeout(10):
                while max(place.counts) < taken:
                    await asyncio.sleep(0)
            assert max(place.counts) == taken
    finally:
        await place.stop()
