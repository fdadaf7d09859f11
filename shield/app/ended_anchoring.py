"""Keeps what anchors took after the logs were closed until the next process that anchors records it.

The last heads of an orderly end are given when no log takes records any more. The file
`DIRECTORY/anchors/ended` holds the records that are due, one a line; the holder of the lock beside it reads
and writes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from shield.audit import life_records
from shield.audit.files import Files, write_atomic
from shield.audit.record import Draft

_NAME = "ended"


def put_off(files: Files, folder: Path, drafts: list[Draft]) -> None:
    """Add to the records that are due. Raises OSError."""
    lines = [orjson.dumps(dict(draft.fields)) + b"\n" for draft in drafts]
    write_atomic(files, folder / _NAME, b"".join([_read(files, folder), *lines]))


def put_off_before(files: Files, folder: Path) -> list[Draft]:
    """The records that are due, in order; other lines are skipped. Raises OSError."""
    return list(_drafts(_read(files, folder)))


def settled(files: Files, folder: Path) -> None:
    """The records have been written to the log: forget them. Raises OSError."""
    files.unlink(folder / _NAME)


def _read(files: Files, folder: Path) -> bytes:
    path = folder / _NAME
    return files.read(path) if path.exists() else b""


def _drafts(lines: bytes) -> Iterator[Draft]:
    for line in lines.splitlines():
        try:
            fields: Any = orjson.loads(line)
            texts = ("anchor", "form", "result", "roster_sha256", "receipt_sha256")
            if not (isinstance(fields["logs"], int) and all(isinstance(fields[it], str) for it in texts)):
                continue
        except (ValueError, KeyError, TypeError):
            continue
        yield life_records.anchor(
            name=fields["anchor"],
            form=fields["form"],
            result=fields["result"],
            logs=fields["logs"],
            roster_sha256=fields["roster_sha256"],
            receipt_sha256=fields["receipt_sha256"],
        )
