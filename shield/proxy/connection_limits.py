"""Bounds of the client connections of a listener, and the callbacks that are told of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from shield.telemetry.connection_series import Closed

_GOLDEN: Final = (math.sqrt(5) - 1) / 2
_SPREAD: Final = 0.1


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Bounds of the client connections of a listener. Times in seconds, sizes in bytes.

    `min_rate` is the least bytes a second of an answer that a client must take, checked every `rate_grace`
    seconds; 0 asks for none. `header_timeout` counts from the first byte of a request; for the first request
    of a connection, from its opening. Once there are `max_connections`, one that has waited for a request, or
    for its handshake, for `patience` gives its place to a new one. A connection that is `max_duration` old, a
    tenth more or less, ends with its next answer.
    """

    keepalive_timeout: float
    max_field_bytes: int
    header_timeout: float = 10.0
    max_connections: int = 2048
    patience: float = 1.0
    max_duration: float = math.inf
    min_rate: int = 256
    rate_grace: float = 10.0

    def duration_of(self, number: int) -> float:
        """How long the connection of that number is used: those made together do not end together.

        Multiples of the golden ratio, modulo 1, are spread evenly however many there are (Knuth, TAOCP,
        volume 3, 6.4).
        """
        return self.max_duration * (1 - _SPREAD + 2 * _SPREAD * (number * _GOLDEN % 1))


@dataclass(frozen=True, slots=True)
class ConnectionWatch:
    """Callbacks: the number of connections at each change, and each connection that was cut off."""

    count: Callable[[int], None] = lambda _number: None
    closed: Callable[[Closed], None] = lambda _reason: None
