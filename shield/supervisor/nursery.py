"""The supervisor's side of a nursery: the process that loads detectors once and forks workers from it.

The supervisor loads no detector itself: what is loaded is never unloaded, so a new configuration or a
new release would need a new supervisor. A nursery is replaced instead, and the supervisor stays small.

Messages are packets (`SOCK_SEQPACKET`) of JSON. To the nursery: `{"slot", "count"}` with two
descriptors, the worker's end of its channel and the file of its report; `{"kill": PID}`; for a reload
`{"prepare"}`, then `{"commit"}` or `{"forget"}`; `{"close"}` the listening sockets. From it, once,
`{"loaded": DIGEST}` or `{"refused": FAULT}`; then `{"born": PID, "slot"}` for each worker,
`{"ended": PID, "status"}`, negative where a signal ended it, and `{"prepared": DIGEST}` or
`{"unprepared": FAULT}`.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import orjson

from shield.errors import ShieldError
from shield.supervisor import faults
from shield.supervisor.channel import ChannelClosedError

PACKET = 1024 * 1024
ANSWER_SECONDS = 300.0
"""Seconds for an answer: loading, even from a slow disk. One that takes longer hangs, and is replaced."""
_ENDED_KEPT = 1024
_STATUS_SECONDS = 10.0  # that the nursery may take to say how a worker ended: it may be compiling
_Answer = TypeVar("_Answer")
PROGRAM = ("-P", "-m", "shield.app.nursery")


class Nursery:
    """One process that makes workers. `start` it, `close` it; it ends by itself when this process does."""

    def __init__(
        self, process: subprocess.Popen[bytes], sock: socket.socket, patience: float = ANSWER_SECONDS
    ) -> None:
        self._process = process
        self._patience = patience
        self._socket = sock
        self._loaded: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._prepared: asyncio.Future[str] | None = None
        self._born: dict[int, asyncio.Future[int]] = {}
        self._statuses: dict[int, asyncio.Future[int]] = {}
        self.ended = asyncio.Event()
        self._reading = asyncio.get_running_loop().create_task(self._read(), name="nursery")

    @classmethod
    def start(
        cls, path: Path, env: Mapping[str, str], *, board: int, listening: Sequence[socket.socket]
    ) -> Nursery:
        """Start one that loads the configuration at `path`. `board` and the sockets are handed down.

        Raises ShieldError where the system cannot make the process, such as for lack of memory.
        """
        numbers = [sock.fileno() for sock in listening]
        try:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                ours.setblocking(False)  # noqa: FBT003  the standard library's own
                try:
                    process = subprocess.Popen(  # noqa: S603  this program, by its interpreter
                        [
                            sys.executable,
                            *PROGRAM,
                            str(path),
                            str(theirs.fileno()),
                            str(board),
                            ",".join(map(str, numbers)),
                        ],
                        pass_fds=[theirs.fileno(), board, *numbers],
                        stdin=subprocess.DEVNULL,
                        env=dict(env),
                    )
                except BaseException:
                    ours.close()
                    raise
        except OSError:
            raise ShieldError("the process that loads the detectors cannot be started") from None
        return cls(process, ours)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def loaded(self) -> str:
        """The digest of what it has loaded. Raises ShieldError where that was refused, or it hangs."""
        try:
            return await self._answer(asyncio.shield(self._loaded))
        except ChannelClosedError:
            raise ShieldError("the process that loads the detectors did not answer") from None

    async def fork(self, slot: int, count: int, control: socket.socket, report: int) -> int:
        """The pid of a new worker. Raises ChannelClosedError where the nursery has ended or hangs."""
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._born[slot] = future
        self._send({"slot": slot, "count": count}, [control.fileno(), report])
        return await self._answer(future)

    async def prepare(self) -> str:
        """Have it load the configuration again, beside the one in force; its digest. Raises ShieldError."""
        self._prepared = asyncio.get_running_loop().create_future()
        try:
            self._send({"prepare": 1})
            return await self._answer(self._prepared)
        except ChannelClosedError:
            raise ShieldError("the process that loads the detectors ended") from None

    async def _answer(self, awaited: asyncio.Future[_Answer]) -> _Answer:
        """Its answer. Where it hangs, such as when stopped, it is killed: ChannelClosedError."""
        try:
            async with asyncio.timeout(self._patience):
                return await awaited
        except TimeoutError:
            self._process.kill()
            raise ChannelClosedError from None

    def commit(self) -> None:
        """Have workers get the prepared configuration from now on."""
        self._send({"commit": 1})

    def forget(self) -> None:
        """Drop what was prepared."""
        with contextlib.suppress(ChannelClosedError):
            self._send({"forget": 1})

    def close_listening(self) -> None:
        """Close its copies of the listening sockets: no further worker comes."""
        with contextlib.suppress(ChannelClosedError):
            self._send({"close": 1})

    def kill(self, pid: int) -> None:
        """End a worker at once. The nursery does it, since only a parent can be sure whose the pid is."""
        if self.ended.is_set():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        else:
            self._send({"kill": pid})

    async def status(self, pid: int) -> int | None:
        """How a worker ended, negative for a signal; None where the nursery does not say."""
        try:
            async with asyncio.timeout(_STATUS_SECONDS):
                return await asyncio.shield(self._status(pid))
        except (TimeoutError, ChannelClosedError):
            return None
        finally:
            self._statuses.pop(pid, None)

    async def close(self) -> None:
        """End it. Workers that it made go on."""
        if self._process.poll() is None:
            self._process.kill()
        await self.ended.wait()
        await asyncio.to_thread(self._process.wait)
        self._reading.cancel()

    def _send(self, message: dict[str, Any], descriptors: Sequence[int] = ()) -> None:
        try:
            socket.send_fds(self._socket, [orjson.dumps(message)], list(descriptors))
        except OSError:
            raise ChannelClosedError from None

    def _status(self, pid: int) -> asyncio.Future[int]:
        future = self._statuses.get(pid)
        if future is None:
            future = self._statuses[pid] = asyncio.get_running_loop().create_future()
            if self.ended.is_set():
                future.set_exception(ChannelClosedError())
        return future

    async def _read(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while raw := await loop.sock_recv(self._socket, PACKET):
                self._take(orjson.loads(raw))
        except OSError:
            pass
        finally:
            self.ended.set()
            self._socket.close()
            if not self._loaded.done():
                self._fail(self._loaded, ShieldError("the process that loads the detectors ended"))
            if self._prepared is not None:
                self._fail(self._prepared, ChannelClosedError())
            for future in (*self._born.values(), *self._statuses.values()):
                self._fail(future, ChannelClosedError())

    @staticmethod
    def _fail(future: asyncio.Future[Any], error: Exception) -> None:
        if not future.done():
            future.set_exception(error)
            future.exception()  # marked as seen: there may be nobody to wait for it

    def _take(self, message: dict[str, Any]) -> None:
        if "loaded" in message:
            self._loaded.set_result(message["loaded"])
        elif "refused" in message:
            self._fail(self._loaded, faults.from_plain(message["refused"]))
        elif "prepared" in message:
            if self._prepared is not None and not self._prepared.done():
                self._prepared.set_result(message["prepared"])
        elif "unprepared" in message:
            if self._prepared is not None:
                self._fail(self._prepared, faults.from_plain(message["unprepared"]))
        elif "born" in message:
            future = self._born.pop(message["slot"], None)
            if future is not None and not future.done():
                future.set_result(message["born"])
        elif "ended" in message:
            future = self._status(message["ended"])
            if not future.done():
                future.set_result(message["status"])
            while len(self._statuses) > _ENDED_KEPT:
                del self._statuses[next(iter(self._statuses))]
