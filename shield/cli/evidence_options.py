"""Options that the commands of `shield evidence` share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from shield.audit.keys import origin_of
from shield.cli.gathered import as_one
from shield.cli.logs import Moment, UnreadableError, logs_in
from shield.cli.terminal import row_of, say, shown
from shield.config.quantities import parse_duration
from shield.evidence.reading import Period, Source
from shield.evidence.reconcile import Reconciliation

F = TypeVar("F", bound=Callable[..., Any])


class Seconds(click.ParamType[float]):
    """A duration such as `90s`, `5m` or `1h`."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            return float(parse_duration(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


def period_options(command: F) -> F:
    """`--from` and `--to`, both included, as `period`. Refuses one that ends before it begins.

    Such a period holds nothing, and an empty list would read as if there were nothing to report.
    """

    def period(start: str | None, end: str | None) -> Period:
        if start is not None and end is not None and end < start:
            raise click.UsageError("--to is before --from")
        return Period(start, end)

    return as_one(
        "period",
        period,
        click.option(
            "--from", "start", type=Moment(end_of_day=False), help="From this time or date on (UTC)."
        ),
        click.option(
            "--to",
            "end",
            type=Moment(end_of_day=True),
            help="Up to this time, or to the end of this day (UTC).",
        ),
    )(command)


def request_logs(folder: Path) -> list[Source]:
    """The logs of requests in a folder, without their registers and access logs."""
    sources = [source for source in all_logs(folder) if not source.is_companion]
    if not sources:
        raise UnreadableError(f"{folder}: this folder has no log of requests, only logs about one")
    return sources


def all_logs(folder: Path) -> list[Source]:
    """Every log in a folder, by origin."""
    found = [Source(origin_of(reader), reader) for reader in logs_in(folder)]
    return sorted(found, key=lambda source: source.origin)


def note_empty(period: Period, results: Iterable[Reconciliation]) -> None:
    """Say how far a log without requests in the period reaches: the dates asked for may be wrong."""
    if period == Period():
        return
    for result in results:
        found = result.verification
        if not result.completeness.requests and found.first_time:
            reaches = f"its records go from {found.first_time} to {found.last_time}"
            say(f"note: {result.origin}: no requests in this period; {reaches}", err=True)


def print_table(console: Console, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table on a terminal; tab-separated lines with a header when piped."""
    if not console.is_terminal:
        say(f"# {title}")
        for row in (columns, *rows):
            click.echo(row_of(row))
        return
    table = Table(title=Text(shown(title)), title_justify="left", title_style="bold")
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(shown(value)) for value in row))
    console.print(table)
