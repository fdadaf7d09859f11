"""`shield openapi`: the OpenAPI document of the admin API."""

# ruff: noqa: PLC0415  imports wait until the command runs: --help must not load the proxy
from __future__ import annotations

import json

import click


@click.command(
    epilog="""\b
Examples:
  shield openapi > admin-api.json
"""
)
def openapi() -> None:
    """Print the OpenAPI 3.1 document of the admin API, as the admin listener serves it at /openapi.json."""
    from shield.proxy.admin.openapi import openapi as document

    click.echo(json.dumps(document(), indent=2, ensure_ascii=False))
