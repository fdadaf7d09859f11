"""`shield evidence canaries`: how the tests of the control came out."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click
from rich.console import Console

from shield.audit.record import Kind
from shield.cli.access import access_options, note_access
from shield.cli.evidence_options import period_options, print_table, request_logs
from shield.cli.logs import EXIT_FAILED, FOLDER, readable
from shield.cli.reading import Listing
from shield.cli.terminal import as_json as as_line
from shield.evidence.reading import Entry, Period

_COLUMNS = ("id", "time", "route", "policy", "result", "checks", "failed", "exempt", "uncovered", "reason")


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@period_options
@click.option("--route", help="Only this route's.")
@click.option(
    "--result",
    type=click.Choice(["passed", "failed", "error", "uncovered"]),
    help="Only runs that ended so.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines: each record after its id.")
@access_options
def canaries(
    folder: Path,
    *,
    start: str | None,
    end: str | None,
    route: str | None,
    result: str | None,
    as_json: bool,
) -> None:
    """List the runs of the canaries in a period, and how they came out.

    Each is a record: synthetic values of every type that the route's policy names, in every language that
    it enables, plain and disguised, sent through the live path. Exit code 1 where a run failed or could
    not be made, or where not all records can be read.

    \b
    Examples:
      shield evidence canaries state/audit --from 2031-05-01 --to 2031-05-31
      shield evidence canaries state/audit --result failed --json
    """  # noqa: D301  click reads the backspace, not a backslash
    period = Period(start, end)
    rows: list[tuple[str, ...]] = []
    results: Counter[str] = Counter()
    checks = 0
    listing = Listing()
    with readable():
        sources = request_logs(folder)
        note_access(folder, "evidence.canaries", start=start, end=end, route=route, result=result)
        for source in sources:
            for entry in listing.records(source):
                if entry.kind != Kind.CANARY or not period.holds(entry.time):
                    continue
                if route not in (None, entry.fields["route"]) or result not in (None, entry.fields["result"]):
                    continue
                results[entry.fields["result"]] += 1
                checks += entry.fields["checks"]
                if as_json:
                    line = {"id": f"{source.origin}#{entry.index}", **entry.fields}
                    sys.stdout.write(as_line(line) + "\n")
                else:
                    rows.append(_row(source.origin, entry))
    if not as_json:
        title = f"{results.total()} runs, {checks} checks"
        if results:
            title += ": " + ", ".join(f"{name} {count}" for name, count in sorted(results.items()))
        print_table(Console(highlight=False), title, _COLUMNS, rows)
    if not listing.tell() or results["failed"] or results["error"]:
        sys.exit(EXIT_FAILED)


def _row(origin: str, entry: Entry) -> tuple[str, ...]:
    fields = entry.fields
    return (
        f"{origin}#{entry.index}",
        entry.time,
        fields["route"],
        fields["policy"],
        fields["result"],
        str(fields["checks"]),
        " ".join(fields["failed"]),
        str(fields["exempt"]),
        " ".join(fields["uncovered"]),
        fields["reason"],
    )
