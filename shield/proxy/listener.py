"""A listening socket with the HTTP server behind it: start, addresses, graceful stop."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from shield.config.settings import Listener
from shield.config_codes import ProblemCode
from shield.errors import ConfigError, SaturatedError, ShieldError
from shield.proxy.accepting import Acceptor, bound_sockets, listen
from shield.proxy.at_once import Responder
from shield.proxy.connection_limits import ConnectionLimits, ConnectionWatch
from shield.proxy.http_server import OnUnhandled, ShieldProtocol, ShieldServer, make_server
from shield.proxy.lane import Lane
from shield.proxy.proxied import client_of, drop_received
from shield.proxy.proxy_header import Client
from shield.proxy.tls_contexts import Renewal, Spares, server_context
from shield.telemetry.connection_series import Closed

CLOSE_SECONDS = 1.0
"""Seconds that a connection may take to send the rest of its answer after its exchange has ended."""


class ListenerSite:
    """One configured listener. Call `start` and `stop` once each, in one event loop."""

    def __init__(
        self,
        listener: Listener,
        responder: Responder,
        on_unhandled: OnUnhandled,
        limits: ConnectionLimits,
        watch: ConnectionWatch | None = None,
        *,
        sockets: Sequence[socket.socket] = (),
        spares: Spares | None = None,
    ) -> None:
        """`sockets` are those of the listener where they are bound already."""
        self._listener = listener
        self._spares = spares or Spares()
        self._sockets = tuple(sockets)
        self._responder = responder
        self._on_unhandled = on_unhandled
        self._limits = limits
        self._given_watch = watch or ConnectionWatch()
        self._watch = ConnectionWatch(self._counted, self._given_watch.closed)
        self._counted_before = 0
        self._http: ShieldServer | None = None
        self._acceptor: Acceptor | None = None
        self._handshake_seconds: float | None = None
        self._context: ssl.SSLContext | None = None
        self.addresses: tuple[tuple[str, int], ...] = ()

    async def start(self) -> None:
        """Bind and accept. Raises ConfigError for TLS files or an address that cannot be used."""
        tls = self._listener.tls
        context = self._context = self._spares.server(tls) if tls is not None else None
        sockets = self._sockets or await bind(self._listener)
        try:
            listen(sockets)
        except OSError as error:
            _close(sockets)
            raise unusable(self._listener, error) from None
        self._handshake_seconds = None if context is None else self._limits.header_timeout
        self._http = make_server(self._responder, self._on_unhandled, self._limits, self._watch)
        self._acceptor = Acceptor(
            sockets, self._open, leaves_it=self._leaves_it, on_change=self._opening_changed
        )
        self._acceptor.start()
        self.addresses = self._acceptor.addresses

    def _leaves_it(self) -> bool:
        """Whether another process should take the next connection."""
        return False

    def _counted(self, number: int) -> None:
        """Called when the number of the server's connections changes."""
        if number > self._counted_before and self._acceptor is not None:
            self._acceptor.served()
        self._counted_before = number
        self._given_watch.count(number)

    def _opening_changed(self) -> None:
        """Called when the number of connections changes that were accepted and are not served yet."""

    def _open(self, connection: socket.socket) -> Coroutine[Any, Any, bool]:
        """Turn an accepted connection into one of the server; returns whether the server got it.

        Room is checked at once, so that connections accepted later do not take it.
        """
        return self._opened(connection, has_room=self._has_room())

    def _has_room(self) -> bool:
        """Whether there may be one more connection beside all that are open or being opened."""
        acceptor, http, limits = self._acceptor, self._http, self._limits
        assert acceptor is not None  # noqa: S101  it asks
        assert http is not None  # noqa: S101  set by `start`
        while self.connections + acceptor.opening >= limits.max_connections:  # a reload may have lowered it
            if acceptor.make_room(limits.patience):
                self._watch.closed(Closed.GAVE_WAY)
            elif not http.make_room():
                return False
        return True

    async def _opened(self, connection: socket.socket, *, has_room: bool) -> bool:
        http = self._http
        assert http is not None  # noqa: S101  set by `start`
        try:
            made = await self._introduced(connection, http, has_room=has_room)
            if made is None:
                connection.close()
                return False
            await asyncio.get_running_loop().connect_accepted_socket(
                made,
                connection,
                ssl=self._context,
                ssl_handshake_timeout=self._handshake_seconds,
            )
        except (OSError, ssl.SSLError):
            connection.close()  # it ended before a request, or never spoke TLS
            return False
        return True

    async def _introduced(
        self, connection: socket.socket, http: ShieldServer, *, has_room: bool
    ) -> Callable[[], ShieldProtocol] | None:
        """A factory of the connection's protocol, after reading the PROXY header that it may begin with.

        None where no answer can be given: nothing came, or it would need a TLS handshake, which anybody could
        demand. What a refused connection has sent is read first: closed with unread data it would be reset,
        and most clients would not see the answer. Raises OSError where it ended without a byte.
        """
        by = self._listener.proxy_protocol
        client: Client | None = None
        try:
            if not has_room:
                raise SaturatedError("There are too many connections.")
            if by is not None:
                client = await client_of(connection, by, self._limits.header_timeout)
        except TimeoutError:
            self._watch.closed(Closed.NO_REQUEST)
            return None
        except ShieldError as error:
            if self._context is not None:
                http.refused(error)
                return None
            drop_received(connection)
            return http.made(refusal=error)
        return http if client is None else http.made(client=client)

    def renewal(self) -> Renewal:
        """Read the TLS files as they are now, authorities included. Raises ConfigError."""
        tls = self._listener.tls
        return partial(self._secure, None if tls is None else server_context(tls))

    def _secure(self, context: ssl.SSLContext | None) -> None:
        self._context = context

    async def connect(self, lane: Lane) -> socket.socket:
        """Connect this process itself to the server, on the lane; returns the client's end.

        The connection skips accepting, TLS and `max_connections`: there is at most one.
        """
        assert self._http is not None  # noqa: S101  after `start`
        ours, theirs = socket.socketpair()
        ours.setblocking(False)  # noqa: FBT003  the library's signature
        try:
            await asyncio.get_running_loop().connect_accepted_socket(self._http.made(lane=lane), theirs)
        except BaseException:
            ours.close()
            theirs.close()
            raise
        return ours

    def limit(self, limits: ConnectionLimits) -> None:
        """Set other limits; open connections keep their keep-alive time and field size."""
        self._limits = limits
        if self._http is not None:
            self._http.limits = limits

    @property
    def connections(self) -> int:
        """Connections that are open."""
        return 0 if self._http is None else self._http.open

    @property
    def port(self) -> int:
        """The bound port: useful where the configuration says 0."""
        return self.addresses[0][1]

    @property
    def url(self) -> str:
        """Where it listens, for people."""
        host, port = self.addresses[0]
        scheme = "https" if self._listener.tls is not None else "http"
        return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"

    def stop_accepting(self) -> None:
        """Close the listening socket; connections stay."""
        if self._acceptor is not None:
            self._acceptor.stop()

    async def stop(self) -> None:
        """Close the listening socket and all connections, idle ones at once.

        What is still being handled is cancelled after `CLOSE_SECONDS`: drain the exchange before.
        """
        self.stop_accepting()
        if self._acceptor is not None:
            await self._acceptor.abandon()
        if self._http is not None:
            self._http.pre_shutdown()
            await self._http.shutdown(CLOSE_SECONDS)


async def bind(listener: Listener) -> list[socket.socket]:
    """The listener's sockets, which do not listen yet. Raises ConfigError for an address that is not free.

    So a start that takes seconds can refuse at once, and clients are refused until it can serve them.
    """
    bound: list[socket.socket] = []
    lock = threading.Lock()
    cancelled = False

    def take() -> None:
        sockets = bound_sockets(listener)
        with lock:
            bound.extend(sockets)
            if cancelled:
                _close(bound)

    try:
        await asyncio.to_thread(take)  # a name may have to be resolved
    except OSError as error:
        raise unusable(listener, error) from None
    except asyncio.CancelledError:
        with lock:  # the thread goes on; whichever of both comes last closes what it bound
            cancelled = True
            _close(bound)
        raise
    return bound


def _close(sockets: Sequence[socket.socket]) -> None:
    for sock in sockets:
        sock.close()


def unusable(listener: Listener, error: OSError) -> ConfigError:
    """What is wrong with the listener's address."""
    where = f"{listener.host}:{listener.port}"
    return ConfigError(ProblemCode.LISTENER_UNUSABLE, f"cannot listen on {where}: {error.strerror}")
