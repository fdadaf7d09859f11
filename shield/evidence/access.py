"""Records who accessed a log, in an audit log of its own, `ORIGIN/access`, beside the log it is about.

The record is signed and on disk before anything is shown or done. The access log is open only for that
moment; a second process waits. It is written only where the logs are **at home**: in the folder where `shield
serve` (or somebody who demanded a record) wrote last. A copy is never altered unasked: its `keys` folder is
missing, or is not the one that `keys/ORIGIN+access.home` names by device and inode.
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
import os
import pwd
import re
import socket
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shield import BUILD
from shield.audit import about
from shield.audit.files import SECRET_MODE, write_atomic
from shield.audit.keys import folder_name
from shield.audit.log import AuditLog
from shield.audit.owner_files import owners_files
from shield.audit.record import Draft
from shield.config.settings_audit import AuditSettings
from shield.domain import EMPTY
from shield.errors import AuditUnavailableError, EvidenceError, ShieldError
from shield.evidence.access_turn import Turn
from shield.evidence.reading import ACCESS_SUFFIX, Period, base_origin

MAX_NAME = 100
MAX_VALUE = 200
MAX_VALUES = 100
WAIT_SECONDS = 10.0
COMMAND_WAIT_SECONDS = 30.0
"""How long commands wait: beside a busy proxy a console is slow, and it signs before it releases the log."""
WITHHELD = "(withheld)"

_PRINTABLE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]*")
# The shape of names and ids. It keeps out values of a payload that somebody typed into a filter: it has no
# `@` and no blanks, nor long runs of digits except in a hexadecimal id.
_NAME = re.compile(r"(?!.*[0-9]{9})[A-Za-z0-9][A-Za-z0-9._~:/#+*-]*|[0-9a-f]{32}|[0-9a-f]{64}")
RETRY_SECONDS = 0.01
"""Seconds between two attempts to open a log that another process is writing."""
_KEYS = "keys"
_NO_LOGIN = 2**32 - 1


class AccessLogBusyError(AuditUnavailableError):
    """Another process has the access log or the register, and did not release it in time."""


class Demand(enum.StrEnum):
    """What to do about an access that cannot be recorded."""

    AUTO = "auto"  # recorded where the logs are at home; if that fails, it is reported
    REQUIRED = "required"  # recorded here, which makes this their home, or refused
    OFF = "off"  # not recorded


@dataclass(frozen=True, slots=True)
class Actor:
    """Who: the operating system's user, who opened the session, and a name where one is given.

    `via` is the door: `cli`, `console`, `serve`.
    """

    user: str
    uid: int
    login: str = ""
    name: str = ""
    via: str = "cli"
    host: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """What: a dotted name such as `audit.show`, over which period, with which filters."""

    action: str
    period: Period = field(default_factory=Period)
    filters: Mapping[str, str | Sequence[str]] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class Noted:
    """`receipts` are `ORIGIN/access#INDEX`, one a log; `note` says why some log has none."""

    receipts: tuple[str, ...] = ()
    note: str = ""


def process_actor(name: str = "", via: str = "cli") -> Actor:
    """The user who runs this process. Raises `EvidenceError` for a name that is not one short line."""
    if len(name) > MAX_NAME or not _PRINTABLE.fullmatch(name):
        raise EvidenceError(f"a name is one line of at most {MAX_NAME} characters")
    uid = os.getuid()
    return Actor(_user_of(uid), uid, _login(), name, via, socket.gethostname())


def _user_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:  # a user id without a name, in a container
        return str(uid)


def _login() -> str:
    """The login name, by the kernel's audit session; empty where there is none."""
    with contextlib.suppress(OSError, ValueError):
        uid = int(Path("/proc/self/loginuid").read_text())
        return "" if uid == _NO_LOGIN else _user_of(uid)
    return ""


