"""The connections to one upstream: kept while idle, bounded in number, handed out in order of asking."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import aiohappyeyeballs

from shield.errors import UpstreamConnectError
from shield.proxy.connect_causes import UnconnectedError, connect_cause
from shield.proxy.connection import UpstreamConnection
from shield.proxy.resolution import Resolution
from shield.proxy.time_limits import time_limit
from shield.proxy.tls_session import SessionKeepingContext

KEEPALIVE_SECONDS = 4.0
"""How long an idle connection is kept: below the 5 s after which common servers close theirs, so that
a request seldom meets a connection that is being closed (there is no retry to hide it)."""

PROMISE_SHARE = 0.8
"""A connection is used again for this part of the time for which its upstream says that it keeps it."""

BUSY_SECONDS = 0.05
"""A connection that was idle for less is not checked, unless its upstream was seen to end idle ones.

One that is used all the time nearly always stands, and the check is one more system call.
"""

_HAPPY_EYEBALLS_SECONDS = 0.25  # RFC 8305, section 5


MAX_CONNECTION_SECONDS = 60.0
"""Seconds for which a connection is used, so that busy ones follow a name to new addresses as well."""


class PoolBusyError(UpstreamConnectError):
    """No connection was free in time; this says nothing of the endpoint."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an upstream is. `tls` is None for plain text; `server_name` None where it is `host`."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None
    server_name: str | None = None


class Dialer:
    """Opens connections to one endpoint. `on_unresolved` is called for each failed lookup of its name."""

    def __init__(self, endpoint: Endpoint, on_unresolved: Callable[[], None]) -> None:
        self._endpoint = endpoint
        self._loop = asyncio.get_running_loop()
        self._resolution = Resolution(self._resolve, on_unresolved)

    @property
    def tls(self) -> ssl.SSLContext | None:
        return self._endpoint.tls

    def secure(self, tls: ssl.SSLContext) -> None:
        """Open connections over this context from now on."""
        self._endpoint = replace(self._endpoint, tls=tls)

    async def dial(self, connection: UpstreamConnection) -> None:
        """Connect `connection` to whichever address answers first (RFC 8305). Raises OSError."""
        endpoint = self._endpoint
        addresses = await self._resolution.addresses()
        try:
            sock = await aiohappyeyeballs.start_connection(
                addresses, happy_eyeballs_delay=_HAPPY_EYEBALLS_SECONDS, loop=self._loop
            )
        except OSError:
            self._resolution.doubt()  # it may have moved
            raise
        server_name = (endpoint.server_name or endpoint.host) if endpoint.tls is not None else None
        try:
            await self._loop.create_connection(
                lambda: connection, sock=sock, ssl=endpoint.tls, server_hostname=server_name
            )
        except BaseException:
            sock.close()
            raise
        connection.opened_over(sock)

    async def _resolve(self) -> list[Any]:
        return await self._loop.getaddrinfo(self._endpoint.host, self._endpoint.port, type=socket.SOCK_STREAM)


class ConnectionPool:
    """At most `limit` connections are in use at once; callers beyond that wait, first come first served."""

    def __init__(self, dialer: Dialer, limit: int) -> None:
        self._dialer = dialer
        self._limit = limit
        self._loop = asyncio.get_running_loop()
        self._used = 0  # connections in use, and those being opened
        self._idle: deque[UpstreamConnection] = deque()  # most recently used at the right
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._sweeper: asyncio.TimerHandle | None = None
        self._closed = False
        self._ends_early = False  # whether the upstream was seen to end a connection while it was idle

    def take(self) -> UpstreamConnection | None:
        """An open connection that is free right now; None where one must be opened or waited for."""
        if self._used >= self._limit or self._waiting:
            return None
        connection = self._fresh()
        if connection is not None:
            self._used += 1
        return connection

    async def open(self, seconds: float) -> UpstreamConnection:
        """A connection, waited for or opened within `seconds`. Raises UnconnectedError, PoolBusyError."""
        placed = False
        try:
            async with time_limit(seconds):
                await self._place()
                placed = True
                try:
                    connection = self._fresh()
                    if connection is None:
                        connection = UpstreamConnection(self._loop, self._ended)
                        await self._dialer.dial(connection)
                except BaseException:
                    self._free_place()
                    raise
        except OSError as error:  # TimeoutError and ssl.SSLError included
            raise (UnconnectedError(connect_cause(error)) if placed else PoolBusyError()) from None
        return connection

    def give_back(self, connection: UpstreamConnection) -> None:
        """Take back a connection that was not used after all."""
        connection.idle_since = self._loop.time()
        self._ended(connection, connection.is_open)

    def _fresh(self) -> UpstreamConnection | None:
        """An idle connection that may be used: the most recently used one, so that the others age out."""
        now = self._loop.time()
        while self._idle:
            connection = self._idle.pop()
            if self._may_use(connection, now):
                return connection
            connection.shut()
        return None

    def _may_use(self, connection: UpstreamConnection, now: float) -> bool:
        if not connection.is_open:
            self._ends_early = True
            return False
        idle = now - connection.idle_since
        if idle >= min(KEEPALIVE_SECONDS, PROMISE_SHARE * connection.promised):
            return False
        if idle < BUSY_SECONDS and not self._ends_early:
            return True
        return connection.is_fresh

    async def _place(self) -> None:
        """Take one of the `limit` places, in turn."""
        if self._used < self._limit and not self._waiting:
            self._used += 1
            return
        turn = self._loop.create_future()
        self._waiting.append(turn)
        try:
            await turn  # whoever wakes this hands over a place
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._free_place()
            else:
                self._waiting.remove(turn)
            raise

    def _free_place(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._used -= 1

    def _ended(self, connection: UpstreamConnection, reusable: bool) -> None:
        """Called by the connection at the end of each exchange."""
        if isinstance(tls := self._dialer.tls, SessionKeepingContext) and connection.transport is not None:
            tls.keep(connection.transport.get_extra_info("ssl_object"))
        young = self._loop.time() - connection.opened < MAX_CONNECTION_SECONDS
        if reusable and young and not self._closed:
            self._idle.append(connection)
            if self._sweeper is None:
                self._sweeper = self._loop.call_later(KEEPALIVE_SECONDS, self._sweep)
        elif reusable:
            connection.shut()
        self._free_place()

    def _sweep(self) -> None:
        """Close connections that were idle for too long."""
        self._sweeper = None
        oldest = self._loop.time() - KEEPALIVE_SECONDS
        while self._idle and (not self._idle[0].is_open or self._idle[0].idle_since <= oldest):
            self._idle.popleft().shut()
        if self._idle:
            due = self._idle[0].idle_since + KEEPALIVE_SECONDS
            self._sweeper = self._loop.call_at(due, self._sweep)

    def secure(self, tls: ssl.SSLContext) -> None:
        """Open connections over this context from now on; those in use may be used until they are old."""
        self._dialer.secure(tls)
        self._shut_idle()

    def close(self) -> None:
        """Close all idle connections, and others as they come back."""
        self._closed = True
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None
        self._shut_idle()

    def _shut_idle(self) -> None:
        while self._idle:
            self._idle.popleft().shut()
