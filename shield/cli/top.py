"""`shield top`: a live view of a running instance, from its admin listener's metrics."""

from __future__ import annotations

import http.client
import math
import ssl
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

import click
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from shield.cli.evidence_options import Seconds
from shield.cli.group import ExitCode
from shield.cli.terminal import shown
from shield.telemetry.window import Scrape, Window

_TIMEOUT = 5.0
_MOST = 64 * 1024 * 1024  # bytes of an answer; whoever has the address may send anything
_ROWS = 12
_QUIET = "-"


class ScrapeError(click.ClickException):
    """The instance does not answer, or not with metrics."""

    exit_code = ExitCode.NO


@click.command(
    epilog="""\b
Exit codes: 0 ended (^C, or --once), 1 the instance does not answer with metrics, 2 wrong arguments.
"""
)
@click.argument("url", default="http://127.0.0.1:9090")
@click.option(
    "--interval", type=Seconds(), default="2s", show_default=True, help="Time between two readings."
)
@click.option("--once", is_flag=True, help="Show one interval and exit; the default when piped.")
@click.option(
    "--key",
    "key_file",
    type=click.File("r"),
    help="A file whose first line is an API key, if `admin.callers` is set; `-` reads standard input.",
)
@click.option(
    "--ca",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="PEM file of the certificate authorities to trust.",
)
def top(url: str, interval: float, once: bool, key_file: TextIO | None, ca: Path | None) -> None:
    """Watch a running shield: what passes, what it costs, what was found, what was not inspected.

    URL is the admin listener. Rates and quantiles are those of the last interval.

    \b
    Examples:
      shield top
      shield top https://10.0.0.7:9090 --interval 5s --key scraper.key --ca ca.pem
      shield top --once | grep bypass
    """  # noqa: D301  click reads the backspace, not a backslash
    console = Console(highlight=False)
    scrape = _scraper(url, ca, "" if key_file is None else key_file.readline().strip())
    before, at = scrape(), time.monotonic()

    def look() -> Window:
        nonlocal before, at
        time.sleep(max(0.0, at + interval - time.monotonic()))
        after, now = scrape(), time.monotonic()
        window = Window(before, after, now - at)
        before, at = after, now
        return window

    if once or not console.is_terminal:
        _plain(look())
        return
    try:
        with Live(Text(f"connecting to {url} …"), console=console, screen=True, auto_refresh=False) as live:
            while True:
                live.update(screen(look(), url), refresh=True)
    except KeyboardInterrupt:
        sys.exit(ExitCode.OK)


def _scraper(url: str, ca: Path | None, key: str) -> Callable[[], Scrape]:
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise click.BadParameter("must be http://HOST[:PORT] or https://…", param_hint="URL")
    if not all("!" <= character <= "~" for character in key):
        raise click.BadParameter("the first line is not an API key", param_hint="--key")
    headers = {"Accept": "text/plain", **({"Authorization": f"Bearer {key}"} if key else {})}
    context = ssl.create_default_context(cafile=ca) if parts.scheme == "https" else None

    def scrape() -> Scrape:
        host, port = parts.hostname or "", parts.port
        connection = (
            http.client.HTTPConnection(host, port, timeout=_TIMEOUT)
            if context is None
            else http.client.HTTPSConnection(host, port, timeout=_TIMEOUT, context=context)
        )
        try:
            connection.request("GET", "/metrics", headers=headers)
            with connection.getresponse() as answer:
                body = answer.read(_MOST + 1)
            if answer.status != http.client.OK:
                hint = (
                    "; give a caller's API key with --key"
                    if answer.status == http.client.UNAUTHORIZED
                    else ""
                )
                raise ScrapeError(f"{url}: answered {answer.status}{hint}")
            if len(body) > _MOST:
                raise ScrapeError(f"{url}: the answer is too long for metrics")
            found = Scrape.parse(body.decode())
        except (OSError, http.client.HTTPException) as error:
            raise ScrapeError(f"{url}: {getattr(error, 'strerror', None) or type(error).__name__}") from None
        except ValueError:
            raise ScrapeError(
                f"{url}: the answer is not metrics; give the URL of the admin listener"
            ) from None
        finally:
            connection.close()
        # As long as no worker has started, only the supervisor's series are there.
        if not {"shield_build_info", "shield_workers_wanted"} & found.samples.keys():
            raise ScrapeError(f"{url}: this is not a shield; give the URL of its admin listener")
        return found

    return scrape


# What is shown: the same figures for people and for programs.

Row = tuple[str, str, str]
"""Name, value, and a style where the value deserves attention."""


