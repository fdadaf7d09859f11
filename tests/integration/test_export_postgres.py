"""The exporter writes each record to a real PostgreSQL exactly once, whatever fails in between."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from prometheus_client.registry import CollectorRegistry

from shield.audit.tree import leaf_hash
from shield.errors import EvidenceError
from shield.evidence.export.exporter import Exporter
from shield.evidence.export.postgres import Postgres
from shield.evidence.export.sink import Exported, Position
from shield.evidence.reading import entries
from shield.telemetry.export_metrics import ExportMetrics
from tests.unit.audit.logs import make_log
from tests.unit.evidence.export.conftest import sources, write_logs
from tests.unit.evidence.stories import Story, Wall, source_of, tell


def program(name: str) -> str | None:
    """The path of a server program, which Debian keeps out of `PATH`."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(places[-1]) if places else shutil.which(name)


@dataclass
class Server:
    """A cluster of our own that listens only on a socket in its folder."""

    folder: Path
    user: str | None

    @property
    def dsn(self) -> str:
        return f"postgresql://shield@/postgres?host={self.folder}"

    def run(self, name: str, *arguments: str) -> None:
        command = program(name)
        assert command is not None
        subprocess.run(
            [command, *arguments],
            check=True,
            capture_output=True,
            user=self.user,
            cwd=self.folder,
            timeout=60,
        )

    def start(self) -> None:
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c fsync=off"
        self.run(
            "pg_ctl",
            "-D",
            str(self.folder / "data"),
            "-w",
            "-l",
            str(self.folder / "log"),
            "-o",
            options,
            "start",
        )

    def stop(self) -> None:
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if program("initdb") is None or program("pg_ctl") is None:
        pytest.skip("PostgreSQL is not installed")
    if not hasattr(socket, "AF_UNIX"):
        pytest.skip("no sockets in the file system")
    # Its path must be short, as socket names are, and accessible to the user that PostgreSQL insists on.
    folder = Path(subprocess.run(["mktemp", "-d"], check=True, capture_output=True, text=True).stdout.strip())
    user = None
    if os.getuid() == 0:
        user = (
            "postgres"
            if subprocess.run(["id", "postgres"], capture_output=True, check=False).returncode == 0
            else "nobody"
        )
        shutil.chown(folder, user)
    running = Server(folder, user)
    try:
        running.run(
            "initdb", "-D", str(folder / "data"), "-U", "shield", "-A", "trust", "-E", "UTF8", "--no-sync"
        )
        running.start()
        yield running
        running.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def fetch(server: Server, query: str) -> list[Any]:
    connection = await asyncpg.connect(server.dsn)
    try:
        return list(await connection.fetch(query))
    finally:
        await connection.close()


def exporter(directory: Path, sink: Postgres) -> Exporter:
    return Exporter(
        lambda: sources(directory), sink, ExportMetrics(CollectorRegistry()), clock=lambda: 4_000_000_000.0
    )


async def test_each_record_is_a_row_and_again_adds_nothing(server: Server, tmp_path: Path) -> None:
    directory = tmp_path / "audit"
    await asyncio.to_thread(write_logs, directory)
    expected = {
        (it.origin, entry.index): leaf_hash(entry.raw)
        for it in sources(directory)
        for entry in entries(it.reader)
    }
    for new in (len(expected), 0):
        sink = Postgres(server.dsn)
        done = await exporter(directory, sink).round()
        await sink.close()
        assert done.new.total() == new
        rows = await fetch(server, "SELECT origin, index, leaf_sha256 FROM shield_events")
        assert {(row["origin"], row["index"]): row["leaf_sha256"] for row in rows} == expected
    rows = await fetch(
        server,
        "SELECT count(*) FROM shield_events WHERE class_uid = 2006 AND event->'finding_info' IS NOT NULL",
    )
    assert rows[0][0] > 0

    # A second exporter that does not know what the first one did: the primary key prevents duplicates.
    sink = Postgres(server.dsn)
    blind = exporter(directory, sink)
    real = sink.positions

    async def none_yet(origins: Collection[str]) -> dict[str, Position]:
        await real(origins)
        return {}

    sink.positions = none_yet  # type: ignore[method-assign]
    await blind.round()
    await sink.close()
    assert (await fetch(server, "SELECT count(*) FROM shield_events"))[0][0] == len(expected)

    # The server goes away and comes back; the same sink goes on.
    sink = Postgres(server.dsn)
    going_on = exporter(directory, sink)
    await going_on.round()
    await asyncio.to_thread(server.stop)
    await tell(directory, Story.beat, wall=Wall("02:00:00"))
    with pytest.raises(EvidenceError, match="PostgreSQL: "):
        await going_on.round()
    await asyncio.to_thread(server.start)
    done = await going_on.round()
    await sink.close()
    assert done.new.total() > 0
    after = sum(1 for it in sources(directory) for _ in entries(it.reader))
    assert (await fetch(server, "SELECT count(*) FROM shield_events"))[0][0] == after


