"""Cuts text tables, CSV (RFC 4180) and similar formats, into the cells that all their readers see.

A quote opens a field only at its start, and only a separator, a line end or blanks may follow the quote that
closes it. A field that begins with a quote in any other way is refused, as readers make different cells of
it. In a field that does not begin with one, a quote is an ordinary character.

Law: the work is linear in the length of the text, which is read once for each possible separator.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from shield.errors import MalformedBodyError

COMMA: Final = ","
TAB: Final = "\t"
SIGNS: Final = (COMMA, ";", TAB, "|")

_QUOTED: Final = r'"(?P<quoted>(?:[^"]++|"")*+)"'
_FIELDS: Final = {
    sign: re.compile(
        rf"(?:{_QUOTED}[ ]*+|(?P<plain>(?!\")[^{re.escape(sign)}\r\n]*+))"
        rf"(?P<end>{re.escape(sign)}|\r\n|\n|\r|\Z)"
    )
    for sign in SIGNS
}
_FIRST_RECORD: Final = re.compile(rf"{_QUOTED}|[,;\t|\r\n]")
_SEP: Final = re.compile(r"sep=([,;\t|])(?:\r\n|\n|\r)", re.IGNORECASE)
_LED: Final = re.compile(r"[ \t]*+\"")
_LED_WHOLE: Final = re.compile(rf"[ \t]+{_QUOTED}[ \t]*")


class Cell(NamedTuple):
    """`[start, end)` of the text, with its quotes, and the cell's value.

    `sure` is whether all readers see the same cell in the same column, and no part of it in another one.
    """

    start: int
    end: int
    text: str
    quoted: bool
    sure: bool


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a text, without empty lines, and the sign that separates their cells."""

    sign: str
    rows: Sequence[Sequence[Cell]]


def read_table(text: str, sign: str | None) -> Records | None:
    """The records of a text whose cells `sign` separates; with `sign` None the first record tells the sign.

    Returns None where readers may see other cells: two signs are possible, or no known one, or a backslash
    precedes a quote, or there are lone carriage returns beside other line ends.
    Raises MalformedBodyError where quotes are not used as in RFC 4180.
    """
    said = _SEP.match(text)  # the line with which Excel declares the separator
    if said is not None:
        return _read(text, said[1], said.end()) if sign in {None, said[1]} else None
    if sign is not None:
        return _read(text, sign, 0)
    signs = _signs(text)
    if len(signs) == 1:
        return _read(text, signs[0], 0)
    if not signs:
        return _even(text, COMMA)
    even: Records | None = None
    for one in signs:
        records = _even(text, one)
        if records is not None and even is not None:
            return None
        even = records or even
    return even


def opens(plain: str) -> bool:
    """Whether some readers see an unquoted text open a quoted field that it does not close."""
    return _LED.match(plain) is not None and _LED_WHOLE.fullmatch(plain) is None


def _signs(text: str) -> list[str]:
    """The separators that the first record holds outside of quotes, the standard's one first."""
    found = set()
    for match in _FIRST_RECORD.finditer(text):
        if match[0] in "\r\n":
            if match.start():
                break
        elif match["quoted"] is None:
            found.add(match[0])
    return [sign for sign in SIGNS if sign in found]


def _even(text: str, sign: str) -> Records | None:
    """The records, if all have the same number of cells."""
    try:
        records = _read(text, sign, 0, even=True)
    except MalformedBodyError:
        return None
    return records if records is not None and records.rows else None


def _read(text: str, sign: str, at: int, *, even: bool = False) -> Records | None:
    """The records from `at` on; None as in `read_table`, and with `even` also where two differ in length."""
    match_at = _FIELDS[sign].match
    rows: list[list[Cell]] = []
    row: list[Cell] = []
    ends: set[str] = set()
    length = len(text)
    sure = True  # that all readers see the row's cells so far in the same columns
    is_open = False  # whether some readers are within quotes that opened in mid-field
    while at < length or row:
        match = match_at(text, at)
        if match is None:
            raise MalformedBodyError(f"record {len(rows)}: a quote is in the middle of a field")
        quoted, plain, end = match["quoted"], match["plain"], match["end"]
        if quoted is not None:
            if '\\"' in text[at : match.end("quoted") + 1]:  # to some readers an escaped quote
                return None
            whole = sign not in quoted and "\n" not in quoted and "\r" not in quoted
            said = quoted.replace('""', '"') if '"' in quoted else quoted
            sure = sure and (whole or sign != TAB)
            row.append(Cell(at, match.end("quoted") + 1, said, quoted=True, sure=sure and not is_open))
        else:
            if '"' in plain:
                if opens(plain):
                    raise MalformedBodyError(f"record {len(rows)}: there is a blank before a quote")
                is_open = True
            row.append(Cell(at, match.start("end"), plain, quoted=False, sure=sure and not is_open))
        at = match.end()
        if end != sign:
            ends.add(end)
            if len(row) > 1 or row[0].start < row[0].end:
                if even and rows and len(row) != len(rows[0]):
                    return None
                rows.append(row)
            row = []
            sure = True
            if not end:
                break
    if "\r" in ends and len(ends - {""}) > 1:
        return None
    return Records(sign, rows)
