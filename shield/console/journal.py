"""Keeps what the console did in the background: verifications of logs, and packs (samples, reports)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from shield.console.store import Store

_TABLES = """
CREATE TABLE IF NOT EXISTS verifications(
    origin TEXT NOT NULL, time REAL NOT NULL, by_whom TEXT NOT NULL, ok INTEGER NOT NULL,
    fields TEXT NOT NULL,
    PRIMARY KEY(origin, time)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS packs(
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, time REAL NOT NULL, by_whom TEXT NOT NULL, state TEXT NOT NULL,
    fields TEXT NOT NULL
) WITHOUT ROWID;
"""


class Journal:
    """All threads share one. `clock` is seconds since 1970."""

    def __init__(self, path: Path, *, clock: Callable[[], float]) -> None:
        self._store = Store(path, _TABLES)
        self._all = self._store.all
        self._clock = clock

    def close(self) -> None:
        self._store.close()

    def note_verification(self, origin: str, *, by: str, ok: bool, fields: str) -> None:
        now = self._clock()
        # One that a clock set ahead has dated would be the newest until then.
        self._all("DELETE FROM verifications WHERE origin = ? AND time > ?", origin, now)
        self._all("REPLACE INTO verifications VALUES (?, ?, ?, ?, ?)", origin, now, by, ok, fields)
        self._all(
            "DELETE FROM verifications WHERE origin = ? AND time NOT IN "
            "(SELECT time FROM verifications WHERE origin = ? ORDER BY time DESC LIMIT 1000)",
            origin,
            origin,
        )

    def verifications(self, origin: str, limit: int = 1) -> list[tuple[float, str, bool, str]]:
        """(time, by whom, whether it holds, fields as JSON), newest first."""
        rows = self._all(
            "SELECT time, by_whom, ok, fields FROM verifications WHERE origin = ? ORDER BY time DESC LIMIT ?",
            origin,
            limit,
        )
        return [(float(str(row[0])), str(row[1]), bool(row[2]), str(row[3])) for row in rows]

    def keep_pack(self, pack: str, kind: str, *, by: str, state: str, fields: str) -> None:
        """Store a sample or report that is being made, is ready, or failed."""
        self._all(
            "INSERT INTO packs VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "state = excluded.state, fields = excluded.fields",
            pack,
            kind,
            self._clock(),
            by,
            state,
            fields,
        )

    def packs(self, kind: str) -> Sequence[tuple[str, float, str, str, str]]:
        """(id, time, by whom, state, fields as JSON), newest first."""
        rows = self._all(
            "SELECT id, time, by_whom, state, fields FROM packs WHERE kind = ? ORDER BY time DESC LIMIT 100",
            kind,
        )
        return [(str(row[0]), float(str(row[1])), str(row[2]), str(row[3]), str(row[4])) for row in rows]

    def give_up_packs(self) -> None:
        """Mark packs as failed that were being made when the process ended."""
        self._all("UPDATE packs SET state = 'failed' WHERE state = 'making'")
