"""Reads the PROXY header of a connection that a load balancer made for a client.

It takes exactly the header from the socket and leaves what follows, so that all later readers, the TLS
handshake included, find the connection as the client's own would be, on any event loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket

from shield.config.proxy_protocol import ProxyProtocol
from shield.errors import HeaderTimeoutError, ProxyHeaderError, ProxyPeerError
from shield.proxy.proxy_header import V2_MOST, Client, header_size, parse_header

_LEFT = 64 * 1024


async def client_of(connection: socket.socket, protocol: ProxyProtocol, seconds: float) -> Client | None:
    """The client that non-blocking `connection` was made for; None where the connection's own address counts.

    Raises ProxyPeerError; ProxyHeaderError; HeaderTimeoutError where the header is incomplete after
    `seconds`; TimeoutError where nothing came; OSError where the connection ended without a byte.
    """
    if not protocol.trusts(connection.getpeername()[0]):
        if protocol.others:
            return None
        raise ProxyPeerError
    received = bytearray()
    try:
        async with asyncio.timeout(seconds):
            await _receive(connection, received)
    except TimeoutError:
        if received:
            raise HeaderTimeoutError("The PROXY header did not arrive in time.") from None
        raise
    return parse_header(bytes(received))


def drop_received(connection: socket.socket) -> None:
    """Read what has come. Closing with unread data could cost the client its answer."""
    with contextlib.suppress(OSError):
        connection.recv(_LEFT)


async def _receive(connection: socket.socket, received: bytearray) -> None:
    """Append the header, and no byte more, to `received`."""
    size: int | None = None
    while size is None or len(received) < size:
        ahead = await _peek(connection)
        if not ahead:
            if received:
                raise ProxyHeaderError("The connection ended in the middle of its PROXY header.")
            raise ConnectionAbortedError
        known = bytes(received) + ahead
        size = header_size(known)
        received += connection.recv(min(len(known), size or len(known)) - len(received))


async def _peek(connection: socket.socket) -> bytes:
    """What has come, left in the socket, once there is something; empty at the end."""
    while True:
        try:
            return connection.recv(V2_MOST, socket.MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            await _readable(connection.fileno())


async def _readable(descriptor: int) -> None:
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()
    loop.add_reader(descriptor, _set, ready)
    try:
        await ready
    finally:
        loop.remove_reader(descriptor)


def _set(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)