async def test_no_error_names_a_password(tmp_path: Path) -> None:
    sink = Postgres(f"postgresql://shield:hunter2-of-ours@/postgres?host={tmp_path}")
    with pytest.raises(EvidenceError) as raised:
        await sink.positions([])
    assert "hunter2" not in str(raised.value)


COLUMNS = "origin text, index bigint, time timestamptz, class_uid int, leaf_sha256 bytea, event jsonb"


@pytest.fixture
async def empty(server: Server) -> Server:
    await fetch(server, "DROP TABLE IF EXISTS shield_events")
    return server


async def put_all(dsn: str, directory: Path) -> None:
    sink = Postgres(dsn)
    try:
        await exporter(directory, sink).round()
    finally:
        await sink.close()


async def test_who_may_only_write_the_table_exports(empty: Server, tmp_path: Path) -> None:
    directory = tmp_path / "audit"
    await tell(directory, Story.beat)
    await asyncio.to_thread(write_logs, directory)
    await put_all(empty.dsn, directory)
    await fetch(empty, "TRUNCATE shield_events")
    await fetch(empty, "DROP ROLE IF EXISTS writer")
    await fetch(empty, "CREATE ROLE writer LOGIN")
    try:
        await fetch(empty, "GRANT SELECT, INSERT ON shield_events TO writer")
        await put_all(empty.dsn.replace("shield@", "writer@"), directory)
        assert (await fetch(empty, "SELECT count(*) FROM shield_events"))[0][0] > 0
        await fetch(empty, "REVOKE ALL ON shield_events FROM writer")
        with pytest.raises(EvidenceError, match="42501: the user may not do this: grant SELECT and INSERT"):
            await put_all(empty.dsn.replace("shield@", "writer@"), directory)
    finally:
        await fetch(empty, "DROP OWNED BY writer")
        await fetch(empty, "DROP ROLE writer")


@pytest.mark.parametrize(
    "table",
    [
        "TABLE shield_events (id integer)",
        f"TABLE shield_events ({COLUMNS})",
        f"TABLE shield_events ({COLUMNS}, more text NOT NULL, PRIMARY KEY (origin, index))",
    ],
    ids=["other columns", "no key", "one column more"],
)
async def test_a_table_of_another_form_is_named(empty: Server, tmp_path: Path, table: str) -> None:
    await tell(tmp_path, Story.beat)
    await asyncio.to_thread(write_logs, tmp_path)
    await fetch(empty, f"CREATE {table}")
    with pytest.raises(EvidenceError, match="has other columns or another key"):
        await put_all(empty.dsn, tmp_path)


async def test_a_server_that_is_read_only_says_so(empty: Server, tmp_path: Path) -> None:
    await asyncio.to_thread(write_logs, tmp_path)
    with pytest.raises(EvidenceError, match="25006: it is read-only"):
        await put_all(f"{empty.dsn}&default_transaction_read_only=on", tmp_path)


async def test_no_hole_is_left_where_another_server_takes_over_within_a_round(
    empty: Server, tmp_path: Path
) -> None:
    """Behind a pooler the connection stays open, and the server that took over lacks the newest rows."""
    directory = tmp_path / "audit"
    await make_log(directory, pairs=1_100)
    sink = Postgres(empty.dsn)
    real, puts = sink.put, list[int]()

    async def put(batch: Sequence[Exported], after: int | None) -> int:
        if len(puts) == 1:
            await fetch(empty, "DELETE FROM shield_events WHERE index >= 500")
        puts.append(len(batch))
        return await real(batch, after)

    sink.put = put  # type: ignore[method-assign]
    source = source_of(directory)
    running = Exporter(lambda: [source], sink, ExportMetrics(CollectorRegistry()), clock=lambda: 4e9)
    with pytest.raises(EvidenceError, match="does not hold record 999"):
        await running.round()
    assert (await fetch(empty, "SELECT max(index) FROM shield_events"))[0][0] == 499
    await running.round()
    await sink.close()
    rows = await fetch(empty, "SELECT count(*) AS rows, max(index) + 1 AS next FROM shield_events")
    assert rows[0]["rows"] == rows[0]["next"] > 2_000


async def test_a_text_that_postgresql_cannot_hold_stops_no_export(empty: Server) -> None:
    sink = Postgres(empty.dsn)
    event = rb'{"a":"x\u0000y","b":"\\u0000","c":"\\\u0000"}'
    assert await sink.put([Exported("o", 0, "", 1008, bytes(32), event)], None) == 1
    await sink.close()
    rows = await fetch(
        empty, "SELECT event->>'a' AS a, event->>'b' AS b, event->>'c' AS c FROM shield_events"
    )
    assert tuple(rows[0]) == ("x\ufffdy", "\\u0000", "\\\ufffd")
