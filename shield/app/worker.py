"""One worker process: runs the service as its supervisor tells it.

Its event loop notes twice a second, on the shared board, that it runs. If it does not for
`server.stall_timeout`, a thread that needs no interpreter lock writes where every thread stands (files, lines
and functions, nothing else) to the worker's report, and ends the process.

If the supervisor is gone, the worker ends as if told to stop: it closes its sockets at once, finishes what is
in flight, and signs its log.
"""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import orjson
import uvloop

from shield.analyzer.engine import Analyzer
from shield.app.checking import checked_analyzers
from shield.app.hosting import Hosting, Seams
from shield.app.pending import Pending
from shield.app.service import Service
from shield.app.share import Share
from shield.config.loader import Loaded, load
from shield.config_codes import ProblemCode
from shield.domain import DetectorSpec
from shield.errors import ConfigError, ShieldError
from shield.proxy.board import Board
from shield.proxy.shared_listener import SharedSite
from shield.proxy.tls_contexts import Spares
from shield.supervisor import faults
from shield.supervisor.channel import Channel, Message
from shield.telemetry.logging import error_fields
from shield.telemetry.merge import snapshot, to_plain
from shield.telemetry.uncaught import log_uncaught

BEAT_SECONDS = 0.25
SILENT_SECONDS = 1.0
"""A worker whose loop has not run for this long is left no connections, as it would not accept them."""
WATCHDOG_SECONDS = 1.0
"""Seconds between two resets of the watchdog."""

_USAGE, _INPUT = 2, 3  # the exit codes of `shield serve`
_DEFECT = 70


def status_of(error: ShieldError) -> int:
    """The exit code of a process that could not start."""
    return _USAGE if isinstance(error, ConfigError) else _INPUT


@dataclass(frozen=True, slots=True)
class WorkerSpec:
    """A worker's identity, and the descriptors that it was handed."""

    path: Path
    slot: int
    count: int
    control: int
    report: int
    board: int
    listening: tuple[int, ...]

    @property
    def descriptors(self) -> list[int]:
        """All of them."""
        return [self.control, self.report, self.board, *self.listening]

    def arguments(self, digest: str) -> list[str]:
        """The arguments of `main` in a fresh process."""
        numbers = (self.slot, self.count, self.control, self.report, self.board, *self.listening)
        return [str(self.path), digest, *map(str, numbers)]

    @classmethod
    def parse(cls, arguments: list[str]) -> tuple[WorkerSpec, str]:
        """The inverse of `arguments`: the worker, and the digest of the configuration that it must find."""
        path, digest, *rest = arguments
        slot, count, control, report, board, *listening = map(int, rest)
        return cls(Path(path), slot, count, control, report, board, tuple(listening)), digest


