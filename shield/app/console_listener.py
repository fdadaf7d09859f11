"""The console's listening socket. Bounds the connections, which anybody may open.

aiohttp's own site takes any number of connections, and waits a minute for each TLS handshake, so strangers
could fill the memory of the host, which is the proxy's as well. It also answers what is no request with the
text that was sent, and names its version.

Law: at most `most` connections are open. Then one that is as old as `patience` and has no request under way
makes way for a new one; where there is none, the new one is closed.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Coroutine, Sequence
from http import HTTPStatus
from logging import Logger
from socket import socket
from typing import Any, cast

from aiohttp.web import BaseRequest, RequestHandler, Response, Server, StreamResponse

from shield.proxy.accepting import Acceptor, listen
from shield.proxy.room import Room

MOST = 256
PATIENCE = 1.0
HANDSHAKE_SECONDS = 10.0
KEEPALIVE_SECONDS = 15.0
"""Seconds after which a connection ends that waits for a request, or for the rest of its head."""


class ConsoleProtocol(RequestHandler):
    """One connection of a browser."""

    __slots__ = ("gave_way", "opened")

    def __init__(self, server: Server, loop: asyncio.AbstractEventLoop, logger: Logger) -> None:
        super().__init__(
            server,
            loop=loop,
            access_log=None,  # type: ignore[arg-type]  # none, as aiohttp's own runner takes it
            logger=logger,
            keepalive_timeout=KEEPALIVE_SECONDS,
        )
        self.opened = loop.time()
        self.gave_way = False

    @property
    def waits(self) -> tuple[bool, float] | None:
        """See `room.Waiting`; a connection counts by its age, whether or not it was served."""
        if self.gave_way or self._current_request is not None or self._messages:
            return None
        return False, self.opened

    def give_way(self) -> None:
        """End the connection at once."""
        self.gave_way = True
        if self.transport is not None:
            self.transport.abort()

    def handle_error(
        self,
        request: BaseRequest,
        status: int = HTTPStatus.INTERNAL_SERVER_ERROR,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> StreamResponse:
        """The answer to what is no request, or to a failure outside the pages: without what was sent."""
        response = super().handle_error(request, status, exc, message)
        plain = Response(status=status, text=f"{status} {HTTPStatus(status).phrase}\n")
        plain.headers.update({"Server": "shield-console", "X-Content-Type-Options": "nosniff"})
        if response.keep_alive is False:
            plain.force_close()
        return plain


class ConsoleListener:
    """Accepts connections for `server`. Call `start` and `stop` once each, in one event loop."""

    def __init__(
        self,
        server: Server,
        context: ssl.SSLContext | None,
        logger: Logger,
        *,
        most: int = MOST,
        patience: float = PATIENCE,
    ) -> None:
        self._server = server
        self._context = context
        self._logger = logger
        self._most = most
        self._patience = patience
        self._acceptor: Acceptor | None = None
        self._room = Room()

    def start(self, sockets: Sequence[socket]) -> tuple[str, int]:
        """Accept connections of `sockets` from now on; returns the first host and port. Raises OSError."""
        try:
            listen(sockets)
        except OSError:
            for sock in sockets:
                sock.close()
            raise
        self._acceptor = Acceptor(sockets, self._open, leaves_it=lambda: False, on_change=lambda: None)
        self._acceptor.start()
        return self._acceptor.addresses[0]

    async def stop(self) -> None:
        """Close the listening sockets, and the connections that the server does not have yet."""
        if self._acceptor is not None:
            self._acceptor.stop()
            await self._acceptor.abandon()

    def _open(self, connection: socket) -> Coroutine[Any, Any, bool]:
        return self._opened(connection, has_room=self._has_room())  # before others are accepted

    async def _opened(self, connection: socket, *, has_room: bool) -> bool:
        loop = asyncio.get_running_loop()
        try:
            if not has_room:
                connection.close()
                return False
            await loop.connect_accepted_socket(
                lambda: ConsoleProtocol(self._server, loop, self._logger),
                connection,
                ssl=self._context,
                ssl_handshake_timeout=None if self._context is None else HANDSHAKE_SECONDS,
            )
        except (OSError, ssl.SSLError):
            connection.close()  # it ended early, or never spoke TLS
            return False
        return True

    def _has_room(self) -> bool:
        """Whether there may be one more connection, if need be after one made way."""
        assert self._acceptor is not None  # noqa: S101  it asks
        served = [it for it in cast("list[ConsoleProtocol]", self._server.connections) if not it.gave_way]
        if len(served) + self._acceptor.opening < self._most or self._acceptor.make_room(self._patience):
            return True
        return self._room.make(served, asyncio.get_running_loop().time(), self._patience)
