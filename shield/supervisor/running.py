"""A supervisor between its start and its end, and what signals do to it meanwhile.

SIGTERM, SIGINT  stop: each worker finishes what is in flight and signs its log
SIGHUP           reload the configuration: in all workers, or in none
SIGUSR2          replace all workers, one by one, by ones with the code, models and configuration of now
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from shield.config.loader import load
from shield.config.settings import Settings
from shield.supervisor.changes import Change, Changes
from shield.supervisor.companion import Companion
from shield.supervisor.notices import Notices
from shield.supervisor.supervisor import Supervisor
from shield.telemetry.logging import Logger, configure
from shield.telemetry.uncaught import log_uncaught

_CHANGES = (signal.SIGHUP, signal.SIGUSR2)
"""Sent while the supervisor starts, these take effect once it has started."""


async def run_supervised(
    path: Path, env: Mapping[str, str], companions: Callable[[Settings], Sequence[Companion]]
) -> None:
    """Serve with workers until SIGTERM or SIGINT. Raises ShieldError where it cannot start."""
    log_uncaught()
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    again = asyncio.Event()

    def stop() -> None:
        (again if stopped.is_set() else stopped).set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    early: list[signal.Signals] = []
    for number in _CHANGES:
        loop.add_signal_handler(number, early.append, number)  # not before there is something to change
    settings = load(path, env).settings
    logger: Logger = configure(settings.logging, sys.stderr).bind(worker="supervisor")
    supervisor = Supervisor(path, env, settings, companions(settings), logger)
    notices = Notices(env, logger)
    starting = loop.create_task(supervisor.start(), name="start")
    stopping = loop.create_task(stopped.wait(), name="stop")
    await asyncio.wait((starting, stopping), return_when=asyncio.FIRST_COMPLETED)
    changes = Changes()
    try:
        if starting.done():
            starting.result()
            of_signals: Mapping[signal.Signals, Change] = {
                signal.SIGHUP: supervisor.reload,
                signal.SIGUSR2: supervisor.roll,
            }
            for asked, change in of_signals.items():
                loop.add_signal_handler(asked, changes.ask, change)
            for asked in early:
                changes.ask(of_signals[asked])
            notices.ready()
            await stopping
    finally:
        notices.stopping()
        stopping.cancel()
        starting.cancel()
        await asyncio.gather(starting, changes.end(), return_exceptions=True)
        ending = loop.create_task(supervisor.stop(), name="end")
        waiting = loop.create_task(again.wait(), name="again")
        await asyncio.wait((ending, waiting), return_when=asyncio.FIRST_COMPLETED)
        supervisor.kill_all()
        waiting.cancel()
        await ending
        notices.close()
