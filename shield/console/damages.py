"""Signed records that the index could not read: kept in the index, and looked for again at each step."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from shield.audit.retention import minimum_index
from shield.audit.tiles import Reader
from shield.console.feed import Damage, is_readable


def keep_damages(connection: sqlite3.Connection, origin: int, found: Iterable[Damage]) -> None:
    """Store the damages that a step found; each replaces what was known of its file."""
    connection.executemany(
        "INSERT OR REPLACE INTO damages VALUES (?, ?, ?, ?, ?)",
        [(origin, it.path, it.first, it.end, it.what) for it in found],
    )


def is_mended(connection: sqlite3.Connection, origin: int, reader: Reader) -> bool:
    """Whether some unreadable records can be read by now, or were pruned."""
    rows = connection.execute("SELECT first, below, path, what FROM damages WHERE origin = ?", (origin,))
    minimum = minimum_index(reader)
    return any(
        minimum > it.first or is_readable(reader, it) for it in (Damage(*row) for row in rows.fetchall())
    )
