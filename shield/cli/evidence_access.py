"""`shield evidence access`: who read, exported or changed evidence."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console

from shield.audit.record import Kind
from shield.cli.access import access_options, note_access
from shield.cli.evidence_options import all_logs, period_options, print_table
from shield.cli.logs import EXIT_FAILED, FOLDER, readable
from shield.cli.reading import Listing
from shield.cli.terminal import as_json as as_line
from shield.evidence.reading import ACCESS_SUFFIX, Entry, Period

_COLUMNS = ("id", "time", "action", "user", "login", "name", "via", "host", "from", "to", "filters")


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@period_options
@click.option("--action", help="Only this action, such as audit.show, or all below a name, such as audit.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines.")
@access_options
def access(folder: Path, *, period: Period, action: str | None, as_json: bool) -> None:
    """List who accessed the logs: reading, exporting, acknowledging, administration.

    From the access logs beside the logs, ORIGIN/access, each an audit log like the others:
    `shield audit verify` checks them. Exit code 1 where not all records can be read.

    \b
    Examples:
      shield evidence access state/audit --from 2031-05-01
      shield evidence access state/audit --action evidence --json
    """  # noqa: D301  click reads the backspace, not a backslash
    rows = []
    listing = Listing(period)
    with readable():
        note_access(folder, "evidence.access", period, action=action)
        for source in all_logs(folder):
            if not source.origin.endswith(ACCESS_SUFFIX):
                continue
            for entry in listing.records(source):
                if not _wanted(entry, period, action):
                    continue
                if as_json:
                    line = {"id": f"{source.origin}#{entry.index}", **entry.fields}
                    sys.stdout.write(as_line(line) + "\n")
                else:
                    rows.append(_row(source.origin, entry))
    if not as_json:
        print_table(Console(highlight=False), f"{len(rows)} accesses", _COLUMNS, rows)
    if not listing.tell():
        sys.exit(EXIT_FAILED)


def _wanted(entry: Entry, period: Period, action: str | None) -> bool:
    if entry.kind != Kind.ACCESS or not period.holds(entry.time):
        return False
    return action is None or f"{entry.fields['action']}.".startswith(f"{action}.")


def _row(origin: str, entry: Entry) -> tuple[str, ...]:
    fields = entry.fields
    filters = " ".join(f"{name}={','.join(values)}" for name, values in fields["filters"].items())
    named = (str(fields[name] or "") for name in _COLUMNS[2:-1])
    return (f"{origin}#{entry.index}", entry.time, *named, filters)
