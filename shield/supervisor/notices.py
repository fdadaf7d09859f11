"""Tells systemd that the service serves, that it stops, and that its event loop still runs.

The protocol is sd_notify(3): a datagram to the socket that `NOTIFY_SOCKET` names. Where none is named, as in
a container, nothing is sent. A notice that cannot be sent stops nothing: systemd acts on its absence, and a
line of the log says so.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Mapping

from shield.telemetry.logging import Logger

_BEATS = 3
"""Beats in the time after which systemd takes the service to hang."""


class Notices:
    """The notices of this process, which is the unit's main one; created and used in its event loop."""

    def __init__(self, env: Mapping[str, str], logger: Logger) -> None:
        named = env.get("NOTIFY_SOCKET", "")
        # "@" stands for the NUL before a name in the abstract name space.
        self._address = "\0" + named[1:] if named.startswith("@") else named
        self._interval = _interval(env) if named else None
        self._logger = logger
        self._next: asyncio.TimerHandle | None = None

    def ready(self) -> None:
        """The service takes traffic. From here on, beat for the watchdog at each third of its time."""
        self._send("READY=1")
        self._beat()

    def stopping(self) -> None:
        """The service was told to stop; what is in flight goes on."""
        self._send("STOPPING=1")

    def close(self) -> None:
        """Stop beating."""
        if self._next is not None:
            self._next.cancel()

    def _beat(self) -> None:
        if self._interval is not None:
            self._send("WATCHDOG=1")
            self._next = asyncio.get_running_loop().call_later(self._interval, self._beat)

    def _send(self, notice: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
                sock.settimeout(0)  # a full queue must not hold up the event loop
                sock.sendto(notice.encode(), self._address)
        except OSError as error:
            self._logger.warning("systemd_not_told", notice=notice, errno=error.errno)


def _interval(env: Mapping[str, str]) -> float | None:
    """Seconds between two beats; None where no watchdog waits for beats of this process."""
    try:
        of, microseconds = int(env.get("WATCHDOG_PID", os.getpid())), int(env.get("WATCHDOG_USEC", 0))
    except ValueError:
        return None
    if of != os.getpid() or microseconds <= 0:
        return None
    return microseconds / 1e6 / _BEATS
