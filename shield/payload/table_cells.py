"""The cells of a table in a text: CSV (RFC 4180) and its kin, as all its readers see them.

A quote opens a field only at its begin, and only a sign, a line's end or blanks may stand behind the quote
that closes it. What else begins with a quote is refused: readers make different cells of it. A quote within a
field that does not begin with one is a sign like any.

Law: the work is linear in the length of the text; to tell the sign it is read once for each that may be it.
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
    """`[start, end)` of the text, with its quotes, and what it says.

    `sure` is whether other readers see the same cell in the same column, and nothing of it in another one.
    """

    start: int
    end: int
    text: str
    quoted: bool
    sure: bool


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a text that are no empty lines, and the sign that parts their cells."""

    sign: str
    rows: Sequence[Sequence[Cell]]


def read_table(text: str, sign: str | None) -> Records | None:
    """The records of a text, whose cells `sign` parts; None where the first record is to tell it.

    None where readers may see other cells: two signs could part them, or none that is known, or a quote is
    behind a backslash, or a carriage return alone beside other ends of lines.
    Raises MalformedBodyError where quotes are not those of RFC 4180.
    """
    said = _SEP.match(text)  # as Excel writes and reads it
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
    """Whether to some readers a text without quotes around it opens a quoted field, and does not close it."""
    return _LED.match(plain) is not None and _LED_WHOLE.fullmatch(plain) is None


def _signs(text: str) -> list[str]:
    """The signs that stand in the first record outside of quotes, the standard's first."""
    found = set()
    for match in _FIRST_RECORD.finditer(text):
        if match[0] in "\r\n":
            if match.start():
                break
        elif match["quoted"] is None:
            found.add(match[0])
    return [sign for sign in SIGNS if sign in found]


def _even(text: str, sign: str) -> Records | None:
    """The records, if all have as many cells as the first."""
    try:
        records = _read(text, sign, 0, even=True)
    except MalformedBodyError:
        return None
    return records if records is not None and records.rows else None


def _read(text: str, sign: str, at: int, *, even: bool = False) -> Records | None:
    """The records from `at` on; None as `read_table` says, and, if `even`, where two differ in length."""
    match_at = _FIELDS[sign].match
    rows: list[list[Cell]] = []
    row: list[Cell] = []
    ends: set[str] = set()
    length = len(text)
    sure = True  # that what stood in the row so far is in no other column to anybody
    is_open = False  # whether some are within quotes, opened in the midst of a field
    while at < length or row:
        match = match_at(text, at)
        if match is None:
            raise MalformedBodyError(f"record {len(rows)}: a quote neither opens nor closes a whole field")
        quoted, plain, end = match["quoted"], match["plain"], match["end"]
        if quoted is not None:
            if '\\"' in text[at : match.end("quoted") + 1]:  # some escape a quote so, and read on behind it
                return None
            whole = sign not in quoted and "\n" not in quoted and "\r" not in quoted
            said = quoted.replace('""', '"') if '"' in quoted else quoted
            sure = sure and (whole or sign != TAB)
            row.append(Cell(at, match.end("quoted") + 1, said, quoted=True, sure=sure and not is_open))
        else:
            if '"' in plain:
                if opens(plain):
                    raise MalformedBodyError(f"record {len(rows)}: a blank stands before a quote")
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
