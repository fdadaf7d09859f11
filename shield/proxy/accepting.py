"""Opens the listening sockets and accepts connections from them.

The event loop's own server is not used: under libuv it accepts one connection in a turn of the loop. On a
busy worker turns are long, and clients would wait in the kernel, neither served nor refused.
"""

from __future__ import annotations

import asyncio
import errno
import functools
import socket
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from shield.config.settings import Listener

BACKLOG = 1024

AT_ONCE = 64
"""Connections accepted in one turn of the loop, as long as none is left to another process."""

PATIENCE = 0.003
"""Seconds for which a new connection is left to the processes that have fewer."""

LATE_AT_ONCE = 4
"""Connections accepted in one turn of those that were left to others and are still there."""

EXHAUSTED_PAUSE = 0.5
"""Seconds without accepting after the system ran out of descriptors or memory for a connection."""

_EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


def bound_sockets(listener: Listener) -> list[socket.socket]:
    """Sockets that have all addresses of the listener's host, and do not listen yet. Raises OSError.

    Raised here for an address that another process listens on, and by `listen` for one that it only has.
    """
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
            sock.setblocking(False)  # noqa: FBT003  the standard library's own
    except BaseException:
        for sock in sockets:
            sock.close()
        raise
    return sockets


def listen(sockets: Sequence[socket.socket]) -> None:
    """Have the system take connections, which wait until they are accepted. Raises OSError."""
    for sock in sockets:
        sock.listen(BACKLOG)


class Acceptor:
    """Accepts connections from `sockets`, which `stop` closes. Belongs to one event loop.

    `open_` turns each into a connection of the server and returns whether the server got it; the server calls
    `served` when it does. `leaves_it` tells whether another process should take the next connection.
    `on_change` is called when `opening` changes, except by `served`.
    """

    def __init__(
        self,
        sockets: Sequence[socket.socket],
        open_: Callable[[socket.socket], Coroutine[Any, Any, bool]],
        *,
        leaves_it: Callable[[], bool],
        on_change: Callable[[], None],
    ) -> None:
        self._sockets = tuple(sockets)
        self._open = open_
        self._leaves_it = leaves_it
        self._on_change = on_change
        self._opening: dict[asyncio.Task[bool], float] = {}  # with the time each was accepted, oldest first
        self._leaving: set[asyncio.Task[bool]] = set()  # cancelled to make room
        self._served = 0  # how many of `_opening` the server has, though their tasks have not ended
        self._waits: dict[int, asyncio.TimerHandle] = {}

    @property
    def addresses(self) -> tuple[tuple[str, int], ...]:
        """Host and port of each socket."""
        return tuple(sock.getsockname()[:2] for sock in self._sockets)

    @property
    def opening(self) -> int:
        """Connections that were accepted and that the server does not have yet."""
        return len(self._opening) - self._served

    def served(self) -> None:
        """Count one connection as the server's from now on."""
        self._served = min(self._served + 1, len(self._opening))

    def start(self) -> None:
        """Accept connections from now on."""
        loop = asyncio.get_running_loop()
        for sock in self._sockets:
            sock.setblocking(False)  # noqa: FBT003  the standard library's own
            loop.add_reader(sock.fileno(), self._readable, sock)

    def stop(self) -> None:
        """Stop accepting and close the sockets; a second call does nothing."""
        loop = asyncio.get_running_loop()
        for wait in self._waits.values():
            wait.cancel()
        self._waits.clear()
        for sock in self._sockets:
            if sock.fileno() >= 0:
                loop.remove_reader(sock.fileno())
                sock.close()

    def make_room(self, patience: float) -> bool:
        """End the oldest connection in `opening`; False where none is older than `patience` seconds."""
        task, taken = next(iter(self._opening.items()), (None, 0.0))
        if self._served:  # it may be one of these, whose task is about to end: they are not told apart
            return False
        if task is None or asyncio.get_running_loop().time() - taken < patience:
            return False
        del self._opening[task]
        self._leaving.add(task)
        task.cancel()
        return True

    async def abandon(self) -> None:
        """End the connections that the server does not have yet; call `stop` first."""
        opening = *self._opening, *self._leaving
        for task in opening:
            task.cancel()
        await asyncio.gather(*opening, return_exceptions=True)

    def _readable(self, sock: socket.socket) -> None:
        for _ in range(AT_ONCE):
            if self._leaves_it():
                self._wait(sock, PATIENCE)
                return
            if not self._accept(sock):
                return

    def _wait(self, sock: socket.socket, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(sock.fileno())
        self._waits[sock.fileno()] = loop.call_later(seconds, self._resume, sock)

    def _resume(self, sock: socket.socket) -> None:
        """Accept what is still there: the processes with fewer connections have had their time."""
        del self._waits[sock.fileno()]
        asyncio.get_running_loop().add_reader(sock.fileno(), self._readable, sock)
        for _ in range(LATE_AT_ONCE):
            if not self._accept(sock):
                return

    def _accept(self, sock: socket.socket) -> bool:
        """Accept one connection; returns whether there was one."""
        try:
            connection, _ = sock.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return False  # none is left, another process took it, or the client is gone
        except OSError as error:
            if error.errno not in _EXHAUSTED:
                raise
            if sock.fileno() not in self._waits:
                self._wait(sock, EXHAUSTED_PAUSE)
            return False
        connection.setblocking(False)  # noqa: FBT003  as above
        task = asyncio.get_running_loop().create_task(self._open(connection))
        self._opening[task] = asyncio.get_running_loop().time()
        self._on_change()
        task.add_done_callback(functools.partial(self._opened, connection))
        return True

    def _opened(self, connection: socket.socket, task: asyncio.Task[bool]) -> None:
        self._opening.pop(task, None)
        self._leaving.discard(task)
        served = False
        try:
            if task.cancelled():
                connection.close()
            else:
                served = task.result()  # an unexpected error is raised here, and the event loop reports it
        finally:
            # A connection that the server got just before its task was cancelled is not told apart: clamp the
            # number.
            self._served = min(max(self._served - served, 0), len(self._opening))
            self._on_change()
