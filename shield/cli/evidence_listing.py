"""Lists the records of one kind with their results: what several commands share."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from shield.audit.record import Kind
from shield.cli.access import note_access
from shield.cli.evidence_options import print_table, request_logs
from shield.cli.logs import EXIT_FAILED, readable
from shield.cli.reading import Listing
from shield.cli.terminal import as_json as as_line
from shield.evidence.reading import Entry, Period

Row = tuple[str, ...]


class Chosen(NamedTuple):
    """The records of a period, and of one route and result, where these are given."""

    period: Period
    route: str | None
    result: str | None


class Listed(NamedTuple):
    """How the records of a kind are listed. The reading is recorded as `access`.

    `row` is what is shown of a record after its id and time, and `title` stands above all of these rows. The
    command fails where a record has one of the results `failing`.
    """

    kind: Kind
    access: str
    columns: Sequence[str]
    row: Callable[[Entry], Row]
    title: Callable[[Sequence[Row]], str]
    failing: Collection[str]

    def show(self, folder: Path, chosen: Chosen, *, as_json: bool) -> None:
        """Print a table, or with `as_json` each record after its id.

        Exits with EXIT_FAILED for a result that is `failing`, and where not all records can be read.
        """
        rows: list[Row] = []
        results: Counter[str] = Counter()
        listing = Listing(chosen.period)
        with readable():
            for record_id, entry in self._records(folder, chosen, listing):
                results[entry.fields["result"]] += 1
                if as_json:
                    sys.stdout.write(as_line({"id": record_id, **entry.fields}) + "\n")
                else:
                    rows.append((record_id, entry.time, *self.row(entry)))
        if not as_json:
            title = self.title(rows)
            if results:
                title += ": " + ", ".join(f"{name} {count}" for name, count in sorted(results.items()))
            print_table(Console(highlight=False), title, ("id", "time", *self.columns), rows)
        if not listing.tell() or not results.keys().isdisjoint(self.failing):
            sys.exit(EXIT_FAILED)

    def _records(self, folder: Path, chosen: Chosen, listing: Listing) -> Iterator[tuple[str, Entry]]:
        """The chosen records, each after its id; the reading is recorded before the first of them."""
        sources = request_logs(folder)
        note_access(folder, self.access, chosen.period, route=chosen.route, result=chosen.result)
        for source in sources:
            for entry in listing.records(source):
                if entry.kind != self.kind or not chosen.period.holds(entry.time):
                    continue
                fields = entry.fields
                if chosen.route in (None, fields["route"]) and chosen.result in (None, fields["result"]):
                    yield f"{source.origin}#{entry.index}", entry
