"""Reads a model's files and checks them against the digests stored beside them.

A graph with damaged weights would still run, but silently find less than it should, so it is not loaded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

SUMS: Final = "SHA256SUMS"
"""The file of digests, in the format of `sha256sum`, which can check it: `sha256sum -c SHA256SUMS`."""


class DamagedModelError(ValueError):
    """A file does not match its digest; the message names the file and quotes nothing of it."""


def read_files(folder: Path, names: Sequence[str]) -> list[bytes]:
    """The bytes of each file of `names` in `folder`. Raises OSError, or DamagedModelError."""
    found = [(folder / name).read_bytes() for name in names]
    told = (folder / SUMS).read_text(encoding="ascii", errors="replace").split("\n")
    for name, data in zip(names, found, strict=True):
        if _line(name, data) not in told:
            raise DamagedModelError(f"{name} is damaged: it is not what {SUMS} says")
    return found


def write_sums(folder: Path, names: Sequence[str]) -> None:
    """Write the digests of the files of `names`, which were just made, into `folder`."""
    lines = [_line(name, (folder / name).read_bytes()) for name in names]
    (folder / SUMS).write_text("\n".join(lines) + "\n", encoding="ascii")


def _line(name: str, data: bytes) -> str:
    return f"{hashlib.sha256(data).hexdigest()}  {name}"
