"""Shared code of the commands that change a log: done here if it is free, else by the process writing it."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from shield import BUILD
from shield.audit.beginning import LockedError
from shield.audit.files import FolderReader
from shield.audit.keys import digest_periods, folder_name, origin_of, signing_key_paths
from shield.audit.log import AuditLog
from shield.audit.orders import Action, Answer, Order, Orders
from shield.audit.owner_files import owners_files
from shield.audit.retention import RetentionError, read_holds
from shield.audit.upkeep import Upkeep
from shield.audit.walk import standing_holds
from shield.cli.access import access_options, note_access
from shield.cli.logs import EXIT_FAILED, FOLDER, UnreadableError, directory_of, logs_in, readable
from shield.cli.options import CONFIGURATION, settings_of
from shield.cli.terminal import say
from shield.config.settings_audit import AuditSettings
from shield.evidence.access_turn import Turn

F = TypeVar("F", bound=Callable[..., Any])

WAIT_SECONDS = 30.0
_POLL = 0.1
_ENDED = (
    "the process that writes the log ended while it carried this out: see in `shield audit show` what was "
    "done, and try again"
)
_NAMES = {
    Action.ROTATE: "keys.rotate",
    Action.DESTROY: "keys.destroy",
    Action.PRUNE: "audit.prune",
    Action.HOLD: "audit.hold",
    Action.RELEASE: "audit.release",
}
_NOTED = frozenset({"period", "before", "name"})
"""The words of an order that its access record holds: no free text."""


def order_options(command: F) -> F:
    """DIR, `-c`, `--origin` and `--approver`, and the options of an access record."""
    for option in (
        access_options,
        click.option("--approver", required=True, help="Who decided it: a person or a team. It is recorded."),
        click.option(
            "--origin", "origins", multiple=True, help="Only this log of DIR; may be repeated. Default: all."
        ),
        click.option(
            "-c",
            "--config",
            "config",
            type=CONFIGURATION,
            help="The configuration, if it names the keys. Needed only if no process is writing the log.",
        ),
        click.argument("folder", metavar="DIR", type=FOLDER),
    ):
        command = option(command)
    return command


def carry_out(
    folder: Path, origins: Sequence[str], config: Path | None, action: Action, **words: str
) -> None:
    """Carry out the order for each log of a folder, and print what was done; exit code 1 where it failed.

    The log records what is done, with its approver; the access log records who asked for it, done or not.
    """
    with readable():
        found = [origin_of(reader) for reader in logs_in(folder)]
        for origin in sorted(set(origins) - set(found)):
            raise UnreadableError(f"{folder}: there is no log of the origin {origin}")
        wanted = [name for name in found if not origins or name in origins]
        note_access(
            folder, _NAMES[action], only=wanted, **{name: words[name] for name in _NOTED & words.keys()}
        )
        folder = directory_of(folder)
        if not origins and action is Action.DESTROY:
            period = words["period"]
            what = f"digest key of the period {period}"
            wanted = _concerned(wanted, what, lambda origin: period in digest_periods(folder, origin))
        elif not origins and action is Action.RELEASE:
            name = words["name"]
            wanted = _concerned(wanted, f"hold {name}", lambda origin: _has_hold(folder, origin, name))
    order = Order(action, words)
    failed = False
    for origin in wanted:
        answer = asyncio.run(_one(_settings(folder, origin, config), order))
        say(f"{origin}: {answer.text}", err=not answer.ok)
        failed = failed or not answer.ok
    if failed:
        sys.exit(EXIT_FAILED)


def _concerned(origins: list[str], what: str, has: Callable[[str], bool]) -> list[str]:
    """The logs that have what an order ends, and reports the others; all of them if none has it.

    A log that was not opened in a period, such as the access log of a quiet month, never had a key of it; and
    one that began after a hold was placed never had the hold.
    """
    having = [origin for origin in origins if has(origin)]
    if not having:
        return origins
    for origin in origins:
        if origin not in having:
            say(f"{origin}: there is no {what}")
    return having


def _has_hold(folder: Path, origin: str, name: str) -> bool:
    """Whether the log has the hold, also by its records: deleting the file releases no hold."""
    reader = FolderReader(folder / folder_name(origin))
    try:
        return name in read_holds(reader) or name in standing_holds(reader).stand
    except RetentionError:
        return True  # the order reports what is wrong


def _settings(folder: Path, origin: str, config: Path | None) -> AuditSettings:
    own_key = any(path.exists() for path in signing_key_paths(folder, origin))
    if config is None or own_key:
        return AuditSettings(folder, origin)
    return replace(settings_of(config).audit, directory=folder, origin=origin)


async def _one(settings: AuditSettings, order: Order) -> Answer:
    log = await _opened(settings)
    return await _ask(settings, order) if log is None else await _here(log, order)


async def _opened(settings: AuditSettings) -> AuditLog | None:
    """The log, or None where another process has it."""
    try:
        return await AuditLog.open(settings, build=BUILD, files=owners_files(settings.directory))
    except LockedError:
        return None


async def _here(log: AuditLog, order: Order, before: Callable[[], object] = lambda: None) -> Answer:
    try:
        before()
        origin = log.origin
        return await Upkeep(log, time.time_ns, os.urandom).carry_out(
            order, lambda text: say(f"{origin}: {text}", err=True)
        )
    finally:
        await log.close(order.action.value)


async def _ask(settings: AuditSettings, order: Order) -> Answer:
    """Leave the order for the process that writes the log, and wait for its answer.

    The process that has the log may not look for orders: a register or access log is open only while a record
    is written. So the log is also tried, in turn with others; while it is open here nobody else carries
    anything out. An order that was begun is waited for until it is done, or its process has ended; what is
    being done meanwhile is printed on standard error.
    """
    orders = Orders(owners_files(settings.directory), settings.directory, settings.origin)
    name = orders.leave(order)
    turn = Turn(settings.directory / folder_name(settings.origin))
    end = time.monotonic() + WAIT_SECONDS
    last: str | None = None
    try:
        while last is not None or time.monotonic() < end:
            told = orders.told(name)
            if (answer := orders.take_answer(name)) is not None:
                return answer
            if told is not None and told != last:
                say(f"{settings.origin}: {told or 'its process carries it out'}", err=True)
                last = told
            if turn.take() and (log := await _opened(settings)) is not None:
                if (answer := orders.take_answer(name)) is not None:
                    await log.close("answered")
                    return answer
                if orders.told(name) is not None:
                    await log.close("left")
                    orders.forget(name)
                    return Answer(ok=False, text=_ENDED)
                return await _here(log, order, lambda: orders.take_back(name))
            await asyncio.sleep(_POLL)
    finally:
        turn.leave()
        orders.take_back(name)  # whatever ended this: what the caller is told has failed is not done later
    return Answer(
        ok=False,
        text=f"the process that writes the log did not answer within {WAIT_SECONDS:g} s; try again",
    )
