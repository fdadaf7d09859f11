"""Makes room for a new connection at the limit by ending one that asks nothing.

Without it, a client that holds all places, by half a head or by nothing at all, shuts everybody out for as
long as each may wait: health checks from the admin listener, and new clients from the proxy's (decision 040).
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable
from typing import Protocol

AT_ONCE = 16
"""Connections that are chosen by one scan of all."""
PAUSE = 0.1
"""Seconds until the next scan after one that found none."""


class Waiting(Protocol):
    """A client connection that can give way."""

    @property
    def waits(self) -> tuple[bool, float] | None:
        """Whether it is idle after serving, and since when it waits for a request; None if it does not.

        Times are those of the event loop.
        """

    def give_way(self) -> None:
        """End it; from now on it does not count."""


class Room:
    """Makes room on one listener."""

    def __init__(self) -> None:
        self._chosen: deque[tuple[Waiting, tuple[bool, float]]] = deque()
        self._not_before = 0.0

    def make(self, connections: Iterable[Waiting], now: float, patience: float) -> bool:
        """End the connection that waited longest for a request; False if none did for `patience` seconds.

        Connections that never sent a whole request go before idle ones that did, which are probably clients.
        """
        while True:
            while self._chosen:
                connection, waits = self._chosen.popleft()
                if connection.waits == waits:
                    connection.give_way()
                    return True
            if now < self._not_before:
                return False
            all_waiting = ((each, each.waits) for each in connections)
            long = ((each, waits) for each, waits in all_waiting if waits and now - waits[1] >= patience)
            self._chosen.extend(heapq.nsmallest(AT_ONCE, long, key=lambda it: it[1]))
            if not self._chosen:
                self._not_before = now + PAUSE
                return False