def figures(window: Window) -> dict[str, list[Row]]:
    """The figures of a window, by section."""
    bypasses, refused = window.rate("shield_bypasses_total"), window.rate("shield_refusals_total")
    uninspected = window.rate("shield_uninspected_bytes_total")
    errors = window.rate("shield_recognizer_errors_total")
    flight, limit = window.now("shield_requests_in_flight"), window.now("shield_requests_in_flight_limit")
    added, upstream = "shield_added_latency_seconds", "shield_upstream_duration_seconds"
    unsigned = window.now("shield_audit_tree_size") - window.now("shield_audit_signed_size")
    return {
        "traffic": [
            ("requests/s", _number(window.rate("shield_requests_total")), ""),
            ("added p50", _seconds(window.quantile(0.5, added)), ""),
            ("added p99", _seconds(window.quantile(0.99, added)), ""),
            ("upstream p50", _seconds(window.quantile(0.5, upstream)), ""),
            ("upstream p99", _seconds(window.quantile(0.99, upstream)), ""),
            ("in flight", f"{_number(flight)} of {_number(limit)}", "yellow" if flight > 0.8 * limit else ""),
            ("waiting", _number(window.now("shield_admission_queue_length")), ""),
            ("connections", _number(window.now("shield_connections")), ""),
        ],
        "protection": [
            ("findings/s", _number(window.rate("shield_findings_total")), ""),
            ("inspected", f"{_size(window.rate('shield_inspected_bytes_total'))}/s", ""),
            ("not inspected", f"{_size(uninspected)}/s", "yellow" if uninspected else ""),
            ("bypasses/s", _number(bypasses), "bold red" if bypasses else ""),
            ("refusals/s", _number(refused), "yellow" if refused else ""),
            ("recognizer errors/s", _number(errors), "bold red" if errors else ""),
        ],
        "evidence": [
            ("audit log", *_log_state(window.least("shield_audit_healthy"))),
            ("records", _number(window.now("shield_audit_tree_size")), ""),
            ("not yet signed", _number(unsigned), ""),
            ("commit p99", _seconds(window.quantile(0.99, "shield_audit_commit_duration_seconds")), ""),
            ("disk free", _size(window.least("shield_audit_filesystem_free_bytes")), ""),
        ],
        "process": [
            *_workers(window),
            ("inspection busy", f"{window.rate('shield_inspection_busy_seconds_total'):.0%}", ""),
            ("queue", _number(window.now("shield_inspection_queue_length")), ""),
            ("loop lag p99", _seconds(window.quantile(0.99, "shield_event_loop_lag_seconds")), ""),
            ("processor", f"{window.rate('process_cpu_seconds_total'):.0%}", ""),
            ("memory", _size(window.now("process_resident_memory_bytes")), ""),
            ("open files", _number(window.now("process_open_fds")), ""),
        ],
    }


def _log_state(healthy: float) -> tuple[str, str]:
    if math.isnan(healthy):
        return _QUIET, "yellow"  # no worker has opened its log yet
    return ("writable", "") if healthy else ("FAILED", "bold red")


def _workers(window: Window) -> list[Row]:
    """How many workers take traffic; nothing where the instance is one process."""
    wanted, ready = window.now("shield_workers_wanted"), window.now("shield_workers", state="ready")
    if math.isnan(wanted):
        return []
    style = "bold red" if not ready else "yellow" if ready < wanted else ""
    return [("workers", f"{_number(ready)} of {_number(wanted)}", style)]


def tables(window: Window) -> dict[str, list[tuple[str, float]]]:
    """Counts by name, per second, the most frequent first."""

    def named(series: str, *labels: str) -> list[tuple[str, float]]:
        return [(shown(" ".join(key)), rate) for key, rate in window.by(series, *labels).items()]

    return {
        "requests/s by route and outcome": named("shield_requests_total", "route", "outcome"),
        "findings/s by type and operator": named("shield_findings_total", "entity_type", "operator"),
        "refusals/s by code": named("shield_refusals_total", "code"),
        "upstream answers/s": named("shield_upstream_responses_total", "upstream", "class"),
    }


def screen(window: Window, url: str) -> RenderableType:
    """The view for a terminal."""
    versions = ", ".join(
        sorted(
            {
                dict(found).get("version", "")
                for found, value in window.after.samples.get("shield_build_info", {}).items()
                if value
            }
        )
    )
    head = Text.assemble(("shield ", "bold"), shown(versions), ("  ", ""), (url, "dim"), ("  ^C ends", "dim"))
    top_row, below = Table.grid(expand=True, padding=(0, 1)), Table.grid(expand=True, padding=(0, 1))
    boxes = [_box(title, rows) for title, rows in figures(window).items()]
    lists = [_list(title, rows) for title, rows in tables(window).items()]
    for grid, cells in ((top_row, boxes), (below, lists)):
        for _ in cells:
            grid.add_column(ratio=1)
        grid.add_row(*cells)
    return Group(head, top_row, below)


def _box(title: str, rows: Iterable[Row]) -> Panel:
    table = Table.grid(expand=True)
    table.add_column()
    table.add_column(justify="right")
    for name, value, style in rows:
        table.add_row(Text(name, style="dim"), Text(value, style=style))
    return Panel(table, title=title, title_align="left")


def _list(title: str, rows: Sequence[tuple[str, float]]) -> Panel:
    table = Table.grid(expand=True)
    table.add_column(overflow="ellipsis", no_wrap=True)
    table.add_column(justify="right")
    for name, rate in rows[:_ROWS]:
        table.add_row(Text(name), Text(_number(rate)))
    if not rows:
        table.add_row(Text("nothing", style="dim"), "")
    return Panel(table, title=title, title_align="left")


def _plain(window: Window) -> None:
    for section, rows in figures(window).items():
        for name, value, _ in rows:
            click.echo(f"{section}\t{name}\t{value}")
    for title, listed in tables(window).items():
        for name, rate in listed:
            click.echo(f"{title}\t{name}\t{_number(rate)}")


def _number(value: float) -> str:
    if math.isnan(value):
        return _QUIET
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:,.1f}"  # noqa: PLR2004  from three digits on


def _seconds(value: float) -> str:
    if math.isnan(value):
        return _QUIET
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.1f} ms"


def _size(value: float) -> str:
    if math.isnan(value):
        return _QUIET
    for unit in ("B", "KiB", "MiB", "GiB"):
        if value < 1024:  # noqa: PLR2004  of the unit
            return f"{value:.0f} {unit}"
        value /= 1024
    return f"{value:.0f} TiB"
