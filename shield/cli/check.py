"""`shield check`: says whether a configuration is valid, and what is wrong with it."""

# ruff: noqa: PLC0415  imports wait until the command runs: --help must not load the detectors
from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from shield.cli.group import ExitCode
from shield.cli.options import CONFIGURATION


@click.command(
    epilog="""\b
Examples:
  shield check -c shield.yaml
  shield check -c shield.yaml && systemctl reload shield

\b
Exit codes: 0 valid, 2 not valid.
"""
)
@click.option("-c", "--config", "config", type=CONFIGURATION, required=True, help="The configuration file.")
def check(config: Path) -> None:
    """Validate a configuration without starting anything.

    Prints every error as `file:line:column path: what is wrong, what is allowed` and, on standard
    error, what is allowed but deserves a look. References to the environment and to files are
    resolved, so run it where `shield serve` will run.
    """
    from shield.app import check_config

    problems, warnings = check_config(config, os.environ)
    for warning in warnings:
        click.echo(click.style("warning: ", fg="yellow") + str(warning), err=True)
    for problem in problems:
        click.echo(str(problem))
    if problems:
        sys.exit(ExitCode.USAGE)
    click.echo(f"{config}: " + click.style("valid", fg="green"))
