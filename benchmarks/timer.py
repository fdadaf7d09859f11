"""A periodic timer with the kernel's precision, for event loops whose own timers have milliseconds.

Linux only: `timerfd_create(2)`, which Python offers from 3.13 on, called through ctypes.
"""

from __future__ import annotations

import ctypes
import os
from types import TracebackType
from typing import Self

_CLOCK_MONOTONIC = 1
_TFD_NONBLOCK = os.O_NONBLOCK
_TFD_CLOEXEC = os.O_CLOEXEC


class _Timespec(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


class _Itimerspec(ctypes.Structure):
    _fields_ = (("interval", _Timespec), ("value", _Timespec))


class PeriodicTimer:
    """A file descriptor that becomes readable every `interval_ns` nanoseconds."""

    def __init__(self, interval_ns: int) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        self.fd: int = libc.timerfd_create(_CLOCK_MONOTONIC, _TFD_NONBLOCK | _TFD_CLOEXEC)
        if self.fd < 0:
            raise OSError(ctypes.get_errno(), "timerfd_create failed")
        period = _Timespec(*divmod(interval_ns, 1_000_000_000))
        if libc.timerfd_settime(self.fd, 0, ctypes.byref(_Itimerspec(period, period)), None) < 0:
            raise OSError(ctypes.get_errno(), "timerfd_settime failed")

    def acknowledge(self) -> None:
        """Makes the descriptor unreadable until the next period."""
        try:
            os.read(self.fd, 8)
        except BlockingIOError:
            return

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self.fd)
