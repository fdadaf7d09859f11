"""Computes how long to wait before a process that ended is started again."""

from __future__ import annotations

from dataclasses import dataclass

FIRST = 0.1
MOST = 30.0
GROWTH = 2.0
STEADY = 30.0
"""Seconds after which a process counts as having worked, so that the next wait is the first one again."""


@dataclass(slots=True)
class Backoff:
    """`FIRST` seconds, then twice as long each time, at most `MOST`; from the start after a steady run."""

    wait: float = FIRST

    def after(self, lived: float) -> float:
        """Seconds to wait after a process that lived for `lived` seconds."""
        if lived >= STEADY:
            self.wait = FIRST
        wait = self.wait
        self.wait = min(MOST, wait * GROWTH)
        return wait
