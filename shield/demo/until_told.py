"""Runs a demonstration's event loop, which Ctrl-C ends once and in order, however often it is pressed."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any

_STOPS = (signal.SIGINT, signal.SIGTERM)


def run_until_told(work: Callable[[asyncio.Event], Coroutine[Any, Any, int]]) -> int:
    """Run `work`; it gets the event that SIGINT and SIGTERM set, and returns the process's exit code.

    While it ends, and afterwards, these signals do nothing more: one during the loop's own closing would
    print a traceback. So end the process after this.
    """
    with asyncio.Runner() as runner:
        told = asyncio.Event()
        for number in _STOPS:
            runner.get_loop().add_signal_handler(number, told.set)
        try:
            return runner.run(work(told))
        finally:
            signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
