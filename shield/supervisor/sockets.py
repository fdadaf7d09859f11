"""The listening sockets: bound once, by the supervisor, and handed to every worker after it."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Awaitable, Callable

from shield.config.settings import Listener
from shield.errors import ConfigError
from shield.proxy.listener import BACKLOG

PATIENCE = 5.0
"""Seconds that an address may still be in use: by workers whose supervisor was killed, and which close
their sockets as soon as they notice."""
_RETRY = 0.1


async def bind(
    listener: Listener, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> list[socket.socket]:
    """Sockets that listen on all addresses of the listener's host. Raises ConfigError."""
    waited = 0.0
    while True:
        try:
            return _bind(listener)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or waited >= PATIENCE:
                text = f"{listener.host}:{listener.port} cannot be listened on: {error.strerror}."
                raise ConfigError(text) from None
        await sleep(_RETRY)
        waited += _RETRY


def _bind(listener: Listener) -> list[socket.socket]:
    found = socket.getaddrinfo(listener.host, listener.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    sockets: list[socket.socket] = []
    try:
        for family, kind, protocol, _, address in dict.fromkeys(found):
            sock = socket.socket(family, kind, protocol)
            sockets.append(sock)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            sock.bind(address)
            sock.listen(BACKLOG)
            sock.setblocking(False)  # noqa: FBT003  the standard library's own
    except BaseException:
        for sock in sockets:
            sock.close()
        raise
    return sockets
