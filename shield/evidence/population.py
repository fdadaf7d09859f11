"""Writes the population of a period: one row a request, as CSV and as JSON lines. Writes files as it goes.

A row is made from the request's record and from its outcome, which comes later. Rows wait for it in order, so
that the file has the order of the log. Memory is the rows that wait.
"""

from __future__ import annotations

import gzip
from collections import deque
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Self

import orjson

from shield.audit.record import Kind
from shield.audit.tree import leaf_hash
from shield.evidence.cells import Table
from shield.evidence.reading import Entry

CSV_NAME = "population.csv"
JSON_NAME = "population.jsonl.gz"
MOST_WAITING = 100_000
"""Rows that wait behind one without an outcome; beyond that the oldest is written as it is."""

COLUMNS = (
    "id", "stratum", "time", "kind", "route", "method", "upstream", "mode", "decision", "reason",
    "media_type", "policy", "policy_sha256", "model_sha256", "build", "findings", "values",
    "size_before", "size_after", "uninspected_bytes", "shield_us", "result", "status", "upstream_us",
    "leaf_sha256",
)  # fmt: skip
"""`findings` are `TYPE:COUNT`, `values` is their sum; digests of policy and model are cut to 12 digits. The
first four and the last are what `select.sh` and `verify.sh` read."""

_RESULT, _STATUS, _UPSTREAM_US = (COLUMNS.index(name) for name in ("result", "status", "upstream_us"))
_SHORT = len("sha256:") + 12


class _Row:
    """The cells of a request, and whether its outcome is known."""

    __slots__ = ("cells", "complete")

    def __init__(self, cells: list[Any], *, complete: bool) -> None:
        self.cells = cells
        self.complete = complete


class Population:
    """Takes requests and outcomes of a log in order; a context manager that closes its files."""

    def __init__(self, out: Path) -> None:
        self._files = ExitStack()
        text: IO[str] = (out / CSV_NAME).open("w", newline="", encoding="utf-8")
        self._table = Table(self._files.enter_context(text), COLUMNS)
        # No time in the gzip header, so that the same population gives the same bytes.
        raw = self._files.enter_context((out / JSON_NAME).open("wb"))
        self._lines = self._files.enter_context(
            gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=1, mtime=0)
        )
        self._rows: deque[_Row] = deque()
        self._waiting: dict[int, _Row] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._files.close()

    def request(self, origin: str, entry: Entry, stratum: str) -> None:
        """Adds a record of `REQUEST_KINDS`."""
        row = _Row(_cells(origin, entry, stratum), complete=entry.kind == Kind.REJECT)
        if not row.complete:
            self._waiting[entry.index] = row
        self._rows.append(row)
        self._flush()

    def outcome(self, fields: Mapping[str, Any]) -> None:
        """Takes the fields of an outcome; outcomes of requests outside the period are ignored."""
        row = self._waiting.pop(fields["intent"], None)
        if row is not None:
            row.cells[_RESULT] = fields["result"]
            row.cells[_STATUS] = fields["upstream_status"]
            row.cells[_UPSTREAM_US] = fields["upstream_us"]
            row.complete = True
            self._flush()

    def end_of_log(self) -> None:
        """Writes what still waits; call it after the last record of each log."""
        for row in self._rows:
            self._write(row.cells)
        self._rows.clear()
        self._waiting.clear()

    def _flush(self) -> None:
        rows = self._rows
        while rows and (rows[0].complete or len(rows) > MOST_WAITING):
            self._write(rows.popleft().cells)

    def _write(self, cells: list[Any]) -> None:
        self._table.writerow(cells)
        self._lines.write(orjson.dumps(dict(zip(COLUMNS, cells, strict=True))) + b"\n")


def _cells(origin: str, entry: Entry, stratum: str) -> list[Any]:
    fields = entry.fields
    findings = fields["findings"]
    return [
        f"{origin}#{entry.index}",
        stratum,
        entry.time,
        entry.kind,
        fields["route"],
        fields["method"],
        fields["upstream"],
        fields["mode"],
        fields["decision"],
        fields["reason"],
        fields["media_type"],
        fields["policy"],
        fields["policy_digest"][7:_SHORT],
        fields["model_digest"][7:_SHORT],
        fields["build"],
        " ".join(f"{found['type']}:{found['count']}" for found in findings),
        sum(found["count"] for found in findings),
        fields["size_before"],
        fields["size_after"],
        fields["uninspected_bytes"],
        sum(fields["stages_us"].values()),
        None,
        fields.get("status"),
        None,
        leaf_hash(entry.raw).hex(),
    ]
