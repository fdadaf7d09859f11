"""`shield serve`: the proxy."""

# ruff: noqa: PLC0415  imports wait until the command runs: --help must not load the detectors
from __future__ import annotations

import asyncio
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shield.cli.options import CONFIGURATION

if TYPE_CHECKING:
    from shield.config.settings import Settings
    from shield.supervisor.companion import Companion


@click.command(
    epilog="""\b
Signals:
  SIGHUP          reload the configuration: whole and in all workers, or not at all
  SIGUSR2         replace the workers one by one, with the current code, models and configuration;
                  no connection is refused (not with `server.workers: 0`)
  SIGTERM, SIGINT stop: not ready, finish what is in flight, sign the audit logs, exit

\b
Examples:
  shield serve -c shield.yaml
  pkill -HUP -x shield

\b
Exit codes: 0 stopped as asked, 2 the configuration is not valid or an address in it is not
available, 3 the audit log or a detector cannot be used (the code is on standard error).
"""
)
@click.option("-c", "--config", "config", type=CONFIGURATION, required=True, help="The configuration file.")
def serve(config: Path) -> None:
    """Run the proxy and its admin listener until told to stop.

    Runs one worker process for each core, under a supervisor, unless `server.workers` says otherwise.
    Nothing is forwarded before the detectors are loaded and the audit log can be written; `/readyz`
    on the admin listener says when. Logs go to standard error, one JSON object a line.
    """
    import contextlib
    import resource

    import uvloop

    from shield.config.loader import load
    from shield.config_codes import ProblemCode
    from shield.errors import ConfigError
    from shield.supervisor.cores import worker_count

    # A core dump would hold the texts of exchanges in flight, and keys.
    with contextlib.suppress(OSError, ValueError):  # where even that is forbidden, so are core dumps
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        if config.exists() and not config.is_file():
            raise ConfigError(
                ProblemCode.FILE_UNREADABLE,
                "the configuration must be a file: each process reads it, and each reload reads it again",
            )
        settings = load(config, os.environ).settings
        if worker_count(settings.server.workers):
            from shield.supervisor.running import run_supervised

            runner.run(run_supervised(config, os.environ, partial(_companions, config)))
            return
        from shield.app.server import run_server

        if not runner.run(run_server(config, os.environ, _companions(config, settings))):
            sys.stderr.flush()
            os._exit(0)  # detectors are loading in a thread that cannot be stopped


def _companions(config: Path, settings: Settings) -> list[Companion]:
    """The processes beside the proxy: the console, where one is configured."""
    from shield.supervisor.companion import Companion

    if settings.console is None:
        return []
    return [
        Companion(
            "console",
            (sys.executable, "-P", "-m", "shield", "console", "--while-input-open", "-c", str(config)),
        )
    ]