async def record_access(
    directory: Path,
    origins: Iterable[str],
    actor: Actor,
    access: Access,
    *,
    demand: Demand = Demand.AUTO,
    wait: float = WAIT_SECONDS,
    clock: Callable[[], int] = time.time_ns,
) -> Noted:
    """Records one access to the logs of `origins` (or of their registers) in `directory`.

    Await it before you show or do anything. A record a log, on disk and signed on return. `wait` is for how
    many seconds to wait for another writer. Values of filters that do not look like names are withheld. With
    `AUTO` it raises `EvidenceError` where the access log is in use for longer than that, since the access
    could be recorded later; `Noted.note` names everything else that was not recorded. With `REQUIRED` it
    raises `EvidenceError` wherever a record could not be made.
    """
    if demand is Demand.OFF:
        return Noted()
    receipts: list[str] = []
    notes: dict[str, None] = {}
    for origin in sorted({base_origin(origin) for origin in origins}):
        try:
            if demand is Demand.AUTO and not at_home(directory, origin):
                notes["this folder is a copy, not where the log is written"] = None
                continue
            log = await open_access_log(directory, origin, wait, clock)
            receipts.append(f"{log.origin}#{await _record(log, origin, actor, access)}")
            make_home(directory, origin)
        except OSError as error:
            notes[os.strerror(error.errno or 0)] = None
        except AccessLogBusyError as error:
            raise EvidenceError(f"this access cannot be recorded now: {error}") from None
        except ShieldError as error:
            notes[str(error)] = None
    note = "; ".join(notes)
    if note and demand is Demand.REQUIRED:
        raise EvidenceError(f"this access cannot be recorded: {note}")
    return Noted(tuple(receipts), note)


async def _record(log: AuditLog, origin: str, actor: Actor, access: Access) -> int:
    """Writes the record and signs it; the log is closed on return. Raises `AuditUnavailableError`."""
    try:
        return await log.commit(access_draft(origin, actor, access))
    finally:
        await log.close("recorded")


def access_draft(origin: str, actor: Actor, access: Access) -> Draft:
    """The record of an access to the log of `origin`; values of filters that are no names are withheld."""
    return about.access(
        action=access.action,
        user=actor.user,
        uid=actor.uid,
        login=actor.login,
        name=actor.name,
        via=actor.via,
        host=actor.host,
        log=origin,
        start=access.period.start,
        end=access.period.end,
        filters={name: _named(values) for name, values in access.filters.items() if values},
    )


async def open_access_log(directory: Path, origin: str, wait: float, clock: Callable[[], int]) -> AuditLog:
    """The access log, as soon as no other process has it; those that wait get their turn (`access_turn`).

    Raises `AccessLogBusyError` after `wait` seconds, other `ShieldError`s, `OSError`.
    """
    settings = AuditSettings(directory, origin + ACCESS_SUFFIX)
    return await open_in_turn(settings, wait, clock)


async def open_in_turn(settings: AuditSettings, wait: float, clock: Callable[[], int]) -> AuditLog:
    """Open a log that several processes write, each for a moment, as `open_access_log` does."""
    deadline = time.monotonic() + wait
    turn = Turn(settings.directory / folder_name(settings.origin))
    try:
        while True:
            if turn.take():
                try:
                    return await AuditLog.open(
                        settings,
                        clock=clock,
                        build=BUILD,
                        files=owners_files(settings.directory),
                    )
                except AuditUnavailableError as error:
                    if not isinstance(error.__cause__, BlockingIOError):
                        raise
            if time.monotonic() > deadline:
                raise AccessLogBusyError(f"another process is using the log of {settings.origin}")
            await asyncio.sleep(RETRY_SECONDS)
    finally:
        turn.leave()


def _named(values: str | Sequence[str]) -> list[str]:
    listed = [values] if isinstance(values, str) else list(values)
    shown = [value if _is_name(value) else WITHHELD for value in listed[:MAX_VALUES]]
    return shown if len(listed) <= MAX_VALUES else [*shown, f"and {len(listed) - MAX_VALUES} more"]


def _is_name(value: str) -> bool:
    return len(value) <= MAX_VALUE and _NAME.fullmatch(value) is not None


# Where the logs are at home.


def _home_file(directory: Path, origin: str) -> Path:
    return directory / _KEYS / f"{folder_name(origin + ACCESS_SUFFIX)}.home"


def _place(directory: Path) -> bytes:
    """The keys folder by device and inode, which no copy of it has."""
    there = (directory / _KEYS).stat()
    return f"{there.st_dev}:{there.st_ino}\n".encode()


def at_home(directory: Path, origin: str) -> bool:
    """Whether this is the folder in which accesses to the log of `origin` are recorded.

    Raises `OSError`, but not for what does not exist.
    """
    try:
        return _home_file(directory, origin).read_bytes() == _place(directory)
    except (FileNotFoundError, NotADirectoryError):
        return False


def make_home(directory: Path, origin: str) -> None:
    """Make this the folder in which accesses to the log of `origin` are recorded. Raises `OSError`."""
    if not at_home(directory, origin):
        files = owners_files(directory)
        write_atomic(files, _home_file(directory, origin), _place(directory), SECRET_MODE)