class Worker:
    """The service of one slot, between its start and its end."""

    def __init__(
        self,
        spec: WorkerSpec,
        loaded: Loaded,
        known: Mapping[DetectorSpec, Analyzer],
        spares: Spares,
    ) -> None:
        self._spec = spec
        self._board = board = Board(spec.board, os.fstat(spec.board).st_size // Board.SLOT_BYTES)
        site = partial(
            SharedSite,
            sockets=[socket.socket(fileno=number) for number in spec.listening],
            busiest=self._is_busiest,
            on_count=partial(board.connections, spec.slot),
            spares=spares,
        )
        self._service = Service(
            spec.path,
            os.environ,
            loaded,
            Seams(),
            Hosting(
                Share(spec.slot, spec.count),
                known,
                site,
                {"worker": spec.slot},
                board.had_log(spec.slot),
                spares,
            ),
        )
        self._server = loaded.settings.server
        self._stop = asyncio.Event()
        self._reason = "stop"
        self._pending = Pending()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, channel: Channel) -> int:
        """Serve until told to stop; returns the exit code."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._stop.set)
        beating = loop.create_task(self._beat(channel), name="beat")
        listening = loop.create_task(self._listen(channel), name="channel")
        starting = loop.create_task(self._service.start(), name="start")
        stopping = loop.create_task(self._stop.wait(), name="stop")
        await asyncio.wait((starting, stopping), return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()
            with contextlib.suppress(asyncio.CancelledError, ShieldError):
                await starting
            return 0
        try:
            starting.result()
        except ShieldError as error:
            channel.send({"event": "failed", "error": faults.to_plain(error)})
            await channel.flush()
            return status_of(error)
        self._board.log_opened(self._spec.slot)
        self._board.accepts(self._spec.slot, accepts=True)
        channel.send({"event": "ready"})
        await self._service.record_start()
        await stopping
        self._board.accepts(self._spec.slot, accepts=False)
        await self._service.retire(self._server.drain_idle)
        await self._service.stop(self._reason)
        beating.cancel()
        channel.send({"event": "stopped", "metrics": to_plain(snapshot(self._service.metrics.registry))})
        await channel.flush()
        listening.cancel()
        return 0

    def _is_busiest(self, number: int) -> bool:
        since = time.monotonic() - SILENT_SECONDS
        return self._board.other_has_fewer(self._spec.slot, number, since)

    async def _beat(self, channel: Channel) -> None:
        """Show that the loop runs, and tell the supervisor when what it knows of this worker changes."""
        told: tuple[list[str], list[str]] | None = None
        watched = 0.0
        while True:
            now = time.monotonic()
            self._board.beat(self._spec.slot, now)
            if now - watched >= WATCHDOG_SECONDS:
                watched = now
                faulthandler.dump_traceback_later(
                    self._server.stall_timeout, exit=True, file=self._spec.report
                )
                health = (self._service.dead(), self._service.not_ready())
                if health != told:
                    told = health
                    channel.send({"event": "health", "dead": health[0], "not_ready": health[1]})
            await asyncio.sleep(BEAT_SECONDS)

    async def _listen(self, channel: Channel) -> None:
        async for message in channel.messages():
            task = asyncio.get_running_loop().create_task(self._answer(channel, message))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._reason = "supervisor_gone"
        self._stop.set()

    async def _answer(self, channel: Channel, message: Message) -> None:
        answer: Message = {"id": message["id"]}
        try:
            match message["op"]:
                case "metrics":
                    answer["metrics"] = to_plain(snapshot(self._service.metrics.registry))
                case "prepare":
                    await self._pending.prepare(message["reload"], self._service.prepare(message["digest"]))
                case "commit":
                    await self._service.commit(self._pending.take(message["reload"]))
                case "refuse":
                    self._pending.drop()
                    await self._service.refuse(faults.from_plain(message["error"]))
                case "stop":
                    self._reason = message["reason"]
                    self._stop.set()
        except ShieldError as error:
            answer["error"] = faults.to_plain(error)
        channel.send(answer)


async def _run(worker: Callable[[], Worker], control: int) -> int:
    channel = await Channel.open(socket.socket(fileno=control))
    return await worker().run(channel)


def run_worker(
    spec: WorkerSpec,
    loaded: Loaded,
    known: Mapping[DetectorSpec, Analyzer],
    spares: Spares,
) -> int:
    """Serve in this process, which has no other work; returns its exit code. The caller ends it at once.

    `spares` stand in for TLS files that cannot be used.
    """
    faulthandler.enable(file=spec.report)
    log_uncaught()
    runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
    try:
        return runner.run(_run(partial(Worker, spec, loaded, known, spares), spec.control))
    except Exception as error:  # noqa: BLE001  a defect; its message may quote what it choked on
        line = {"level": "error", "event": "worker_failed", "worker": spec.slot, **error_fields(error)}
        sys.stderr.write(orjson.dumps(line).decode() + "\n")
        return _DEFECT


def main() -> None:
    """Run a worker that shares nothing; the nursery runs this, with `WorkerSpec.arguments`."""
    spec, digest = WorkerSpec.parse(sys.argv[1:])
    status = _DEFECT
    try:
        loaded = load(spec.path, os.environ)
        if loaded.settings.digest != digest:
            raise ConfigError(ProblemCode.FILE_CHANGED, "the configuration is not the one in force")
        status = run_worker(spec, loaded, checked_analyzers(loaded, {}), Spares())
    except ShieldError as error:
        status = status_of(error)
    finally:
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
