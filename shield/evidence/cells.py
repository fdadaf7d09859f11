"""Writes tables as CSV (RFC 4180) in which no spreadsheet runs a cell as a formula, and no mark is unseen.

A text that a spreadsheet would take for a formula (OWASP, "CSV Injection") is written with an apostrophe
before it; so is one that begins with an apostrophe, so that removing one always gives the value. Texts of
letters, digits and `._:/|%#-` alone are written as they are, even with a leading `-`: without brackets,
quotes or `!` nothing can be called. So ids, strata, times, digests and numbers with a sign never change.

Control and format characters, such as those that turn the direction of writing, are written as escapes
(`visible`), carriage returns too. The JSON beside a table has every value as it is.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from typing import IO

from shield.evidence.visible import visible

_FIRST = frozenset("=+-@\t\n'＝＋－＠")  # noqa: RUF001  the wide ones are taken for the others where text is wide
_HARMLESS = re.compile(r"[A-Za-z0-9._:/|%#-]*|\+[0-9.]+")


def cell(value: object) -> object:
    """The written form of a value; only texts may change."""
    if not isinstance(value, str) or _HARMLESS.fullmatch(value):
        return value
    text = visible(value)
    return f"'{text}" if text[0] in _FIRST else text


class Table:
    """A CSV file that is written row by row."""

    __slots__ = ("_writer",)

    def __init__(self, file: IO[str], header: Iterable[str]) -> None:
        """`file` is opened with `newline=""`; its owner closes it."""
        self._writer = csv.writer(file, lineterminator="\n")
        self.writerow(header)

    def writerow(self, row: Iterable[object]) -> None:
        self._writer.writerow([cell(value) for value in row])

    def writerows(self, rows: Iterable[Iterable[object]]) -> None:
        for row in rows:
            self.writerow(row)
