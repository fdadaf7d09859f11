"""Starts the programs of a run, pins them to cores, and reads their costs from /proc."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.load import Command
from benchmarks.surge import Surge

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
_TICKS = os.sysconf("SC_CLK_TCK")
_LISTENING = "0A"  # of the states of /proc/net/tcp


class BenchmarkError(Exception):
    """A program of the run did not start, or failed the check before it is timed."""


@dataclass(frozen=True, slots=True)
class Cores:
    """Which cores the program under test gets, and which the upstream and the load generator share."""

    tested: frozenset[int]
    rest: frozenset[int]

    @classmethod
    def available(cls) -> Cores:
        """The last core for the program under test; where there is only one, all share it."""
        cores = sorted(os.sched_getaffinity(0))
        return cls(frozenset(cores[-1:]), frozenset(cores[:-1][:1] or cores))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def http_call(
    port: int, method: str, path: str, body: bytes | None = None
) -> tuple[int, dict[str, str], bytes]:
    """One request on its own connection: status, headers (lower-case names), body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def cpu_seconds(pid: int) -> float:
    """User and system time of a process with all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


class Program:
    """A child process in its own session, pinned; its output goes to a file."""

    def __init__(self, name: str, arguments: Sequence[str], cores: frozenset[int], work: Path) -> None:
        self.name = name
        self.log = work / f"{name}.log"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        os.sched_setaffinity(self._process.pid, cores)

    def wait_ready(self, port: int, path: str = "", seconds: float = 120.0) -> None:
        """Waits until `path` answers 200 on `port`; without a path, until the port accepts a connection."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if self._process.poll() is not None:
                break
            try:
                if path:
                    if http_call(port, "GET", path)[0] == 200:
                        return
                else:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    return
            except OSError:
                pass
            time.sleep(0.05)
        tail = self.log.read_text(errors="replace")[-2000:]
        raise BenchmarkError(f"{self.name} did not become ready; the end of its output:\n{tail}")

    def pids(self) -> list[int]:
        """The process and all its descendants."""
        found = [self._process.pid]
        for pid in found:
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                found.extend(int(child) for child in children.read_text().split())
        return found

    def cpu_seconds(self) -> float:
        """User and system time of the process, its threads and its children that still run."""
        return sum(cpu_seconds(pid) for pid in self.pids())

    def memory_mb(self, field: str = "VmRSS") -> float:
        """Resident memory (or its peak, `VmHWM`) of the process and its children, in MB of 10^6 bytes."""
        kib = 0
        for pid in self.pids():
            for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith(f"{field}:"):
                    kib += int(line.split()[1])
        return kib * 1024 / 1e6

    def descriptors(self, port: int, upstream_port: int) -> int:
        """Open descriptors of the process and its children, without connections from clients and upstream.

        The number of these depends on the load alone: clients connect to `port`, and in a slow moment of the
        machine more writes are under way, each on a connection to `upstream_port` that is then kept a while.
        """
        clients = {f"socket:[{inode}]" for inode in connected(self._process.pid, port, upstream_port)}
        found = 0
        for pid in self.pids():
            for descriptor in Path(f"/proc/{pid}/fd").iterdir():
                with contextlib.suppress(FileNotFoundError):  # closed meanwhile
                    found += str(descriptor.readlink()) not in clients
        return found

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def connected(pid: int, port: int, upstream_port: int) -> set[str]:
    """The inodes of the TCP connections made to either port, in the network of the process (proc(5)).

    Of those to `upstream_port` it is the end that made them.
    """
    found = set()
    for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]:
        _, local, remote, state, *rest = line.split()
        ours, theirs = (int(it.rpartition(":")[2], 16) for it in (local, remote))
        if state != _LISTENING and (ours == port or theirs == upstream_port):
            found.add(rest[5])
    return found


class LoadGenerator:
    """The load generator's process, driven over its standard input and output."""

    def __init__(self, cores: frozenset[int], module: str = "benchmarks.load") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        os.sched_setaffinity(self._process.pid, cores)

    def cpu_seconds(self) -> float:
        return cpu_seconds(self._process.pid)

    def run(self, command: Command | Surge) -> dict[str, Any]:
        assert self._process.stdin is not None  # noqa: S101 - narrows the type
        assert self._process.stdout is not None  # noqa: S101 - narrows the type
        self._process.stdin.write(json.dumps(asdict(command)) + "\n")
        line = self._process.stdout.readline()
        if not line:
            raise BenchmarkError("the load generator ended")
        result: dict[str, Any] = json.loads(line)
        return result

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def unwind_on_termination() -> None:
    """Makes SIGTERM end the program by an exception, so that what it started is stopped."""
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))


def start_upstream(port: int, cores: frozenset[int], work: Path) -> Program:
    program = Program("upstream", ["-m", "benchmarks.upstream", "--port", str(port)], cores, work)
    try:
        program.wait_ready(port)
    except BenchmarkError:
        program.stop()
        raise
    return program
