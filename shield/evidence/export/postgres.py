"""Events in a table of PostgreSQL, keyed by (origin, index): exporting again adds nothing.

The table is made where it is missing. A batch is one statement, so it is there whole or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.util import find_spec
from typing import Any

from shield.errors import EvidenceError
from shield.evidence.export.sink import Exported

INSTALL = "PostgreSQL needs the package asyncpg: pip install 'pii-shield[postgres]'"

_TABLE = """
CREATE TABLE IF NOT EXISTS shield_events (
    origin text NOT NULL,
    index bigint NOT NULL,
    time timestamptz,
    class_uid integer NOT NULL,
    leaf_sha256 bytea NOT NULL,
    event jsonb NOT NULL,
    PRIMARY KEY (origin, index)
)
"""
_POSITIONS = "SELECT origin, max(index) + 1 AS next FROM shield_events GROUP BY origin"
_INSERT = """
INSERT INTO shield_events (origin, index, time, class_uid, leaf_sha256, event)
SELECT * FROM unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::integer[], $5::bytea[], $6::jsonb[])
ON CONFLICT (origin, index) DO NOTHING
"""


def postgres_available() -> bool:
    """Whether the driver is installed."""
    return find_spec("asyncpg") is not None


class Postgres:
    """A `Sink`. `dsn` as for libpq: `postgresql://USER@HOST/DATABASE`; a password may come from PGPASSWORD.

    Connects when it is first used, and anew after an error. No error names more than its code.
    """

    def __init__(self, dsn: str, *, timeout: float = 30.0) -> None:
        """`timeout` in seconds, for connecting and for each statement. Raises `EvidenceError`."""
        if not postgres_available():
            raise EvidenceError(INSTALL)
        self._dsn = dsn
        self._timeout = timeout
        self._connection: Any = None

    async def positions(self) -> Mapping[str, int]:
        rows = await self._run("fetch", _POSITIONS)
        return {row["origin"]: row["next"] for row in rows}

    async def put(self, batch: Sequence[Exported]) -> int:
        if not batch:
            return 0
        columns = zip(
            *(
                (it.origin, it.index, _moment(it.time), it.class_uid, it.leaf, it.event.decode())
                for it in batch
            ),
            strict=True,
        )
        done = await self._run("execute", _INSERT, *map(list, columns))
        return int(done.rpartition(" ")[2])

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()

    async def _run(self, method: str, *arguments: Any) -> Any:
        import asyncpg  # noqa: PLC0415  an optional extra

        try:
            if self._connection is None:
                self._connection = await asyncpg.connect(
                    self._dsn, timeout=self._timeout, command_timeout=self._timeout
                )
                await self._connection.execute(_TABLE)
            return await getattr(self._connection, method)(*arguments)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, ValueError) as error:
            await self.close()
            code = getattr(error, "sqlstate", None) or type(error).__name__
            raise EvidenceError(f"PostgreSQL: {code}") from None


def _moment(time: str) -> datetime | None:
    return datetime.fromisoformat(time) if time else None
