"""`--as` and `--access`: the options of every command that reads or changes evidence, and its record."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from shield.audit.keys import origin_of
from shield.cli.logs import directory_of, logs_in
from shield.cli.terminal import say
from shield.evidence.access import COMMAND_WAIT_SECONDS, Access, Demand, process_actor, record_access
from shield.evidence.reading import Period

F = TypeVar("F", bound=Callable[..., Any])

_NAME = "shield.access.name"
_DEMAND = "shield.access.demand"
_ALWAYS = Period()


def _keep(key: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    def callback(context: click.Context, _: click.Parameter, value: Any) -> Any:
        context.meta[key] = value
        return value

    return callback


def access_options(command: F) -> F:
    """`--as` and `--access`; `note_access` reads them, so that the command itself need not."""
    command = click.option(
        "--access",
        type=click.Choice([demand.value for demand in Demand]),
        default=Demand.AUTO.value,
        envvar="SHIELD_ACCESS",
        show_default=True,
        expose_value=False,
        callback=_keep(_DEMAND),
        help="Record this access in the log ORIGIN/access: `auto` where the logs are written, `required` "
        "here, or refuse; `off` not at all. Also SHIELD_ACCESS.",
    )(command)
    return click.option(
        "--as",
        "as_name",
        metavar="NAME",
        default="",
        envvar="SHIELD_ACCESS_NAME",
        expose_value=False,
        callback=_keep(_NAME),
        help="Who you are, for the access record, in addition to the system user. Also SHIELD_ACCESS_NAME.",
    )(command)


def note_access(
    folder: Path,
    action: str,
    period: Period = _ALWAYS,
    /,
    *,
    only: Sequence[str] = (),
    **filters: str | Sequence[str] | None,
) -> None:
    """Record that the current command is about to do `action` with the logs in `folder`.

    Call it before anything is shown or written, within `readable()`. `only` are the origins concerned, if not
    all in the folder. What was not recorded is reported on standard error. Raises `EvidenceError` where a
    record is required and cannot be made, or the access log is in use for long.
    """
    meta = click.get_current_context().meta
    demand = Demand(meta.get(_DEMAND, Demand.AUTO.value))
    if demand is Demand.OFF:
        return
    actor = process_actor(meta.get(_NAME, ""))
    given = {name: value for name, value in filters.items() if value}
    access = Access(action, period, given)
    origins = only or [origin_of(reader) for reader in logs_in(folder)]
    noted = asyncio.run(
        record_access(directory_of(folder), origins, actor, access, demand=demand, wait=COMMAND_WAIT_SECONDS)
    )
    if noted.note:
        say(f"note: this access is not recorded: {noted.note}", err=True)
