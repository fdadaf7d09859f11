"""Forks a process that has imported the program for each client that asks for one.

    python -m tests.warm.server FOLDER

listens on `FOLDER/socket` until its standard input ends, and takes its processes along. It has one thread and
loads no detector: a process that it made has imported already, and this one as its parent; all else is as if
it had been started anew.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import gc
import importlib
import io
import marshal
import os
import pkgutil
import runpy
import selectors
import signal
import socket
import sys
import threading
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import shield

_PACKET = 1 << 20
_DESCRIPTORS = 253  # the most of one packet


@dataclass(frozen=True, slots=True)
class Request:
    """What a client was started with; `descriptors` has the ones here by their numbers there."""

    arguments: list[str]
    folder: str
    environment: dict[str, str]
    descriptors: dict[int, int]


class Server:
    """The connections of clients, and the processes that were made for them."""

    def __init__(self, listener: socket.socket) -> None:
        self._selector = selectors.DefaultSelector()
        self._clients: dict[int, socket.socket] = {}  # by process
        self._listener = listener
        self._wakes, self._waking = socket.socketpair()
        self._waking.setblocking(False)  # noqa: FBT003  the standard library's own
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.set_wakeup_fd(self._waking.fileno(), warn_on_full_buffer=False)
        for each in (listener, self._wakes, sys.stdin):
            self._selector.register(each, selectors.EVENT_READ)

    def serve(self) -> Request | None:
        """Returns in each new process, with what it shall become; here, with nothing, when the input ends."""
        while True:
            for key, _ in self._selector.select():
                found: Any = key.fileobj
                if found is sys.stdin:
                    self._end(list(self._clients))
                    return None
                if found is self._wakes:
                    found.recv(_PACKET)
                    self._reap()
                elif found is self._listener:
                    self._selector.register(found.accept()[0], selectors.EVENT_READ)
                elif (request := self._hear(found)) is not None:
                    return request

    def _hear(self, client: socket.socket) -> Request | None:
        packet, descriptors, _, _ = socket.recv_fds(client, _PACKET, _DESCRIPTORS)
        if not packet:  # it has ended, or was killed
            self._selector.unregister(client)
            client.close()
            self._end([pid for pid, its in self._clients.items() if its is client])
            return None
        pid = os.fork()
        if not pid:
            self._leave()
            arguments, folder, environment, numbers = marshal.loads(packet)  # noqa: S302  from our own client
            return Request(arguments, folder, environment, dict(zip(numbers, descriptors, strict=True)))
        for each in descriptors:
            os.close(each)
        self._clients[pid] = client
        _tell(client, pid)
        return None

    def _leave(self) -> None:
        """Close what is the server's: an object that is freed later would close a number in other use."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for key in list(self._selector.get_map().values()):
            if key.fileobj is not sys.stdin:
                key.fileobj.close()  # type: ignore[union-attr]  # a socket
        self._waking.close()
        self._selector.close()

    def _end(self, processes: list[int]) -> None:
        for pid in processes:
            os.kill(pid, signal.SIGKILL)

    def _reap(self) -> None:
        while self._clients:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            _tell(self._clients.pop(pid), os.waitstatus_to_exitcode(status))


def _tell(client: socket.socket, number: int) -> None:
    with contextlib.suppress(OSError):  # it is gone
        client.send(str(number).encode())


def become(request: Request, executable: str) -> str:
    """Take on what the client was started with; returns the module to run."""
    above = max(*request.descriptors, *request.descriptors.values()) + 1
    moved = {number: fcntl.fcntl(here, fcntl.F_DUPFD, above) for number, here in request.descriptors.items()}
    os.closerange(0, above)
    for number, copy in moved.items():
        os.dup2(copy, number)
    os.closerange(above, max(moved.values()) + 1)
    os.chdir(request.folder)
    os.environ.clear()
    os.environ.update(request.environment)
    sys.stdin = _text(0, "r", "strict")
    sys.stdout = sys.__stdout__ = _text(1, "w", "strict")
    sys.stderr = sys.__stderr__ = _text(2, "w", "backslashreplace")
    sys.executable = executable  # what it starts by its interpreter comes from here, too
    at = request.arguments.index("-m") + 1  # after options of Python's that change nothing here
    module, *sys.argv[1:] = request.arguments[at:]
    return module


def _text(number: int, mode: str, errors: str) -> io.TextIOWrapper:
    at_once = mode == "w" and bool(os.environ.get("PYTHONUNBUFFERED"))
    stream = open(number, f"{mode}b", closefd=False)  # noqa: SIM115  for the process's life
    lines = number == 2 or os.isatty(number)
    return io.TextIOWrapper(stream, errors=errors, line_buffering=lines, write_through=at_once)


def run(module: str) -> NoReturn:
    """Run it and end as Python does, without freeing each object: that would copy the memory they are in."""
    sys.modules.pop(module, None)  # runpy warns of a module that was imported before it runs
    code = 1
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        if isinstance(ended.code, str):
            sys.stderr.write(f"{ended.code}\n")
    except BaseException:  # noqa: BLE001  whatever ends a program
        traceback.print_exc()
    threading._shutdown()  # type: ignore[attr-defined]  # as the interpreter does
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            stream.flush()
    os._exit(code)


def main() -> None:
    """Listen. In a process that was made, become what was asked for."""
    folder = Path(sys.argv[1])
    for module in pkgutil.walk_packages(shield.__path__, "shield."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    gc.collect()
    gc.freeze()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(str(folder / "socket"))
    listener.listen(64)
    sys.stdout.write("listening\n")
    sys.stdout.flush()
    request = Server(listener).serve()
    if request is not None:
        run(become(request, str(folder / "python")))


if __name__ == "__main__":
    main()
