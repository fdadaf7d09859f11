"""Reads HTML tables and definition lists: each cell under the name that its column or row gives it.

Filled-in forms are mailed so, and tickets and articles hold such mails. A row whose cells are labels, at
least one of personal data, is a header; otherwise a row of two cells is a name and its value, as are `<dt>`
and its `<dd>`. A label that names nothing by itself ("Name", "Account") counts beside one that does, as in
text tables (`tables`).

Law: each tag is read once, and each cell a few times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Final

from shield.analyzer.key_names import key_words
from shield.analyzer.layouts.labelled_cells import (
    LONGEST_CELL,
    OF_FIELDS,
    Cell,
    Known,
    is_said,
    label_of,
    names_of,
)
from shield.analyzer.layouts.spans import Span
from shield.analyzer.recognizers.key_context import is_vague

_TAG: Final = re.compile(
    r"<(?P<close>/)?(?P<name>table|tr|t[dh]|d[ltd])(?=[\s>/])[^<>]{0,1000}>", re.IGNORECASE
)
_AROUND: Final = re.compile(r"(?:\s|&nbsp;|&#160;|<[^<>]{0,300}>)+")
_MARKS: Final = re.compile(r"<[^<>]{0,300}>")
_WIDEST: Final = 300  # code points of what holds a cell, with its tags: a longer one is layout
_MOST_CELLS: Final = 64  # of a row
_MOST_ROWS: Final = 5_000  # that are kept until the table ends
_DEEPEST: Final = 16
_PAIR: Final = 2


@dataclass(slots=True)
class _Table:
    """An open table or list. `begin` is where the text of the open cell begins; -1 where none is open."""

    rows: list[list[Span]] = field(default_factory=list)
    begin: int = -1


def may_hold(text: str) -> bool:
    """Whether the text may hold a cell."""
    return "</t" in text or "<td" in text or "<dd" in text or "</T" in text or "<TD" in text or "<DD" in text


def cells(text: str, known: Known) -> Iterator[Cell]:
    """The cells of the text that stand under a known label, or beside one, table by table as they end."""
    open_: list[_Table] = []
    for tag in _TAG.finditer(text):
        name = tag["name"].lower()
        if name in {"table", "dl"}:
            if not tag["close"]:
                if len(open_) < _DEEPEST:
                    open_.append(_Table())
            elif open_:
                table = open_.pop()
                _end_cell(text, table, tag.start())
                yield from of_rows(text, table.rows, known)
            continue
        if not open_:  # a piece cut out of a table or list begins without its start tag
            open_.append(_Table())
        table = open_[-1]
        _end_cell(text, table, tag.start())
        if not tag["close"]:
            if name in {"tr", "dt"}:
                if len(table.rows) > _MOST_ROWS:
                    yield from of_rows(text, table.rows, known)
                    del table.rows[1:]  # the header stays
                table.rows.append([])
            if name != "tr":
                table.begin = tag.end()
    while open_:
        table = open_.pop()
        _end_cell(text, table, len(text))
        yield from of_rows(text, table.rows, known)


def _end_cell(text: str, table: _Table, end: int) -> None:
    """Ends the open cell of a table, if there is one."""
    if table.begin < 0:
        return
    start, table.begin = table.begin, -1
    if not table.rows:
        table.rows.append([])
    if len(table.rows[-1]) < _MOST_CELLS:
        table.rows[-1].append(_core(text, start, end) if end - start <= _WIDEST else Span(start, start))


def _core(text: str, start: int, end: int) -> Span:
    """The span without the blanks and tags at its ends."""
    if before := _AROUND.match(text, start, end):
        start = before.end()
    while start < end and text[end - 1] in " \t\r\n>":
        if text[end - 1] != ">":
            end -= 1
            continue
        opening = text.rfind("<", start, end)
        if opening < 0:
            break
        end = opening
    return Span(start, end)


def _label(text: str, cell: Span) -> str:
    """The cell as a label; empty where it is none."""
    said = unescape(_MARKS.sub("", text[cell.start : cell.end])).replace("\u00a0", " ").strip().rstrip("*?")
    return label_of(said, 0, len(said)) or ""


def of_rows(text: str, rows: Sequence[Sequence[Span]], known: Known) -> Iterator[Cell]:
    """The cells of the rows of one table that stand under a known label, or beside one."""
    full = [row for row in rows if row]
    if not full:
        return
    labels = [_label(text, cell) for cell in full[0]]
    if len(labels) == _PAIR and labels[1].lower() in OF_FIELDS:
        return
    below = [row for row in full[1:] if len(row) == len(labels)]
    if (
        below
        and all(labels)
        and (names := names_of(labels, known))
        # Names where values should be: then each row is a name and its value.
        and not any(_is_known(text, cell, known) for cell in below[0])
    ):
        for row in below:
            for column, around in names.items():
                cell = row[column]
                if _is_value(text, cell):
                    yield Cell(around, *cell)
        return
    pairs = [
        (label, row[place + 1])
        for row in full
        if len(row) % _PAIR == 0
        for place in range(0, len(row), _PAIR)
        if (label := _label(text, row[place])) and known(label)
    ]
    if any(not is_vague(key_words(label)) for label, _ in pairs):
        for label, cell in pairs:
            if _is_value(text, cell) and not _is_known(text, cell, known):
                yield Cell((label,), *cell)


def _is_value(text: str, cell: Span) -> bool:
    start, end = cell
    return start < end <= start + LONGEST_CELL and not is_said(text[start:end])


def _is_known(text: str, cell: Span, known: Known) -> bool:
    """Whether a cell is a label that names personal data."""
    label = _label(text, cell)
    return bool(label) and known(label)
