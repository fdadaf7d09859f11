"""Measures how fast a queue moves, and how long a service takes. Pure.

Times are seconds of one monotonic clock, passed in.
"""

from __future__ import annotations

import math

SAMPLE_SECONDS = 0.01
MEMORY_SECONDS = 0.25
"""How far back a queue's pace reaches: what happened a few times this long ago counts for nothing."""

_SERVICE_SHARE = 1 / 16


class Pace:
    """How long a queue took of late to move on by one. Unknown (None) before it first moved."""

    __slots__ = ("_count", "_since", "seconds")

    def __init__(self) -> None:
        self.seconds: float | None = None
        self._since = 0.0
        self._count = 0

    def began(self, now: float) -> None:
        """The queue was empty and no longer is."""
        self._since = now
        self._count = 0

    def moved(self, now: float) -> None:
        """One item was served."""
        self._count += 1
        passed = now - self._since
        if passed < SAMPLE_SECONDS:
            return
        seen = passed / self._count
        known = self.seconds
        weight = 1 - math.exp(-passed / MEMORY_SECONDS)
        self.seconds = seen if known is None else known + weight * (seen - known)
        self._since = now
        self._count = 0

    def stalled(self, now: float) -> float:
        """Seconds for which it has not moved."""
        return 0.0 if self._count else max(0.0, now - self._since)


class Mean:
    """A moving mean of the last few observations; 0.0 before the first."""

    __slots__ = ("_known", "value")

    def __init__(self) -> None:
        self.value = 0.0
        self._known = False

    def add(self, seen: float) -> None:
        """Add one observation."""
        self.value += (seen - self.value) * (_SERVICE_SHARE if self._known else 1.0)
        self._known = True
