"""`shield check`: says whether a configuration is valid, and what is wrong with it."""

# ruff: noqa: PLC0415  imports wait until the command runs: --help must not load the detectors
from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path

import click

from shield.cli.group import ExitCode
from shield.cli.options import CONFIGURATION


@click.command(
    epilog="""\b
Examples:
  shield check -c shield.yaml
  shield check -c shield.yaml && systemctl reload shield
  shield check -c shield.yaml --json | jq -r '.problems[] | [.code, .path] | @tsv'

\b
Exit codes: 0 valid, 2 not valid.
"""
)
@click.option("-c", "--config", "config", type=CONFIGURATION, required=True, help="The configuration file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with all problems and warnings.")
def check(config: Path, *, as_json: bool) -> None:
    """Validate a configuration without starting anything.

    Prints every error as `file:line:column path: what is wrong and what to do [code]` and, on
    standard error, warnings: what is allowed but deserves a look. docs/configuration.md says what to do
    about each code. References to the environment and to files are resolved, so run it where
    `shield serve` will run.
    """
    from shield.app.checking import check_config

    problems, warnings = check_config(config, os.environ)
    if as_json:
        from shield.cli.terminal import as_json as as_line

        said = {"problems": [asdict(it) for it in problems], "warnings": [asdict(it) for it in warnings]}
        click.echo(as_line({"valid": not problems, **said}))
        sys.exit(ExitCode.USAGE if problems else ExitCode.OK)
    for warning in warnings:
        click.echo(click.style("warning: ", fg="yellow") + str(warning), err=True)
    for problem in problems:
        click.echo(str(problem))
    if problems:
        sys.exit(ExitCode.USAGE)
    click.echo(f"{config}: " + click.style("valid", fg="green"))
