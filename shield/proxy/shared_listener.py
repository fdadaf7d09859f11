"""A listener on sockets that several processes share: each accepts connections when it has the fewest.

The supervisor binds the sockets once and keeps them open for as long as it lives; a connection that no worker
has accepted waits in the kernel, so that a worker may end without one being refused.

A new connection wakes all workers. Which one accepts it is not left to chance, for connections are kept alive
and a worker that got too many would keep them: a worker that holds more than another leaves it alone for
`PATIENCE` seconds, and accepts it only if it is still there then (the other is busy, or gone).
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence

from shield.config.settings import Listener
from shield.proxy.at_once import Responder
from shield.proxy.connection_limits import ConnectionLimits, ConnectionWatch
from shield.proxy.http_server import OnUnhandled
from shield.proxy.listener import ListenerSite
from shield.proxy.tls_contexts import Spares


class SharedSite(ListenerSite):
    """A listener on `sockets`, which are this process's copies: `stop_accepting` closes them.

    `busiest` gets this worker's number of connections and returns whether another worker has fewer;
    `on_count` gets it at each change.
    """

    def __init__(
        self,
        listener: Listener,
        responder: Responder,
        on_unhandled: OnUnhandled,
        limits: ConnectionLimits,
        watch: ConnectionWatch,
        *,
        sockets: Sequence[socket.socket],
        busiest: Callable[[int], bool],
        on_count: Callable[[int], None],
        spares: Spares | None = None,
    ) -> None:
        super().__init__(listener, responder, on_unhandled, limits, watch, sockets=sockets, spares=spares)
        self._busiest = busiest
        self._on_count = on_count

    def _leaves_it(self) -> bool:
        return self._busiest(self._held)

    def _counted(self, number: int) -> None:
        super()._counted(number)
        self._opening_changed()

    def _opening_changed(self) -> None:
        self._on_count(self._held)

    @property
    def _held(self) -> int:
        return self.connections + (0 if self._acceptor is None else self._acceptor.opening)
