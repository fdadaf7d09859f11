"""How a process opens one origin's log for writing: lock, keys, recovery, first signed head. Does I/O.

It also completes a rotation that the configuration ordered or a crash interrupted, before anybody can append.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shield.audit.checkpoint import SignedCheckpoint, SignerError, TextSigner
from shield.audit.files import Files, FolderReader, make_folders
from shield.audit.keys import (
    DigestKey,
    folder_name,
    has_keys,
    load_digest_key,
    load_signers,
    period_of,
    settle_rotation,
)
from shield.audit.recovery import Opened, open_log
from shield.audit.rotation import Rotation, rotation_draft
from shield.audit.tiles import CHECKPOINT_PATH
from shield.audit.wal import segment_firsts
from shield.config.settings_audit import AuditSettings
from shield.errors import AuditUnavailableError


class LockedError(AuditUnavailableError):
    """Another process is writing the log."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """A log that is locked, recovered and signed. `release` unlocks its folder.

    `anew` says that, by its keys, it had been begun before, but nothing of it was in its folder.
    """

    opened: Opened
    anew: bool
    digest_key: DigestKey
    digest_period: str
    head: SignedCheckpoint
    release: Callable[[], None]


def begin(
    settings: AuditSettings,
    files: Files,
    *,
    clock: Callable[[], int],
    random: Callable[[int], bytes],
    build: str,
    there: bool = False,
) -> Beginning:
    """Locks the log of `settings.origin`, makes its keys, recovers, writes `boot`, signs. Blocking.

    `clock` is nanoseconds since 1970. A log that must be `there` is not begun again: an empty folder where a
    log was is an unmounted file system, which on its return would hide a log begun there. Raises
    `ConfigError` (bad origin or key), `AuditCorruptError`, `LockedError`, `AuditUnavailableError`, `OSError`;
    the folder is unlocked then.
    """
    folder = settings.directory / folder_name(settings.origin)
    if there and not (folder / CHECKPOINT_PATH).exists():
        raise AuditUnavailableError(
            f"the log of {settings.origin} is no longer in its folder; mount or restore it"
        )
    try:
        release = _lock(files, folder)
    except BlockingIOError as error:
        raise LockedError(
            f"another process is writing the log of {settings.origin}; stop it, or change audit.directory"
        ) from error
    try:
        created = not (folder / CHECKPOINT_PATH).exists()
        # A first start that was cut short leaves records, and no checkpoint yet.
        anew = created and has_keys(settings) and not segment_firsts(FolderReader(folder, files))
        signers = load_signers(settings, files, random, create=created)
        period = period_of(settings, clock())
        digest_key = load_digest_key(settings, files, random, period)
        opened = open_log(
            files,
            folder,
            signers,
            clock=clock,
            random=random,
            build=build,
            digest_key=digest_key.key_id,
            digest_period=period,
            period_at=lambda time: period_of(settings, _nanoseconds(time)),
        )
        head = opened.writer.checkpoint(opened.sequencer.oldest_needed)
        if signers[0].key != opened.writer.history.current:
            _rotate_to(opened, signers[0], head)
            head = opened.writer.checkpoint(opened.sequencer.oldest_needed)
        settle_rotation(settings, files, opened.writer.history.current)
    except BaseException:
        release()
        raise
    return Beginning(opened, anew, digest_key, period, head, release)


def cause_of(error: Exception) -> str:
    """What failed, without a path."""
    if isinstance(error, SignerError):
        return str(error)
    if isinstance(error, OSError) and error.errno is not None:
        return errno.errorcode.get(error.errno, str(error.errno))
    return type(error).__name__


def file_of(error: OSError, directory: Path) -> str:
    """The file that an error names, in brackets and relative to its folder; empty where none is named."""
    if not isinstance(error.filename, str):
        return ""
    path = Path(error.filename)
    return f" ({path.relative_to(directory) if path.is_relative_to(directory) else path})"


def _rotate_to(opened: Opened, signer: TextSigner, head: SignedCheckpoint) -> None:
    """Rotates at a start: the record, then the files beside the log; a checkpoint must follow."""
    writer = opened.writer
    draft = rotation_draft(writer.signer, signer, head.checkpoint.size, head.checkpoint.root)
    raw = opened.sequencer.encode(draft)[1]
    writer.write([raw])
    writer.integrate()
    writer.rotate(Rotation.parse(raw), signer)


def _nanoseconds(time: str) -> int:
    """Nanoseconds since 1970, of a record's time."""
    return round(datetime.fromisoformat(time).timestamp() * 1_000_000) * 1000


def _lock(files: Files, folder: Path) -> Callable[[], None]:
    """Makes a log's folder and locks it; returns what unlocks it."""
    make_folders(files, folder)
    fd = files.open(folder, os.O_RDONLY | os.O_DIRECTORY, 0)
    try:
        files.lock(fd)
    except BaseException:
        files.close(fd)
        raise
    return lambda: files.close(fd)
