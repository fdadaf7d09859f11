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


def store(files: Files, folder: Path, roster: Roster, receipts: dict[str, bytes]) -> Path:
    """Keeps a roster and the receipts for it; returns the roster's path. Raises `OSError`."""
    document = roster.document
    clock = roster.time[_DAY + 1 : -1].replace(":", "")
    stem = f"{clock}-{sha256(document).hexdigest()[:16]}"
    path = folder / roster.time[:_DAY] / f"{stem}{ROSTER_SUFFIX}"
    make_folders(files, path.parent, FOLDER_MODE)
    for name, content in receipts.items():
        _add(files, path.with_suffix(f".{name}"), content)
    _add(files, path, document)  # last, so that a roster that exists has its receipts
    sync_folder(files, path.parent)
    return path


def _add(files: Files, path: Path, content: bytes) -> None:
    """Writes a file that is not there yet, whole or not at all."""
    temporary = write_temporary(files, path, content, KEPT_MODE)
    if path.exists():
        files.unlink(temporary)
        raise FileExistsError(f"{path.name} already exists")
    files.rename(temporary, path)


def newest_roster(folder: Path) -> Path | None:
    """The last of `rosters`, found by listing only the days and the newest of them."""
    try:
        days = sorted((path for path in folder.iterdir() if path.is_dir()), reverse=True)
    except (FileNotFoundError, NotADirectoryError):
        return None
    found = (max(day.glob(f"*{ROSTER_SUFFIX}"), default=None) for day in days)
    return next((path for path in found if path is not None), None)


def name_of(path: Path) -> str:
    """A roster's name within its folder, as messages have it."""
    return f"{path.parent.name}/{path.name}"


def rosters(folder: Path) -> Iterator[Path]:
    """The rosters in a folder, oldest first."""
    yield from sorted(folder.glob(f"*/*{ROSTER_SUFFIX}"))
