"""`shield callers`: API keys for tenants, and for callers of the admin listener."""

# ruff: noqa: PLC0415  imports wait until the command runs: --help must not load the proxy
from __future__ import annotations

import base64
import os

import click

KEY_PREFIX = "shield_"
KEY_BYTES = 32


@click.group(
    epilog="""\b
Examples:
  shield callers new
"""
)
def callers() -> None:
    """API keys for tenants, and for callers of the admin listener."""


@callers.command(
    epilog="""\b
Examples:
  shield callers new
  shield callers new --raw > key.txt 2> digest.txt

\b
Exit codes: 0 made.
"""
)
@click.option(
    "--raw", is_flag=True, help="The key alone on standard output, its digest alone on standard error."
)
def new(raw: bool) -> None:
    """Make a new API key of 256 random bits, and the digest that the configuration holds of it.

    The key is shown once and kept nowhere: give it to the caller. The digest goes into
    `tenants.NAME.api_keys` or `admin.callers.NAME.api_keys`; it reveals nothing about the key.
    """
    from shield.proxy.callers import key_digest

    key = KEY_PREFIX + base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).rstrip(b"=").decode()
    digest = key_digest(key.encode())
    if raw:
        click.echo(key)
        click.echo(digest, err=True)
    else:
        click.echo(f"key     {key}")
        click.echo(f"digest  {digest}")
