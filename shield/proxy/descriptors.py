"""Computes how many connections this process may have: each takes a file descriptor.

A process that runs out of descriptors cannot open the next file of its audit log, and then forwards nothing
until it is restarted; so clients must never be able to take the last one.
"""

from __future__ import annotations

import resource
from typing import Protocol

RESERVED = 128
"""Descriptors for everything else: the log, the admin listener, models, the standard library."""


class FileLimit(Protocol):
    """The two functions of the module `resource` that are used here."""

    def getrlimit(self, which: int, /) -> tuple[int, int]: ...

    def setrlimit(self, which: int, limits: tuple[int, int], /) -> None: ...


def connection_bound(wanted: int, upstreams: int, system: FileLimit = resource) -> int:
    """`wanted`, or as many client connections as fit beside `upstreams` to upstreams; at least 1.

    Raises the soft limit of open files where that is needed and the hard limit allows it.
    """
    needed = wanted + upstreams + RESERVED
    soft, hard = system.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    if soft == unlimited or soft >= needed:
        return wanted
    allowed = needed if hard == unlimited else min(needed, hard)
    try:
        system.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    except (OSError, ValueError):
        allowed = soft
    return max(1, min(wanted, allowed - upstreams - RESERVED))
