"""Where log lines go: never waits for whoever reads them, and never raises.

Lines are for people and are not evidence. So a collector that hangs must not hold up a write, nor one that is
gone end the process: what cannot be written at once is lost, and counted, so that the log can say so later.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import select
import socket
import stat
import weakref
from typing import Final, TextIO

FILE_PIECE: Final = 64 * 1024


class LogOutput:
    """Writes to what is behind `stream`; where that is a pipe or a socket, without waiting for its reader."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._file: int | None = None
        self._socket: socket.socket | None = None
        self._polled: select.poll | None = None
        self._rest = b""  # of a line that was begun: the next must not be written into its middle
        self.most = select.PIPE_BUF
        """Bytes that are written as a whole, as other processes may write there too."""
        with contextlib.suppress(OSError, ValueError):  # no descriptor (`io.UnsupportedOperation` is both)
            stream.flush()
            self._look(stream.fileno())

    def _look(self, descriptor: int) -> None:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISSOCK(mode):
            self._socket = socket.socket(fileno=os.dup(descriptor))
            weakref.finalize(self, self._socket.close)
            return
        self._file = descriptor
        if stat.S_ISREG(mode):
            self.most = FILE_PIECE
        elif stat.S_ISFIFO(mode):
            try:
                # Another description of the pipe: others share ours, and may not bear one that never waits.
                flags = fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_DIRECT  # a pipe of packets stays one
                flags |= os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC
                self._file = os.open(f"/proc/self/fd/{descriptor}", flags)
                weakref.finalize(self, os.close, self._file)
            except OSError:  # another user's, or no Linux
                self._polled = select.poll()
                self._polled.register(descriptor, select.POLLOUT)

    def write(self, text: str) -> bool:
        """Write whole lines; False where they are lost."""
        if self._file is None and self._socket is None:
            return self._streamed(text)
        data = text.encode("utf-8", "backslashreplace")
        try:
            if self._rest:
                self._rest = self._rest[self._put(self._rest) :]
                if self._rest:
                    return False
            self._rest = data[self._put(data) :]
        except OSError:  # its reader hangs or is gone, or its disk is full
            return False
        return True

    def _put(self, data: bytes) -> int:
        if self._socket is not None:
            return self._socket.send(data, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
        assert self._file is not None  # noqa: S101  one of the two is there
        # A pipe that is ready takes `PIPE_BUF` bytes at once.
        if self._polled is not None and not self._polled.poll(0):
            raise BlockingIOError
        return os.write(self._file, data)

    def _streamed(self, text: str) -> bool:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError, io.UnsupportedOperation):
            return False
        return True
