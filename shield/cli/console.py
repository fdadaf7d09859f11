"""`shield console`: the web console for auditors and operators."""

# ruff: noqa: PLC0415  imports wait until the command runs: --help must not load the web server
from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import click

from shield.cli.options import CONFIGURATION


@click.command(
    epilog="""\b
Examples:
  shield console -c shield.yaml
  shield console -c shield.yaml --rebuild-index

\b
Exit codes: 0 stopped as asked, 2 the configuration is not valid, has no section `console`, or an
address in it is not available.
"""
)
@click.option("-c", "--config", "config", type=CONFIGURATION, required=True, help="The configuration file.")
@click.option(
    "--rebuild-index", is_flag=True, help="Delete the index, build it again from the logs, then go on."
)
@click.option(
    "--while-input-open",
    is_flag=True,
    help="Stop also when standard input ends; for a parent process that holds the other end.",
)
def console(config: Path, *, rebuild_index: bool, while_input_open: bool) -> None:
    """Run the web console until told to stop.

    It is a process of its own that reads the audit logs of the configuration's section `console`.
    Until somebody can sign in, it prints a link that creates the first admin; it works once, within a day.
    """
    import uvloop

    from shield.app.console import remove_index, run_console

    if rebuild_index:
        remove_index(config, os.environ)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run_console(config, os.environ, lasts=sys.stdin.fileno() if while_input_open else None))
