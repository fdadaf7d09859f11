"""`shield evidence`: what an audit log proves of a period. The commands are in modules of their own."""

from __future__ import annotations

import click

from shield.cli.group import LazyGroup

COMMANDS = {
    "reconcile": "shield.cli.evidence_reconcile:reconcile",
    "exceptions": "shield.cli.evidence_register:exceptions",
    "acknowledge": "shield.cli.evidence_register:acknowledge",
    "sample": "shield.cli.evidence_sample:sample",
    "report": "shield.cli.evidence_report:report",
    "canaries": "shield.cli.evidence_canaries:canaries",
    "read-backs": "shield.cli.evidence_read_backs:read_backs",
    "access": "shield.cli.evidence_access:access",
}
"""Where each command is. One is imported when it is called: the others read what it does not need."""


@click.group(cls=LazyGroup, commands_in_order=COMMANDS)
def evidence() -> None:
    """Show that the control worked in a period: counts, gaps, exceptions, samples.

    DIR is the folder of one origin's log, or the folder above (`audit.directory` of the
    configuration). Only `acknowledge` writes, and only to the register of exceptions; the others need
    read access alone, and the log may be in use. Each access is itself recorded, but not in a copy
    (--access).

    \b
    Examples:
      shield evidence reconcile state/audit --from 2031-05-01 --to 2031-05-31
      shield evidence exceptions state/audit --state open

    \b
    Exit codes:
      0  it adds up
      1  it does not add up, or does not verify
      2  wrong arguments, or something cannot be read
      3  the evidence cannot be made; the error's code is on standard error
    """  # noqa: D301  click reads the backspace, not a backslash
