"""Binds the listening sockets, once, in the supervisor; every worker inherits them."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Awaitable, Callable

from shield.config.settings import Listener
from shield.proxy.accepting import bound_sockets, listen
from shield.proxy.listener import unusable
from shield.telemetry.logging import Logger

PATIENCE = 5.0
"""Seconds that an address may still be in use: by workers whose supervisor was killed, and which close
their sockets as soon as they notice."""
_RETRY = 0.1
IN_USE = (
    "another process listens there: workers of a supervisor that was killed, which let go at once; "
    "or another program, and then this start is refused"
)


async def listening(
    listener: Listener, logger: Logger, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> list[socket.socket]:
    """Sockets that listen on all addresses of the listener's host. Raises ConfigError."""
    waited = 0.0
    while True:
        try:
            return _listening(listener)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or waited >= PATIENCE:
                raise unusable(listener, error) from None
        if not waited:
            host, port = listener.host, listener.port
            logger.warning("address_in_use", host=host, port=port, waits_s=PATIENCE, detail=IN_USE)
        await sleep(_RETRY)
        waited += _RETRY


def _listening(listener: Listener) -> list[socket.socket]:
    sockets = bound_sockets(listener)
    try:
        listen(sockets)
    except BaseException:
        for sock in sockets:
            sock.close()
        raise
    return sockets
