"""The process that loads a configuration's detectors once, and forks workers that share them.

The supervisor runs it as a module (`shield.supervisor.nursery` documents their messages). It runs no event
loop and accepts no connection. It forks only while a copy of it is sure to work: no other Python thread, and
every native thread asleep (one that holds a lock while it works would leave it locked for ever in the copy).
Where a recognizer has started threads of its own, each worker is a fresh process that loads the detectors
again: more memory, and seconds to start, but never a deadlock.
"""

from __future__ import annotations

import contextlib
import gc
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from types import FrameType
from typing import Any

import orjson

from shield.analyzer.engine import Analyzer
from shield.app.checking import checked_analyzers
from shield.app.priority import be_killed_first
from shield.app.worker import WorkerSpec, run_worker, status_of
from shield.config.loader import Loaded, load
from shield.domain import DetectorSpec
from shield.errors import ShieldError
from shield.proxy.tls_contexts import Spares
from shield.supervisor import faults
from shield.supervisor.nursery import PACKET

_IGNORED = (signal.SIGINT, signal.SIGHUP, signal.SIGUSR2, signal.SIGPIPE)
_DESCRIPTORS = 2
DELAY = 2.0
"""Seconds without a message until it compiles: the workers, which take traffic, have the processor first."""
PAUSE = 0.02
"""Seconds between two expressions, for the same reason."""
_END = object()


def fork_hazards(tasks: Path = Path("/proc/self/task")) -> list[str]:
    """Why a copy of this process might hang; empty where it cannot."""
    hazards = [
        f"thread {thread.name}" for thread in threading.enumerate() if thread is not threading.main_thread()
    ]
    own = threading.get_native_id()
    for task in tasks.iterdir():
        if int(task.name) == own:
            continue
        with contextlib.suppress(OSError):
            state = (task / "stat").read_text().rpartition(")")[2].split()[0]
            if state != "S":
                hazards.append(f"native thread in state {state}")
    return hazards


class _Nursery:
    def __init__(self, path: Path, sock: socket.socket, board: int, listening: list[int]) -> None:
        self._path = path
        self._socket = sock
        self._board = board
        self._listening = listening
        self._loaded: Loaded | None = None
        self._known: Mapping[DetectorSpec, Analyzer] = {}
        self._prepared: tuple[Loaded, Mapping[DetectorSpec, Analyzer]] | None = None
        self._to_compile: Iterator[None] | None = None
        self._compiling = False
        self._spares = Spares()

    def run(self) -> int:
        try:
            loaded = load(self._path, os.environ)
            known = checked_analyzers(loaded, {})
        except ShieldError as error:
            self._say({"refused": faults.to_plain(error)})
            return status_of(error)
        self._keep(loaded, known)
        woken, wakes = socket.socketpair()
        woken.setblocking(False)  # noqa: FBT003  the standard library's own
        wakes.setblocking(False)  # noqa: FBT003  as above
        signal.signal(signal.SIGCHLD, _nothing)
        signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
        self._say({"loaded": loaded.settings.digest})
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            selector.register(woken, selectors.EVENT_READ)
            while True:
                ready = {key.fileobj for key, _ in selector.select(self._idle_for())}
                if not ready:
                    self._compile_next()
                if woken in ready:
                    with contextlib.suppress(BlockingIOError):
                        woken.recv(PACKET)
                    self._reap()
                if self._socket in ready:
                    raw, descriptors, _, _ = socket.recv_fds(self._socket, PACKET, _DESCRIPTORS)
                    if not raw:
                        return 0  # the supervisor is gone; the workers notice that themselves
                    self._obey(orjson.loads(raw), descriptors, wakes)

    def _keep(self, loaded: Loaded, known: Mapping[DetectorSpec, Analyzer]) -> None:
        self._loaded, self._known = loaded, known
        self._spares = self._spares.renewed(loaded.settings.proxy, loaded.settings.upstreams)
        self._to_compile = chain.from_iterable(analyzer.compiling() for analyzer in known.values())
        self._compiling = False
        # Loaded memory stays shared as long as nobody writes to it, the garbage collector included.
        gc.collect()
        gc.freeze()

    def _idle_for(self) -> float | None:
        """Seconds without a message after which the next expression is compiled; None: all are."""
        if self._to_compile is None:
            return None
        return PAUSE if self._compiling else DELAY

    def _compile_next(self) -> None:
        """Compile an expression for the workers that are still to come, as `warming` does in the others."""
        self._compiling = True
        with contextlib.suppress(Exception):  # a lack of memory: what is left waits for its first use
            if self._to_compile is not None and next(self._to_compile, _END) is not _END:
                return
        self._to_compile = None
        gc.freeze()  # as in `_keep`

    def _obey(self, message: dict[str, Any], descriptors: list[int], wakes: socket.socket) -> None:
        match message:
            case {"slot": slot, "count": count}:
                control, report = descriptors
                spec = WorkerSpec(
                    self._path, slot, count, control, report, self._board, tuple(self._listening)
                )
                pid = self._fresh(spec) if fork_hazards() else self._fork(spec, wakes)
                for descriptor in descriptors:
                    os.close(descriptor)
                self._say({"born": pid, "slot": slot})
            case {"kill": pid}:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            case {"prepare": _}:
                self._prepare()
            case {"commit": _}:
                if self._prepared is not None:
                    self._keep(*self._prepared)
                self._prepared = None
            case {"forget": _}:
                self._prepared = None
            case {"close": _}:
                for number in self._listening:
                    os.close(number)
                self._listening = []

    def _prepare(self) -> None:
        """Load the configuration as it is now beside the one in force."""
        try:
            loaded = load(self._path, os.environ)
            self._prepared = loaded, checked_analyzers(loaded, self._known)
        except ShieldError as error:
            self._say({"unprepared": faults.to_plain(error)})
        else:
            self._say({"prepared": loaded.settings.digest})

    def _say(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):
            self._socket.send(orjson.dumps(message))

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if not pid:
                    return
                self._say({"ended": pid, "status": os.waitstatus_to_exitcode(status)})

    def _fork(self, spec: WorkerSpec, wakes: socket.socket) -> int:
        assert self._loaded is not None  # noqa: S101  it forks after it has loaded
        with warnings.catch_warnings():
            # Python 3.12 and newer warn of any native thread; `fork_hazards` has checked what they do.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid:
            return pid
        status = 70
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            wakes.close()
            self._socket.close()
            status = run_worker(spec, self._loaded, self._known, self._spares)
        finally:
            sys.stderr.flush()
            os._exit(status)

    def _fresh(self, spec: WorkerSpec) -> int:
        """Start a worker that loads everything by itself. `_reap` reaps it as it does the forked ones."""
        assert self._loaded is not None  # noqa: S101  as above
        process = subprocess.Popen(  # noqa: S603  this program, by its interpreter
            [sys.executable, "-P", "-m", "shield.app.worker", *spec.arguments(self._loaded.settings.digest)],
            pass_fds=spec.descriptors,
        )
        process.returncode = 0  # this object must not wait for it
        return process.pid


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """The wake-up descriptor is written to only if there is a handler."""


def main() -> None:
    """Run with the arguments that the supervisor gives: configuration, socket, board, listening sockets."""
    be_killed_first()
    for number in _IGNORED:
        signal.signal(number, signal.SIG_IGN)
    path, sock, board, listening = sys.argv[1:]
    nursery = _Nursery(
        Path(path),
        socket.socket(fileno=int(sock)),
        int(board),
        [int(number) for number in listening.split(",")],
    )
    status = nursery.run()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
