"""Writes tables as CSV (RFC 4180) so that no spreadsheet runs a cell as a formula.

A text that a spreadsheet would take for a formula (OWASP, "CSV Injection") is written with an apostrophe
before it; so is one that begins with an apostrophe, so that removing one always gives the value. Texts of
letters, digits and `._:/|%#-` alone are written as they are, even with a leading `-`: without brackets,
quotes or `!` nothing can be called. So ids, strata, times, digests and numbers with a sign never change.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from typing import IO

_FIRST = frozenset("=+-@\t\r\n'＝＋－＠")  # noqa: RUF001  the wide ones are taken for the others where text is wide
_HARMLESS = re.compile(r"[A-Za-z0-9._:/|%#-]*|\+[0-9.]+")


def cell(value: object) -> object:
    """The written form of a value; only texts may change."""
    if isinstance(value, str) and value and value[0] in _FIRST and _HARMLESS.fullmatch(value) is None:
        return f"'{value}"
    return value


class Table:
    """A CSV file that is written row by row."""

    __slots__ = ("_quoting", "_writer")

    def __init__(self, file: IO[str], header: Iterable[str]) -> None:
        """`file` is opened with `newline=""`; its owner closes it."""
        self._writer = csv.writer(file, lineterminator="\n")
        self._quoting = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        self.writerow(header)

    def writerow(self, row: Iterable[object]) -> None:
        cells = [cell(value) for value in row]
        # With this line end the csv module would leave a carriage return unquoted, and a reader would end the
        # row.
        bare = any(isinstance(text, str) and "\r" in text for text in cells)
        (self._quoting if bare else self._writer).writerow(cells)

    def writerows(self, rows: Iterable[Iterable[object]]) -> None:
        for row in rows:
            self.writerow(row)
