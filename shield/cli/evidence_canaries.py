"""`shield evidence canaries`: the results of the tests of the control."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from shield.audit.record import Kind
from shield.cli.access import access_options
from shield.cli.evidence_listing import Chosen, Listed, Row
from shield.cli.evidence_options import period_options
from shield.cli.logs import FOLDER
from shield.evidence.reading import Entry, Period

_COLUMNS = ("route", "policy", "result", "checks", "failed", "exempt", "uncovered", "reason")


def _row(entry: Entry) -> Row:
    fields = entry.fields
    return (
        fields["route"],
        fields["policy"],
        fields["result"],
        str(fields["checks"]),
        " ".join(fields["failed"]),
        str(fields["exempt"]),
        " ".join(fields["uncovered"]),
        fields["reason"],
    )


def _title(rows: Sequence[Row]) -> str:
    place = 2 + _COLUMNS.index("checks")
    return f"{len(rows)} runs, {sum(int(row[place]) for row in rows)} checks"


_CANARIES = Listed(Kind.CANARY, "evidence.canaries", _COLUMNS, _row, _title, ("failed", "error"))


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
    _CANARIES.show(folder, Chosen(period, route, result), as_json=as_json)
