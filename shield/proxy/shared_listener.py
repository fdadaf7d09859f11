"""A listener on sockets that several processes share: each takes connections when it has the fewest.

The sockets are bound once, by the supervisor, and stay open for as long as it lives; a connection that
no worker has taken waits in the kernel, so that a worker may end without one being refused.

All workers are woken by a new connection. Who takes it is not left to chance, for connections are kept
alive and a worker that got too many would keep them: a worker that holds more than another leaves it
alone for `PATIENCE` seconds, and takes it only if it is still there then (the other is busy, or gone).
"""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import Callable, Sequence

from shield.config.settings import Listener
from shield.proxy.http_server import ConnectionLimits, ConnectionWatch, Handler, OnUnhandled, ShieldServer
from shield.proxy.listener import ListenerSite

PATIENCE = 0.003
"""Seconds that a new connection is left to workers with fewer."""

EXHAUSTED_PAUSE = 0.5
"""Seconds without accepting after the system had no descriptor or memory for a connection."""

_EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


class SharedSite(ListenerSite):
    """A listener on `sockets`, which are this process's copies: `stop_accepting` closes them.

    `busiest` is told this worker's number of connections and says whether another one has fewer;
    `on_count` is told it at each change.
    """

    def __init__(
        self,
        listener: Listener,
        handler: Handler,
        on_unhandled: OnUnhandled,
        limits: ConnectionLimits,
        watch: ConnectionWatch,
        *,
        sockets: Sequence[socket.socket],
        busiest: Callable[[int], bool],
        on_count: Callable[[int], None],
    ) -> None:
        super().__init__(
            listener,
            handler,
            on_unhandled,
            limits,
            ConnectionWatch(self._counted, watch.closed),
        )
        self._count = watch.count
        self._sockets = tuple(sockets)
        self._busiest = busiest
        self._on_count = on_count
        self._factory: ShieldServer | None = None
        self._context: ssl.SSLContext | None = None
        self._handshake_seconds: float | None = None
        self._opening: set[asyncio.Task[object]] = set()
        self._waits: dict[int, asyncio.TimerHandle] = {}

    async def _listen(
        self, http: ShieldServer, context: ssl.SSLContext | None, handshake_seconds: float | None
    ) -> None:
        self._factory, self._context, self._handshake_seconds = http, context, handshake_seconds
        loop = asyncio.get_running_loop()
        for sock in self._sockets:
            sock.setblocking(False)  # noqa: FBT003  the standard library's own
            loop.add_reader(sock.fileno(), self._readable, sock)
        self.addresses = tuple(sock.getsockname()[:2] for sock in self._sockets)

    def _readable(self, sock: socket.socket) -> None:
        if self._busiest(self.connections + len(self._opening)):
            self._wait(sock, PATIENCE)
        else:
            self._accept(sock)

    def _wait(self, sock: socket.socket, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(sock.fileno())
        self._waits[sock.fileno()] = loop.call_later(seconds, self._resume, sock)

    def _resume(self, sock: socket.socket) -> None:
        """Whoever has fewer had time to take it: take what is still there."""
        del self._waits[sock.fileno()]
        asyncio.get_running_loop().add_reader(sock.fileno(), self._readable, sock)
        self._accept(sock)

    def _accept(self, sock: socket.socket) -> None:
        """Take one connection; the loop comes back for the next."""
        try:
            connection, _ = sock.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # another worker took it, or the client is gone
        except OSError as error:
            if error.errno not in _EXHAUSTED:
                raise
            if sock.fileno() not in self._waits:
                self._wait(sock, EXHAUSTED_PAUSE)
            return
        connection.setblocking(False)  # noqa: FBT003  as above
        task = asyncio.get_running_loop().create_task(self._open(connection))
        self._opening.add(task)
        self._tell()
        task.add_done_callback(self._opened)

    def _counted(self, number: int) -> None:
        self._count(number)
        self._tell()

    def _opened(self, task: asyncio.Task[object]) -> None:
        self._opening.discard(task)
        self._tell()

    def _tell(self) -> None:
        self._on_count(self.connections + len(self._opening))

    async def _open(self, connection: socket.socket) -> None:
        assert self._factory is not None  # noqa: S101  set by `_listen`
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                self._factory,
                connection,
                ssl=self._context,
                ssl_handshake_timeout=self._handshake_seconds,
            )
        except (OSError, ssl.SSLError):
            connection.close()  # it ended before a request, or never spoke TLS

    def stop_accepting(self) -> None:
        """Leave the sockets to the other workers."""
        loop = asyncio.get_running_loop()
        for wait in self._waits.values():
            wait.cancel()
        self._waits.clear()
        for sock in self._sockets:
            if sock.fileno() >= 0:
                loop.remove_reader(sock.fileno())
                sock.close()
