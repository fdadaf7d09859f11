"""The proxy in one process (`server.workers: 0`): serves until a signal, with its companions."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from shield.app.service import Service, start_service
from shield.config.loader import load
from shield.supervisor.changes import Changes
from shield.supervisor.companion import Companion, Companions
from shield.supervisor.notices import Notices
from shield.telemetry.logging import configure
from shield.telemetry.supervision import CompanionMetrics
from shield.telemetry.uncaught import log_uncaught


async def run_server(
    path: Path,
    env: Mapping[str, str],
    companions: Sequence[Companion] = (),
    *,
    ready: Callable[[Service], None] | None = None,
) -> bool:
    """Serve until SIGTERM or SIGINT; reload on SIGHUP. Raises ShieldError where it cannot start.

    `companions` run from when it takes traffic until it stops.

    False where a thread is left for which the caller need not wait: a detector that is still loading after a
    stop during the start, or an abandoned inspection that hangs.
    """
    log_uncaught()
    settings = load(path, env).settings
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    early = asyncio.Event()
    loop.add_signal_handler(signal.SIGHUP, early.set)  # not before there is something to reload
    starting = loop.create_task(start_service(path, env), name="start")
    waiting = loop.create_task(stopped.wait(), name="stop")
    await asyncio.wait((starting, waiting), return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await starting
        return False
    waiting.cancel()
    service = starting.result()
    await service.record_start()
    changes = Changes()
    loop.add_signal_handler(signal.SIGHUP, changes.ask, service.reload)
    if early.is_set():
        changes.ask(service.reload)
    logger = configure(settings.logging, sys.stderr)
    beside = Companions(companions, env, logger, CompanionMetrics(service.registry))
    beside.start()
    notices = Notices(env, logger)
    notices.ready()
    if ready is not None:
        ready(service)
    await stopped.wait()
    notices.stopping()
    await changes.end()  # drops what a reload has loaded: nothing changes while it drains
    await asyncio.gather(service.stop(), beside.stop())
    notices.close()
    return not service.hangs
