"""Shared code of the commands that list the records of one kind with their results."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from shield.audit.record import Kind
from shield.cli.access import note_access
from shield.cli.evidence_options import print_table, request_logs
from shield.cli.reading import Listing
from shield.cli.terminal import as_json as as_line
from shield.evidence.reading import Entry, Period


def chosen_records(
    folder: Path,
    kind: Kind,
    access: str,
    listing: Listing,
    *,
    period: Period,
    route: str | None,
    result: str | None,
) -> Iterator[tuple[str, Entry]]:
    """The records of a kind in a period, each after its id; of one route and result, where these are given.

    The reading is recorded, as `access`, before the first of them. Call it within `readable()`.
    """
    sources = request_logs(folder)
    note_access(folder, access, period, route=route, result=result)
    for source in sources:
        for entry in listing.records(source):
            if entry.kind != kind or not period.holds(entry.time):
                continue
            if route in (None, entry.fields["route"]) and result in (None, entry.fields["result"]):
                yield f"{source.origin}#{entry.index}", entry


def print_record(record_id: str, entry: Entry) -> None:
    """One JSON line: the record after its id."""
    sys.stdout.write(as_line({"id": record_id, **entry.fields}) + "\n")


def print_results(
    title: str, results: Counter[str], columns: Sequence[str], rows: Sequence[tuple[str, ...]]
) -> None:
    """Print the table, with the number of each result behind its title."""
    if results:
        title += ": " + ", ".join(f"{name} {count}" for name, count in sorted(results.items()))
    print_table(Console(highlight=False), title, columns, rows)
