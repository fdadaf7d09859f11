"""Shared code of the commands that read audit logs: finding logs, keys, moments, and exit code 2."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple, TypeVar

import click

from shield.audit.checkpoint import CheckpointError, SignedCheckpoint, VerifierKey
from shield.audit.files import FolderReader, OsFiles
from shield.audit.keys import origin_of
from shield.audit.tiles import MissingTileError
from shield.audit.tree import ProofError
from shield.audit.walk import is_log
from shield.cli.gathered import as_one
from shield.cli.read_so_far import ReadSoFar
from shield.cli.terminal import say, shown
from shield.evidence.reading import date_of

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
EXIT_FAILED = 1
EXIT_UNREADABLE = 2
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class UnreadableError(click.ClickException):
    """What the user named exists, but is not what it should be."""

    exit_code = EXIT_UNREADABLE

    def format_message(self) -> str:
        """The message; it may name files and keys of a log that somebody made."""
        return shown(self.message)


@contextmanager
def readable() -> Iterator[None]:
    """Turn errors of reading files into exit code 2."""
    try:
        yield
    except BrokenPipeError:
        raise  # `| head`
    except OSError as error:
        if error.errno in _FULL:
            raise  # it was written, not read
        raise UnreadableError(f"{error.filename or 'a file'}: {error.strerror or error}") from error
    except (CheckpointError, ProofError, UnicodeDecodeError) as error:
        raise UnreadableError(str(error)) from error
    except MissingTileError as error:
        raise UnreadableError(f"{error}: the tile is missing or truncated") from error


def logs_in(folder: Path) -> list[FolderReader]:
    """The logs in a folder: itself, or those right below it.

    Raises UnreadableError where there is none, or two have one origin: a copy left beside its log would be
    counted, sampled and exported with it, and each of two histories verifies alone.
    """
    files = ReadSoFar(partial(say, err=True), monotonic) if sys.stderr.isatty() else OsFiles()
    if is_log(FolderReader(folder)):
        return [FolderReader(folder, files)]
    below = [FolderReader(path, files) for path in sorted(folder.iterdir()) if path.is_dir()]
    found = [reader for reader in below if is_log(reader)]
    if not found:
        raise UnreadableError(f"{folder}: there is no audit log in this folder")
    names: dict[str, str] = {}
    for reader in found:
        other = names.setdefault(origin_of(reader), reader.folder.name)
        if other != reader.folder.name:
            both = f"{other} and {reader.folder.name} are both logs of the origin {origin_of(reader)}"
            raise UnreadableError(
                f"{folder}: {both}: take the copy out of the folder, or name one of the two"
            )
    return found


def directory_of(folder: Path) -> Path:
    """The folder that holds the logs, where `folder` may be one of them."""
    return folder.resolve().parent if is_log(FolderReader(folder)) else folder


def kept_options(demand: str) -> Callable[[F], F]:
    """`--key` and `--since`, as `kept`: what was kept elsewhere; `demand` says what must hold."""
    return as_one(
        "kept",
        KeptFiles,
        click.option(
            "--key",
            "keys",
            multiple=True,
            metavar="VKEY",
            help="The public key that must have signed, or a file with it; may be repeated, one an origin.",
        ),
        click.option(
            "--since",
            "checkpoints",
            multiple=True,
            metavar="CHECKPOINT",
            type=FILE,
            help=f"A checkpoint that was kept elsewhere: {demand}",
        ),
    )


def key_from(text: str) -> VerifierKey:
    """The key from a vkey, or from a file that holds one."""
    path = Path(text)
    try:
        return VerifierKey.parse(path.read_text() if "+" not in text or path.is_file() else text)
    except (CheckpointError, ValueError) as error:  # a text or file name that is none
        raise UnreadableError(f"--key: {error}") from error


class Kept(NamedTuple):
    """What was kept elsewhere of the logs, by their origin."""

    keys: Mapping[str, VerifierKey]
    heads: Mapping[str, SignedCheckpoint]


@dataclass(frozen=True, slots=True)
class KeptFiles:
    """Keys, or files with them, and files of checkpoints, as given on the command line."""

    keys: Sequence[str]
    checkpoints: Sequence[Path] = ()

    def of(self, folder: Path, origins: Collection[str]) -> Kept:
        """Resolve them for the logs in `folder`, which have these `origins`.

        Raises UnreadableError for one that belongs to no log there, and for two of a kind for one log, since
        the log could be compared with only one of them.
        """
        kept = Kept(
            _one_each("--key", ((key.name, key) for key in map(key_from, self.keys))),
            _one_each(
                "--since",
                (
                    (signed.checkpoint.origin, signed)
                    for signed in (SignedCheckpoint.parse(path.read_bytes()) for path in self.checkpoints)
                ),
            ),
        )
        for name in sorted((kept.keys.keys() | kept.heads.keys()) - set(origins)):
            raise UnreadableError(f"{folder}: there is no log of the origin {name}")
        return kept


def _one_each(option: str, named: Iterable[tuple[str, T]]) -> dict[str, T]:
    found: dict[str, T] = {}
    for origin, value in named:
        if found.setdefault(origin, value) != value:
            raise UnreadableError(f"{option}: given twice for the origin {origin}; give it once")
    return found


_MINUTE = timedelta(minutes=1) - timedelta(microseconds=1)


class Moment(click.ParamType[str]):
    """A time of RFC 3339 or a date, UTC without a zone. An end that is a date or minute includes it."""

    name = "time"

    def __init__(self, *, end_of_day: bool) -> None:
        self._of_day = time.max if end_of_day else time.min

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            if (day := date_of(value)) is not None:
                moment = datetime.combine(day, self._of_day, UTC)
            else:
                moment = datetime.fromisoformat(value)
                moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
                if self._of_day == time.max and len(value) == len("2031-05-04T03:02"):
                    moment += _MINUTE
        except (ValueError, OverflowError):  # OverflowError: in UTC the time lies beyond the year 9999
            self.fail(
                f"{value!r} is neither a date (2031-05-04) nor a time (2031-05-04T03:02:01Z)", param, ctx
            )
        return moment.isoformat(timespec="microseconds")[:-6] + "Z"
