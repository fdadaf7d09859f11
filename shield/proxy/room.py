"""Room for one more connection where there are as many as there may be: the place of one that asks nothing.

Without it, whoever holds all places, by half a head or by nothing at all, shuts everybody out for as long as
each may wait: health checks from the admin listener, and new clients from the proxy's (decision 041).
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable
from typing import Protocol

AT_ONCE = 16
"""Connections that are chosen by one look at all."""
PAUSE = 0.1
"""Seconds until the next look after one that found none."""


class Waiting(Protocol):
    """A connection of a client."""

    @property
    def waits(self) -> tuple[bool, float] | None:
        """Whether it has served and is idle, and since when it waits for a request; None where it does not.

        Times are those of the event loop.
        """

    def give_way(self) -> None:
        """End it: it has no place from now on."""


class Room:
    """Of one listener."""

    def __init__(self) -> None:
        self._chosen: deque[tuple[Waiting, tuple[bool, float]]] = deque()
        self._not_before = 0.0

    def make(self, connections: Iterable[Waiting], now: float, patience: float) -> bool:
        """End the one that has waited for its request longest; False where none has for `patience` seconds.

        Those that never sent one whole come before those that did and are idle, which are probably clients.
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
