"""The state of a TCP connection as the system knows it, which may be ahead of the event loop.

`getsockopt` is used for it since that keeps the interpreter's lock.
"""

from __future__ import annotations

import socket
import sys
from typing import Final, Protocol

ESTABLISHED: Final = 1
"""Both sides may send."""
CLOSE_WAIT: Final = 8
"""The peer has ended its side; this one may still send."""


class Connected(Protocol):
    """The part of a socket that is used."""

    def getsockopt(self, level: int, optname: int, buflen: int, /) -> bytes: ...


def tcp_state(connection: Connected) -> int | None:
    """The state (Linux, `tcp_info`, its first byte); None where the system does not tell."""
    if sys.platform != "linux":  # elsewhere the states have other numbers
        return None
    try:
        return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
    except (OSError, IndexError):
        return None
