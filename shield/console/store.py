"""The console's small SQLite file, which holds its users and what it did."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path


class Store:
    """One connection that all threads share; each call is one short transaction.

    `lock` joins several calls; the thread that holds it may take it again.
    """

    def __init__(self, path: Path, tables: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        path.chmod(0o600)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.executescript(tables)
        self.lock = threading.RLock()

    def add_column(self, table: str, column: str, kind: str) -> None:
        """Have the column also in a file that was made before there was one."""
        if column not in {row[1] for row in self.all(f"PRAGMA table_info({table})")}:
            self.all(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")

    def close(self) -> None:
        with self.lock:
            self._connection.close()

    def all(self, statement: str, *arguments: object) -> list[tuple[object, ...]]:
        with self.lock, closing(self._connection.execute(statement, arguments)) as cursor:
            return cursor.fetchall()

    def one(self, statement: str, *arguments: object) -> tuple[object, ...] | None:
        rows = self.all(statement, *arguments)
        return rows[0] if rows else None
