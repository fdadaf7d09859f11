"""Options and output for outside counts that `reconcile` and `report` compare the logs with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console

from shield.cli.evidence_options import print_table
from shield.cli.gathered import as_one
from shield.cli.logs import FILE
from shield.evidence.completeness import Completeness
from shield.evidence.counts import compare, read_times
from shield.evidence.metrics_counts import compare_metrics, read_metrics
from shield.evidence.outside import Outside
from shield.evidence.reading import Period

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class OutsideFiles:
    """The given files, and how to read them."""

    count_file: Path | None
    count_column: str | None
    count_of: str
    metrics: tuple[Path, ...]
    tolerance: int

    def __call__(self, period: Period, tallies: Sequence[Completeness]) -> Outside:
        """Raises `OSError`, and `EvidenceError` where a file cannot be understood."""
        count = metrics = None
        if self.count_file is not None:
            with self.count_file.open(encoding="utf-8", errors="replace", newline="") as lines:
                count = compare(
                    read_times(lines, self.count_column),
                    period,
                    tallies,
                    what=self.count_of,
                    tolerance=self.tolerance,
                )
        if self.metrics:
            texts = [path.read_text(encoding="utf-8", errors="replace") for path in self.metrics]
            metrics = compare_metrics(read_metrics(texts), tallies, tolerance=self.tolerance)
        return Outside(count, metrics)


_OPTIONS = (
    click.option(
        "--count",
        "count_file",
        metavar="FILE",
        type=FILE,
        help="Compare with the count of an upstream or a load balancer: CSV with a column of times, or the "
        "Common Log Format.",
    ),
    click.option(
        "--count-column", metavar="NAME", help="The column of times. Without it: timestamp, time, …"
    ),
    click.option(
        "--count-of",
        type=click.Choice(["forwarded", "requests"]),
        default="forwarded",
        show_default=True,
        help="What was counted: requests that reached the upstream, or all that came to the proxy.",
    ),
    click.option(
        "--metrics",
        metavar="FILE",
        type=FILE,
        multiple=True,
        help="Compare with a monitoring system's count: two saved scrapes (--metrics BEFORE "
        "--metrics AFTER), or CSV of increase(shield_requests_total[…]).",
    ),
    click.option(
        "--tolerance",
        type=click.IntRange(min=0),
        default=0,
        show_default=True,
        help="By how many requests an outside count may differ.",
    ),
)


def outside_options(command: F) -> F:
    """`--count`, `--count-column`, `--count-of`, `--metrics`, `--tolerance`, as `outside`: `OutsideFiles`."""
    return as_one("outside", OutsideFiles, *_OPTIONS)(command)


def print_outside(console: Console, outside: Outside) -> None:
    """Print a table of each given count, and the hours or outcomes that differ."""
    comparison = outside.count
    if comparison is not None:
        row = (
            comparison.what,
            str(comparison.counted),
            _range(comparison.least, comparison.most),
            f"{comparison.off_by:+d}",
        )
        print_table(console, "outside count", ("what", "counted", "the log says", "off by"), [row])
        if comparison.hours and not comparison.ok:
            rows = [(it.hour, str(it.counted), str(it.least), str(it.most)) for it in comparison.hours]
            print_table(console, "hours that differ", ("hour (UTC)", "counted", "at least", "at most"), rows)
    if outside.metrics is not None:
        rows = [
            (it.what, str(it.counted), _range(it.least, it.most), f"{it.off_by:+d}")
            for it in outside.metrics.rows
        ]
        print_table(console, "metrics' count", ("what", "counted", "the log says", "off by"), rows)


def _range(least: int | None, most: int | None) -> str:
    if least == most:
        return str(least)
    if least is None:
        return f"at most {most}"
    return f"at least {least}" if most is None else f"{least} to {most}"
