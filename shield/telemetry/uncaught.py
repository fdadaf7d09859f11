"""Exceptions that nobody caught, in threads and in finalizers: logged as the law of `logging` has it.

Python prints them by itself, message and all, and a recognizer of a user's own may quote the text that it
was given in one.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import threading


def log_uncaught() -> None:
    """From here on in this process, through the standard library's `logging`; called where one begins."""
    threading.excepthook = _in_a_thread
    sys.unraisablehook = _in_a_finalizer


# Where a hook raises, Python prints both exceptions: so nothing may come out of these.


def _in_a_thread(raised: threading.ExceptHookArgs) -> None:
    if raised.exc_value is None or raised.exc_type is SystemExit:  # a thread's way to end
        return
    with contextlib.suppress(Exception):
        info = (raised.exc_type, raised.exc_value, raised.exc_traceback)
        logging.getLogger("python.thread").error("uncaught", exc_info=info)


def _in_a_finalizer(raised: sys.UnraisableHookArgs) -> None:
    if raised.exc_value is None:
        return
    with contextlib.suppress(Exception):
        info = (raised.exc_type, raised.exc_value, raised.exc_traceback)
        logging.getLogger("python.finalizer").error("uncaught", exc_info=info)
