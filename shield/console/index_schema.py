"""The index: a SQLite file built from the audit logs, to find records in; never trusted for a proof.

It holds only what the logs hold, which is no text of a payload. It can be deleted at any time: the next start
builds it again. A file of another `VERSION` is deleted and rebuilt.

Records that agree in all filterable values share a *shape* (origin, kind, route, decision, reason, mode,
policy, and the pairs of entity type and operator). There are few shapes, so a filter is first evaluated over
them and then by one range of an index for each (`search`).

Times are microseconds since 1970, `spans` are hours and days by their start in seconds.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

VERSION = 8
HOUR = 3600
DAY = 86_400
_BUSY_SECONDS = 10.0

_TABLES = """
CREATE TABLE origins(
    id INTEGER PRIMARY KEY,
    origin TEXT NOT NULL UNIQUE,
    folder TEXT NOT NULL,          -- of the log, on disk
    next INTEGER NOT NULL,         -- index of the first record that is not in here yet
    last_hash BLOB,                -- leaf hash of the record before: is it still the same log?
    last_config INTEGER,
    gap_state TEXT,                -- what `coverage.GapFinder` knows after the last record, as JSON
    interval_us INTEGER,           -- between two heartbeats, as the newest one says
    first_time INTEGER,
    last_time INTEGER,
    last_kind TEXT
);
CREATE TABLE shapes(
    id INTEGER PRIMARY KEY,
    origin INTEGER NOT NULL,
    kind TEXT NOT NULL,
    route TEXT NOT NULL,
    decision TEXT NOT NULL,
    reason TEXT NOT NULL,
    mode TEXT NOT NULL,
    policy TEXT NOT NULL,
    found TEXT NOT NULL,           -- "ENTITY operator" pairs, sorted, one a line
    UNIQUE(origin, kind, route, decision, reason, mode, policy, found)
);
CREATE TABLE records(
    time INTEGER NOT NULL,
    origin INTEGER NOT NULL,
    place INTEGER NOT NULL,        -- the record's index in its log
    shape INTEGER NOT NULL,
    findings INTEGER NOT NULL,
    micros INTEGER NOT NULL,       -- all stages together
    status INTEGER,                -- of the upstream, or of the refusal
    outcome INTEGER,               -- index of the record that says what became of it
    result TEXT,
    PRIMARY KEY(time, origin, place)
) WITHOUT ROWID;
CREATE INDEX records_by_shape ON records(shape, time);
CREATE UNIQUE INDEX records_by_place ON records(origin, place);
CREATE TABLE spans(
    unit INTEGER NOT NULL,         -- 3600 or 86400
    start INTEGER NOT NULL,
    shape INTEGER NOT NULL,
    records INTEGER NOT NULL,
    findings INTEGER NOT NULL,
    uninspected INTEGER NOT NULL,  -- bytes
    PRIMARY KEY(unit, start, shape)
) WITHOUT ROWID;
CREATE TABLE entity_spans(
    unit INTEGER NOT NULL, start INTEGER NOT NULL, shape INTEGER NOT NULL, entity TEXT NOT NULL,
    findings INTEGER NOT NULL,
    PRIMARY KEY(unit, start, shape, entity)
) WITHOUT ROWID;
CREATE TABLE latency_spans(
    unit INTEGER NOT NULL, start INTEGER NOT NULL, origin INTEGER NOT NULL, bucket INTEGER NOT NULL,
    records INTEGER NOT NULL,
    PRIMARY KEY(unit, start, origin, bucket)
) WITHOUT ROWID;
CREATE TABLE result_spans(
    unit INTEGER NOT NULL, start INTEGER NOT NULL, origin INTEGER NOT NULL, result TEXT NOT NULL,
    records INTEGER NOT NULL,
    PRIMARY KEY(unit, start, origin, result)
) WITHOUT ROWID;
CREATE TABLE exceptions(
    time INTEGER NOT NULL, origin INTEGER NOT NULL, place INTEGER NOT NULL,
    kinds TEXT NOT NULL, route TEXT, request_id TEXT, detail TEXT NOT NULL, leaf BLOB NOT NULL,
    cleared INTEGER, cleared_time INTEGER,  -- the re-scan that left nothing to be done, and when
    PRIMARY KEY(time, origin, place)
) WITHOUT ROWID;
CREATE INDEX exceptions_by_place ON exceptions(origin, place);
CREATE INDEX exceptions_cleared ON exceptions(time) WHERE cleared IS NOT NULL;
CREATE TABLE exception_spans(
    unit INTEGER NOT NULL, start INTEGER NOT NULL, origin INTEGER NOT NULL, kinds TEXT NOT NULL,
    records INTEGER NOT NULL,
    PRIMARY KEY(unit, start, origin, kinds)
) WITHOUT ROWID;
CREATE TABLE gaps(
    origin INTEGER NOT NULL, start INTEGER NOT NULL, finish INTEGER NOT NULL,
    reason TEXT NOT NULL, place INTEGER NOT NULL,
    PRIMARY KEY(origin, place)
) WITHOUT ROWID;
CREATE TABLE damages(
    origin INTEGER NOT NULL, path TEXT NOT NULL,
    first INTEGER NOT NULL, below INTEGER NOT NULL,  -- the records that cannot be read
    what TEXT NOT NULL,
    PRIMARY KEY(origin, path)
) WITHOUT ROWID;
CREATE TABLE events(
    kind TEXT NOT NULL, time INTEGER NOT NULL, origin INTEGER NOT NULL, place INTEGER NOT NULL,
    fields TEXT NOT NULL,          -- the record as JSON
    PRIMARY KEY(kind, time, origin, place)
) WITHOUT ROWID;
"""


def unsent(decision: str) -> str:
    """In `result_spans`, beside the result itself: an exchange of that decision was never sent."""
    return f"unsent {decision}"


def open_for_writing(path: Path) -> sqlite3.Connection:
    """The index, created if it is missing or of another version. One process writes at a time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = _connect(path)
    if _version(connection) not in (0, VERSION):
        connection.close()
        remove(path)
        connection = _connect(path)
    if _version(connection) == 0:
        connection.executescript(_TABLES)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.commit()
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """The index for pages; any number may be open, even while it is written. Raises `sqlite3.Error`."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=_BUSY_SECONDS)
    connection.execute("PRAGMA query_only = 1")
    connection.execute("PRAGMA mmap_size = 1073741824")
    return connection


def remove(path: Path) -> None:
    """Delete the index."""
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS)
    # before the files beside it are created, which inherit its mode; its folder may be older
    path.chmod(0o600)
    connection.execute("PRAGMA journal_mode = WAL")
    # A crash may lose the end of the index, never corrupt it; the lost part is read from the log again.
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
