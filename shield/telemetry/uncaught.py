"""Logs exceptions that nobody caught, in threads and in finalizers, under the law of `logging`.

By itself Python prints them with their message, and a user's own recognizer may quote the text that it was
given in one.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import threading


def log_uncaught() -> None:
    """Log them through the standard library's `logging` from here on; call it where a process begins."""
    threading.excepthook = _in_a_thread
    sys.unraisablehook = _in_a_finalizer


# If a hook raises, Python prints both exceptions, so nothing may leave these.


def _in_a_thread(raised: threading.ExceptHookArgs) -> None:
    if raised.exc_value is None or raised.exc_type is SystemExit:  # how a thread ends
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
