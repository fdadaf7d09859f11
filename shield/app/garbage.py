"""How the interpreter looks for garbage in a process that has loaded its detectors."""

from __future__ import annotations

import gc
from typing import Final

_THRESHOLDS: Final = (20_000, 20, 50)


def collect_seldom() -> None:
    """From now on, look for cycles seldom, and not in what is loaded by now.

    What was loaded lives as long as the process: a full collection need not walk it each time. What an
    inspection makes is freed by reference counts, and that of a body with thousands of small records is
    enough to have a collection begin again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
