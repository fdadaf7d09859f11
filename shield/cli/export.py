"""`shield export`: sealed records as OCSF events, to a file or to PostgreSQL."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import click
from prometheus_client import start_http_server
from prometheus_client.registry import CollectorRegistry

from shield.cli.access import access_options, note_access
from shield.cli.evidence_options import Seconds, all_logs
from shield.cli.logs import FOLDER, UnreadableError, readable
from shield.cli.terminal import shown
from shield.errors import EvidenceError
from shield.evidence.export.exporter import Exporter
from shield.evidence.export.json_lines import JsonLines
from shield.evidence.export.postgres import Postgres
from shield.evidence.export.sink import Sink
from shield.evidence.reading import Source
from shield.telemetry.export_metrics import ExportMetrics


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option(
    "--jsonl",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Append events to this file, one on each line; FILE.position beside it records how far.",
)
@click.option(
    "--postgres",
    metavar="URL",
    envvar="SHIELD_EXPORT_POSTGRES",
    help="Insert events into the table shield_events there. Also SHIELD_EXPORT_POSTGRES; put the "
    "password into PGPASSWORD or ~/.pgpass.",
)
@click.option(
    "--follow", is_flag=True, help="Keep exporting, one round in each interval, until SIGTERM or SIGINT."
)
@click.option(
    "--interval", type=Seconds(), default="5s", show_default=True, help="Time between two rounds of --follow."
)
@click.option(
    "--metrics-port",
    type=click.IntRange(0, 65535),
    help="With --follow: serve /metrics on this port of 127.0.0.1.",
)
@access_options
def export(
    folder: Path,
    *,
    jsonl: Path | None,
    postgres: str | None,
    follow: bool,
    interval: float,
    metrics_port: int | None,
) -> None:
    """Export the records under signed heads as OCSF 1.5.0 events, each once, never with a value.

    Reads only the logs' files, so the proxy does not wait for it. Events are keyed by origin and index:
    exporting again adds nothing, and an export that was stopped continues where it stopped.

    \b
    Examples:
      shield export state/audit --jsonl events.jsonl
      shield export state/audit --postgres postgresql://exporter@db.example/evidence --follow \\
        --metrics-port 9091
    """  # noqa: D301  click reads the backspace, not a backslash
    if (jsonl is None) == (postgres is None):
        raise click.UsageError("give either --jsonl FILE or --postgres URL")
    if metrics_port is not None and not follow:
        raise click.UsageError("--metrics-port needs --follow")
    if postgres is not None:
        _check_url(postgres)
    sink: Sink = JsonLines(jsonl, _note) if jsonl is not None else Postgres(postgres or "")

    def sources() -> Sequence[Source]:
        """The logs. Raises `EvidenceError`: where a folder cannot be read now, the export goes on later."""
        try:
            with readable():
                return all_logs(folder)
        except UnreadableError as error:
            raise EvidenceError(error.format_message()) from None

    with readable():
        all_logs(folder)
        note_access(folder, "export", to="jsonl" if jsonl is not None else "postgres")
    registry = CollectorRegistry()
    exporter = Exporter(sources, sink, ExportMetrics(registry), clock=time.time, note=_note)
    if metrics_port is not None:
        try:
            server, _ = start_http_server(metrics_port, addr="127.0.0.1", registry=registry)
        except OSError as error:
            raise click.UsageError(f"--metrics-port {metrics_port}: {error.strerror}") from None
        click.echo(f"metrics on http://127.0.0.1:{server.server_port}/metrics", err=True)
    asyncio.run(_run(exporter, sink, interval if follow else None))


async def _run(exporter: Exporter, sink: Sink, interval: float | None) -> None:
    try:
        if interval is None:
            done = await exporter.round()
            by_class = ", ".join(f"{class_uid}: {count}" for class_uid, count in sorted(done.new.items()))
            click.echo(f"{done.new.total()} events exported" + (f" ({by_class})" if by_class else ""))
            return
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await exporter.follow(
            stop, interval, _say, lambda: _note("caught up again: all signed records are exported")
        )
    finally:
        await sink.close()


def _check_url(url: str) -> None:
    """Report at once a URL that can never work, without quoting it: it may hold a password."""
    try:
        parts = urlsplit(url)
        valid = parts.scheme in {"postgres", "postgresql"}
        parts.port  # noqa: B018  raises ValueError for one that is none
    except ValueError:
        valid = False
    if not valid:
        raise click.UsageError("--postgres: give postgresql://USER@HOST:PORT/DATABASE")


def _note(text: str) -> None:
    sys.stderr.write(f"shield export: {shown(text)}\n")
    sys.stderr.flush()


def _say(error: EvidenceError) -> None:
    sys.stderr.write(f"shield export: {error.code}: {error}; it will be tried again\n")
    sys.stderr.flush()
