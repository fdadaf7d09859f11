"""`shield evidence read-backs`: whether storage gave back what was written."""

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
from shield.telemetry.attestation_series import ReadResult

_COLUMNS = (
    "route", "write", "result", "reason", "reads", "compared", "differing", "missing", "unredacted",
)  # fmt: skip


def _row(entry: Entry) -> Row:
    fields = entry.fields
    return (
        fields["route"],
        f"#{fields['intent']}",
        fields["result"],
        fields["reason"],
        str(fields["attempts"]),
        str(fields["compared"]),
        _places(fields["differing"]),
        _places(fields["missing"]),
        " ".join(f"{entity} {count}" for entity, count in fields["unredacted"].items()),
    )


def _places(found: dict[str, object]) -> str:
    paths = found["paths"]
    return " ".join([str(found["count"]), *(paths if isinstance(paths, list) else [])])


def _title(rows: Sequence[Row]) -> str:
    return f"{len(rows)} writes read back"


_READ_BACKS = Listed(
    Kind.READ_BACK,
    "evidence.read_backs",
    _COLUMNS,
    _row,
    _title,
    (ReadResult.MISMATCH, ReadResult.NOT_FOUND),
)


@click.command("read-backs")
@click.argument("folder", metavar="DIR", type=FOLDER)
@period_options
@click.option("--route", help="Only the writes of this route.")
@click.option(
    "--result", type=click.Choice([it.value for it in ReadResult]), help="Only those with this result."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines: each record after its id.")
@access_options
def read_backs(
    folder: Path,
    *,
    period: Period,
    route: str | None,
    result: str | None,
    as_json: bool,
) -> None:
    """List the writes of a period that were read back from storage, and whether storage held them.

    Each is a record that names its write: the object was read some time after and compared with the digest
    of what was forwarded, or value by value. Exit code 1 where one did not match or was not found,
    or where not all records can be read.

    \b
    Examples:
      shield evidence read-backs state/audit --from 2031-05-01 --to 2031-05-31
      shield evidence read-backs state/audit --result mismatch --json
    """  # noqa: D301  click reads the backspace, not a backslash
    _READ_BACKS.show(folder, Chosen(period, route, result), as_json=as_json)
