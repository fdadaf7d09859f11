"""A folder of rosters that only ever grows: the anchor of type `directory`, and the store of receipts.

    2031-05-04/030201.000000-SHA256[:16].json       a roster
    2031-05-04/030201.000000-SHA256[:16].NAME       the answer of an anchor (`tsr`, `cosigned`)

A file is created once, read-only, and never written again. So what was there before an attack on the host is
still there afterwards, as long as the mount lets the host only add files (WORM, object lock, another machine
that takes the files away).
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from shield.audit.files import FOLDER_MODE, Files, make_folders, sync_folder, write_temporary
from shield.audit.roster import Roster

ROSTER_SUFFIX = ".json"
KEPT_MODE = 0o440
_DAY = len("2031-05-04")
_BEFORE = 3


def store(files: Files, folder: Path, roster: Roster, receipts: dict[str, bytes]) -> Path:
    """Keeps a roster and the receipts for it; returns the roster's path. Raises `OSError`."""
    document = roster.document
    stem = f"{_clock(roster.time)}-{sha256(document).hexdigest()[:16]}"
    path = folder / roster.time[:_DAY] / f"{stem}{ROSTER_SUFFIX}"
    make_folders(files, path.parent, FOLDER_MODE)
    for name, content in receipts.items():
        _add(files, path.with_suffix(f".{name}"), content)
    _add(files, path, document)  # last, so that a roster that exists has its receipts
    sync_folder(files, path.parent)
    return path


def _clock(time: str) -> str:
    """The time of day of a roster, as in its file's name."""
    return time[_DAY + 1 : -1].replace(":", "")


def _add(files: Files, path: Path, content: bytes) -> None:
    """Writes a file that is not there yet, whole or not at all."""
    temporary = write_temporary(files, path, content, KEPT_MODE)
    if path.exists():
        files.unlink(temporary)
        raise FileExistsError(f"{path.name} already exists")
    files.rename(temporary, path)


def latest_rosters(folder: Path, time: str) -> list[Path]:
    """The last of `rosters`, and the last ones that are not later than `time` (as in rosters).

    Rosters are named by the clock. After it was set ahead and back, the last by name is not the last that was
    added, and after it was set back, old and new ones alternate for a time: so the last `_BEFORE` are among
    them. Lists only the days and the newest one or two of them.
    """
    try:
        days = sorted((path for path in folder.iterdir() if path.is_dir()), reverse=True)
    except (FileNotFoundError, NotADirectoryError):
        return []
    now = f"{time[:_DAY]}/{_clock(time)}"
    last: Path | None = None
    before: list[Path] = []
    for day in days:
        if last is not None and day.name > time[:_DAY]:
            continue
        for path in sorted(day.glob(f"*{ROSTER_SUFFIX}"), reverse=True):
            last = last or path
            if name_of(path)[: len(now)] <= now:
                before.append(path)
            if len(before) == _BEFORE:
                return list(dict.fromkeys((last, *before)))
    return list(dict.fromkeys((*([last] if last is not None else []), *before)))


def name_of(path: Path) -> str:
    """A roster's name within its folder, as messages have it."""
    return f"{path.parent.name}/{path.name}"


def rosters(folder: Path) -> Iterator[Path]:
    """The rosters in a folder, oldest first."""
    yield from sorted(folder.glob(f"*/*{ROSTER_SUFFIX}"))
