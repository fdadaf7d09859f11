"""Writes events to a PostgreSQL table, keyed by (origin, index): exporting again adds nothing.

The table is created where it is missing. A batch is one statement, so it is written whole or not at all, and
it counts only where the record before it exists too: a server that replaced another may lack some.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from importlib.util import find_spec
from typing import Any

from shield.errors import EvidenceError
from shield.evidence.export.postgres_errors import said_of
from shield.evidence.export.sink import Exported, Position

INSTALL = "PostgreSQL needs the package asyncpg: from a checkout, pip install '.[postgres]'"

# A user who may only write to the table may not create it, even if it exists, so look first.
_IS_THERE = "SELECT to_regclass('shield_events') IS NOT NULL"
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
# One look-up in the key's index for each log, however long the table.
_POSITIONS = """
SELECT known.origin, last.index + 1 AS next, last.leaf_sha256 AS leaf
FROM unnest($1::text[]) AS known(origin) CROSS JOIN LATERAL (
    SELECT index, leaf_sha256 FROM shield_events WHERE origin = known.origin ORDER BY index DESC LIMIT 1
) AS last
"""
_INSERT = """
INSERT INTO shield_events (origin, index, time, class_uid, leaf_sha256, event)
SELECT * FROM unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::integer[], $5::bytea[], $6::jsonb[])
WHERE $7::bigint IS NULL OR EXISTS (SELECT 1 FROM shield_events WHERE origin = $8 AND index = $7)
ON CONFLICT (origin, index) DO NOTHING
"""
_COUNT = "SELECT count(*) FROM shield_events WHERE origin = $1 AND index BETWEEN $2 AND $3"
# JSON allows it, a text of PostgreSQL does not. An even number of backslashes before it do not belong to it.
_TIMEOUT = 30.0  # seconds for connecting, and for each statement
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def postgres_available() -> bool:
    """Whether the driver is installed."""
    return find_spec("asyncpg") is not None


class Postgres:
    """A `Sink`. `dsn` as for libpq: `postgresql://USER@HOST/DATABASE`; a password may come from PGPASSWORD.

    Connects when it is first used, and again after an error. No error names more than its code.
    """

    def __init__(self, dsn: str) -> None:
        """Raises `EvidenceError` where the driver is not installed."""
        if not postgres_available():
            raise EvidenceError(INSTALL)
        self._dsn = dsn
        self._connection: Any = None

    async def positions(self, origins: Collection[str]) -> Mapping[str, Position]:
        rows = await self._run("fetch", _POSITIONS, list(origins))
        return {row["origin"]: Position(row["next"], row["leaf"]) for row in rows}

    async def put(self, batch: Sequence[Exported], after: int | None) -> int:
        if not batch:
            return 0
        origin = batch[0].origin
        columns = zip(
            *(
                (it.origin, it.index, _moment(it.time), it.class_uid, it.leaf, _text(it.event))
                for it in batch
            ),
            strict=True,
        )
        done = await self._run("execute", _INSERT, *map(list, columns), after, origin)
        added = int(done.rpartition(" ")[2])
        if added < len(batch):
            there = await self._run("fetchval", _COUNT, origin, batch[0].index, batch[-1].index)
            if there < len(batch):
                raise EvidenceError(
                    f"PostgreSQL: the table does not hold record {after} of {origin}: it is another "
                    "server's, or rows were removed"
                )
        return added

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()

    async def _run(self, method: str, *arguments: Any) -> Any:
        import asyncpg  # noqa: PLC0415  an optional extra

        try:
            if self._connection is None:
                self._connection = await asyncpg.connect(
                    self._dsn, timeout=_TIMEOUT, command_timeout=_TIMEOUT
                )
                if not await self._connection.fetchval(_IS_THERE):
                    await self._connection.execute(_TABLE)
            return await getattr(self._connection, method)(*arguments)
        except (
            asyncpg.PostgresError,
            asyncpg.InterfaceError,
            asyncpg.InternalClientError,
            OSError,
            TimeoutError,
            ValueError,
            OverflowError,  # a port beyond 65535
        ) as error:
            await self.close()
            code = getattr(error, "sqlstate", None) or type(error).__name__
            raise EvidenceError(f"PostgreSQL: {said_of(code)}") from None


def _moment(time: str) -> datetime | None:
    return datetime.fromisoformat(time) if time else None


def _text(event: bytes) -> str:
    return _NUL.sub(r"\1\\ufffd", event.decode())
