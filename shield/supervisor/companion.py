"""Runs a process beside the workers, such as the auditor's console: starts it, keeps it up, stops it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from shield.background import ended
from shield.supervisor.backoff import Backoff
from shield.telemetry.logging import Logger
from shield.telemetry.supervision import CompanionMetrics

STOP_SECONDS = 10.0
"""Seconds that a companion may take to end after SIGTERM."""


@dataclass(frozen=True, slots=True)
class Companion:
    """A program by its arguments. It must run until SIGTERM, or until its standard input ends.

    It leads a session of its own: where Linux shares cores between sessions first (autogroups, sched(7)),
    what it uses is then not taken from the workers' share, whatever its scheduling class. Its input is a pipe
    that ends with the supervisor, however that ends. No write of the proxy depends on it.
    """

    name: str
    arguments: Sequence[str]


class CompanionProcess:
    """Keeps one companion running, with growing waits while it does not stay up."""

    def __init__(
        self,
        companion: Companion,
        env: Mapping[str, str],
        logger: Logger,
        on_exit: Callable[[str], None],
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        patience: float = STOP_SECONDS,
    ) -> None:
        self._patience = patience
        self._companion = companion
        self._env = env
        self._logger = logger
        self._on_exit = on_exit
        self._sleep = sleep
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The pid of the running process."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start it, and again whenever it ends."""
        self._task = asyncio.get_running_loop().create_task(self._keep(), name=self._companion.name)

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        backoff = Backoff()
        while True:
            born = loop.time()
            try:
                self._process = process = await asyncio.create_subprocess_exec(
                    *self._companion.arguments,
                    stdin=asyncio.subprocess.PIPE,
                    env=dict(self._env),
                    start_new_session=True,
                )
            except OSError as error:  # such as no memory or descriptor left
                wait = backoff.after(0.0)
                self._logger.error(  # noqa: TRY400  no frames: expected
                    "companion_not_started", companion=self._companion.name, errno=error.errno, again_in=wait
                )
                await self._sleep(wait)
                continue
            self._logger.info("companion_started", companion=self._companion.name, pid=process.pid)
            status = await process.wait()
            self._on_exit(self._companion.name)
            wait = backoff.after(loop.time() - born)
            self._logger.error(
                "companion_ended", companion=self._companion.name, status=status, again_in=wait
            )
            await self._sleep(wait)

    async def stop(self) -> None:
        """Send SIGTERM; if that does not end it in time, SIGKILL, with SIGTERM to its children."""
        await ended(self._task)
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(self._patience):
                await process.wait()
        except TimeoutError:
            # On a busy machine a low-priority process may not get the time to end in order. Its children
            # would fill the log with complaints about its sudden end.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.kill()
            await process.wait()


class Companions:
    """All companions of a program, started and stopped together. `metrics` counts their unexpected ends."""

    def __init__(
        self,
        companions: Sequence[Companion],
        env: Mapping[str, str],
        logger: Logger,
        metrics: CompanionMetrics,
    ) -> None:
        self._processes = [CompanionProcess(it, env, logger, metrics.exited) for it in companions]
        for companion in companions:
            metrics.begins(companion.name)

    def start(self) -> None:
        """Start each, and again whenever it ends."""
        for process in self._processes:
            process.start()

    async def stop(self) -> None:
        """Stop all at once; returns when they have ended."""
        await asyncio.gather(*(process.stop() for process in self._processes))
