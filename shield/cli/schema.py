"""`shield schema`: the JSON Schema of the configuration."""

# ruff: noqa: PLC0415  imports wait until the command runs: --help must not load the detectors
from __future__ import annotations

import json
import sys

import click


@click.command(
    epilog="""\b
Examples:
  shield schema > shield.schema.json
  # yaml-language-server: $schema=shield.schema.json    (first line of your configuration)
"""
)
def schema() -> None:
    """Print the JSON Schema of the configuration, for editors that complete and check as you type.

    It describes structure, types and ranges; `shield check` also checks what needs the whole file,
    such as names that refer to each other.
    """
    from shield.config.json_schema import json_schema

    text = json.dumps(json_schema(), indent=2, ensure_ascii=False)
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.json import JSON

        Console().print(JSON(text))
    else:
        click.echo(text)
