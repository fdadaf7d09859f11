"""`shield serve`: the proxy."""

# ruff: noqa: PLC0415  imports wait until the command runs: --help must not load the detectors
from __future__ import annotations

import asyncio
import os
from pathlib import Path

import click

from shield.cli.options import CONFIGURATION


@click.command(
    epilog="""\b
Signals:
  SIGHUP          reload the configuration, whole or not at all
  SIGTERM, SIGINT stop: not ready, finish what is in flight, sign the audit log, exit

\b
Examples:
  shield serve -c shield.yaml
  pkill -HUP -x shield

\b
Exit codes: 0 stopped as asked, 2 the configuration is not valid or an address in it cannot be
listened on, 3 the audit log or a detector cannot be used (the code is on standard error).
"""
)
@click.option("-c", "--config", "config", type=CONFIGURATION, required=True, help="The configuration file.")
def serve(config: Path) -> None:
    """Run the proxy and its admin listener until told to stop.

    Nothing is forwarded before the detectors are loaded and the audit log can be written; `/readyz`
    on the admin listener says when. Logs go to standard error, one JSON object a line.
    """
    import contextlib
    import resource

    import uvloop

    from shield.app import run_server

    # A core would hold the texts of exchanges in flight, and keys.
    with contextlib.suppress(OSError, ValueError):  # where even that is forbidden, so are cores
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run_server(config, os.environ))
