"""A worker as the supervisor sees it: its process, what it reports, how it ended."""

from __future__ import annotations

import asyncio
import contextlib
import enum
import os
import re
import signal
import socket
from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Any

from shield.errors import ShieldError
from shield.supervisor import faults
from shield.supervisor.channel import Asker, Channel, ChannelClosedError, Message
from shield.supervisor.nursery import Nursery
from shield.telemetry.merge import Snapshot, from_plain

STALLED = "stalled"
"""The state shown for a ready worker whose event loop does not run."""
_FRAME = re.compile(r'^  File "(?P<file>[^"]+)", line (?P<line>\d+) in (?P<function>.+)$', re.MULTILINE)
_REPORT_BYTES = 64 * 1024
_MAX_FRAMES = 40


class State(enum.Enum):
    """The states of a worker, in this order. Values are the label `state` of `shield_workers`."""

    STARTING = "starting"
    READY = "ready"
    STOPPING = "stopping"
    ENDED = "ended"


class WorkerProcess:
    """One process in one slot. `ended` is set when it is gone; it is not started again: make another."""

    def __init__(self, slot: int, nursery: Nursery, pid: int, report: int, channel: Channel) -> None:
        self.slot = slot
        self.nursery = nursery
        self.pid = pid
        self.state = State.STARTING
        self.error: ShieldError | None = None  # why it could not start
        self.stalled = False  # its event loop has not run for a while, seen from outside
        self.dead: Sequence[str] = ()
        self.not_ready: Sequence[str] = ("starting",)
        self.snapshot: Snapshot = ()
        self._has_said_all = False  # `snapshot` is what it had counted at its end
        self.status: int | None = None  # its exit code, negative for a signal; None where unknown
        self.frames: Sequence[str] = ()  # where its threads stood when it stalled or crashed
        self.settled = asyncio.Event()  # ready, or ended
        self.ended = asyncio.Event()
        self.on_change: Callable[[], None] = lambda: None
        self._report = report
        self._asker = Asker(channel, self._event)
        self._task = asyncio.get_running_loop().create_task(self._run(), name=f"worker-{slot}")

    @classmethod
    async def start(cls, slot: int, count: int, nursery: Nursery) -> WorkerProcess:
        """Have `nursery` make a worker.

        Raises ChannelClosedError where the nursery has ended, and ShieldError where the system gives no
        descriptors.
        """
        with contextlib.ExitStack() as unwanted:
            try:
                ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
                unwanted.callback(ours.close)
                with theirs:
                    report = os.memfd_create("shield-report")
                    unwanted.callback(os.close, report)
                    pid = await nursery.fork(slot, count, theirs, report)
                channel = await Channel.open(ours)
            except OSError:
                raise ShieldError("the system has no file descriptors left for a worker") from None
            unwanted.pop_all()
        return cls(slot, nursery, pid, report, channel)

    @property
    def shown(self) -> str:
        """Its state, as pages and series name it."""
        return STALLED if self.stalled and self.state is State.READY else self.state.value

    @property
    def reasons(self) -> Sequence[str]:
        """Reasons why it takes no traffic."""
        return [*self.not_ready, STALLED] if self.shown == STALLED else self.not_ready

    async def ask(self, op: str, seconds: float, **arguments: Any) -> Message:
        """The worker's answer. Raises ShieldError: the worker's own, or that there was no answer."""
        try:
            answer = await self._asker.ask(op, seconds, **arguments)
        except (ChannelClosedError, TimeoutError):
            raise ShieldError(f"worker {self.slot} did not answer") from None
        if "error" in answer:
            raise faults.from_plain(answer["error"])
        return answer

    async def scrape(self, seconds: float) -> None:
        """Renew `snapshot`; a worker that does not answer, or has said its last, keeps the last one."""
        with contextlib.suppress(ShieldError):
            answer = await self.ask("metrics", seconds)
            if not self._has_said_all:  # which may have come while this waited for its turn in the loop
                self.snapshot = from_plain(answer["metrics"])

    async def stop(self, reason: str, seconds: float) -> None:
        """Let it finish what it does and end; kill it where that takes longer than `seconds`."""
        self.state = State.STOPPING
        self.on_change()
        with contextlib.suppress(ShieldError):
            await self.ask("stop", seconds, reason=reason)
        try:
            async with asyncio.timeout(seconds):
                await self.ended.wait()
        except TimeoutError:
            self.kill()
            await self.ended.wait()

    def kill(self) -> None:
        """End it at once. Safe at any time: its log is left as by a power cut."""
        if not self.ended.is_set():
            with contextlib.suppress(ChannelClosedError):
                self.nursery.kill(self.pid)

    @property
    def cause(self) -> str:
        """Why it ended, for the label `reason` of `shield_worker_exits_total`."""
        if self.frames and self.status is not None and self.status > 0:
            return "stalled"
        if self.error is not None:
            return self.error.code
        if self.status is None:
            return "unknown"
        if self.status == 0:
            return "stopped"
        if self.status < 0:
            return "killed" if self.status == -signal.SIGKILL else "signal"
        return "failed"

    def _event(self, message: Message) -> None:
        match message["event"]:
            case "ready":
                if self.state is State.STARTING:
                    self.state = State.READY
                    self.not_ready = ()
                self.settled.set()
            case "health":
                self.dead, self.not_ready = message["dead"], message["not_ready"]
            case "failed":
                self.error = faults.from_plain(message["error"])
            case "stopped":
                self.snapshot = from_plain(message["metrics"])
                self._has_said_all = True
        self.on_change()

    async def _run(self) -> None:
        try:
            await self._asker.run()
            self.status = await self.nursery.status(self.pid)
            self.frames = _frames(self._report)
        finally:
            os.close(self._report)
            self.state = State.ENDED
            self.not_ready = ("ended",)
            self.settled.set()
            self.ended.set()
            self.on_change()


def _frames(report: int) -> list[str]:
    """Where each thread stood, as `package/file.py:LINE function`: the report holds nothing else."""
    text = os.pread(report, _REPORT_BYTES, 0).decode(errors="replace")
    return [
        f"{'/'.join(PurePath(it['file']).parts[-2:])}:{it['line']} {it['function']}"
        for it in _FRAME.finditer(text)
    ][:_MAX_FRAMES]
