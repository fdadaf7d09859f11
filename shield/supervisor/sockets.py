"""Binds the listening sockets, once, in the supervisor; every worker inherits them."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Awaitable, Callable

from shield.config.settings import Listener
from shield.config_codes import ProblemCode
from shield.errors import ConfigError
from shield.proxy.accepting import bound_sockets

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
            return bound_sockets(listener)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or waited >= PATIENCE:
                text = f"cannot listen on {listener.host}:{listener.port}: {error.strerror}"
                raise ConfigError(ProblemCode.LISTENER_UNUSABLE, text) from None
        await sleep(_RETRY)
        waited += _RETRY
