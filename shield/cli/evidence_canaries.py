"""`shield evidence canaries`: the results of the tests of the control."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click

from shield.audit.record import Kind
from shield.cli.access import access_options
from shield.cli.evidence_listing import chosen_records, print_record, print_results
from shield.cli.evidence_options import period_options
from shield.cli.logs import EXIT_FAILED, FOLDER, readable
from shield.cli.reading import Listing
from shield.evidence.reading import Entry, Period

_COLUMNS = ("id", "time", "route", "policy", "result", "checks", "failed", "exempt", "uncovered", "reason")


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@period_options
@click.option("--route", help="Only the runs of this route.")
@click.option(
    "--result",
    type=click.Choice(["passed", "failed", "error", "stopped", "uncovered"]),
    help="Only runs with this result.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines: each record after its id.")
@access_options
def canaries(
    folder: Path,
    *,
    period: Period,
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
    rows: list[tuple[str, ...]] = []
    results: Counter[str] = Counter()
    checks = 0
    listing = Listing(period)
    with readable():
        for record_id, entry in chosen_records(
            folder,
            Kind.CANARY,
            "evidence.canaries",
            listing,
            period=period,
            route=route,
            result=result,
        ):
            results[entry.fields["result"]] += 1
            checks += entry.fields["checks"]
            if as_json:
                print_record(record_id, entry)
            else:
                rows.append(_row(record_id, entry))
    if not as_json:
        print_results(f"{results.total()} runs, {checks} checks", results, _COLUMNS, rows)
    if not listing.tell() or results["failed"] or results["error"]:
        sys.exit(EXIT_FAILED)


def _row(record_id: str, entry: Entry) -> tuple[str, ...]:
    fields = entry.fields
    return (
        record_id,
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
