"""Bounds of the client connections of a listener, and the callbacks that are told of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shield.telemetry.connection_series import Closed


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Bounds of the client connections of a listener. Times in seconds, sizes in bytes.

    `min_rate` is the least bytes a second of an answer that a client must take, checked every `rate_grace`
    seconds; 0 asks for none. `header_timeout` counts from the first byte of a request; for the first request
    of a connection, from its opening. Once there are `max_connections`, one that has waited for a request, or
    for its handshake, for `patience` gives its place to a new one.
    """

    keepalive_timeout: float
    max_field_bytes: int
    header_timeout: float = 10.0
    max_connections: int = 2048
    patience: float = 1.0
    min_rate: int = 256
    rate_grace: float = 10.0


@dataclass(frozen=True, slots=True)
class ConnectionWatch:
    """Callbacks: the number of connections at each change, and each connection that was cut off."""

    count: Callable[[int], None] = lambda _number: None
    closed: Callable[[Closed], None] = lambda _reason: None
