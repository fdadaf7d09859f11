"""The demonstration store's SQLite table: exact bytes under a collection and a number.

Every method blocks. The connection belongs to the thread that opened it, so `store` keeps one thread
for it, and no statement ever runs on the event loop.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS items (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    collection TEXT NOT NULL,
    content_type TEXT,
    content_encoding TEXT,
    body BLOB NOT NULL
)
"""


@dataclass(frozen=True, slots=True)
class Item:
    """One stored write: the bytes as they came, with the two headers that say how to read them."""

    number: int
    collection: str
    content_type: str | None
    content_encoding: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a collection's list. `size` is in bytes."""

    number: int
    content_type: str | None
    size: int


class Database:
    """The table `items` of one SQLite file, created if it does not exist."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.execute(_SCHEMA)

    def insert(
        self, collection: str, content_type: str | None, content_encoding: str | None, body: bytes
    ) -> int:
        """Store a new item and return its number, which no other item ever had."""
        cursor = self._connection.execute(
            "INSERT INTO items (collection, content_type, content_encoding, body) VALUES (?, ?, ?, ?)",
            (collection, content_type, content_encoding, body),
        )
        return int(cursor.lastrowid or 0)

    def replace(self, item: Item) -> bool:
        """Store `item` in place of the one with its number; False where there is none."""
        cursor = self._connection.execute(
            "UPDATE items SET content_type = ?, content_encoding = ?, body = ?"
            " WHERE number = ? AND collection = ?",
            (item.content_type, item.content_encoding, item.body, item.number, item.collection),
        )
        return cursor.rowcount == 1

    def fetch(self, collection: str, number: int) -> Item | None:
        row = self._connection.execute(
            "SELECT number, collection, content_type, content_encoding, body FROM items"
            " WHERE number = ? AND collection = ?",
            (number, collection),
        ).fetchone()
        return None if row is None else Item(*row)

    def delete(self, collection: str, number: int) -> bool:
        cursor = self._connection.execute(
            "DELETE FROM items WHERE number = ? AND collection = ?", (number, collection)
        )
        return cursor.rowcount == 1

    def entries(self, collection: str) -> list[Entry]:
        """What the collection holds, oldest first, without the bodies."""
        rows = self._connection.execute(
            "SELECT number, content_type, length(body) FROM items WHERE collection = ? ORDER BY number",
            (collection,),
        )
        return [Entry(*row) for row in rows]

    def items(self) -> list[Item]:
        """Every item of every collection, for the search for leaks."""
        rows = self._connection.execute(
            "SELECT number, collection, content_type, content_encoding, body FROM items ORDER BY number"
        )
        return [Item(*row) for row in rows]

    def close(self) -> None:
        self._connection.close()
