"""Finds the cells in the lines of a table in a text, by what separates them.

That is a delimiter (`,`, `;`, a tab: quoted fields as in RFC 4180, also over lines; `|` and its box-drawing
forms: as in Markdown and the output of databases), two or more blanks, or a ruler below the header
(`----- ---`).

Law: a line is read in time linear in its length; a quoted field has at most `_QUOTED` code points.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shield.analyzer.layouts.spans import Span, trimmed

PIPES: Final = "|│┃║¦"
MOST_CELLS: Final = 64
_QUOTED: Final = 2_000
_MORE: Final = 3  # cells that a row may have beyond those of the header
_FEWER: Final = 2
_LEAST_LOOSE: Final = 3  # columns of a table whose rows may have more or fewer cells
# What mails put before a quoted line.
_LEAD: Final = re.compile(r"(?:[ \t]{0,3}>){0,5}[ \t]{0,12}")
_RULER: Final = re.compile(r"[\s>+:|\-=─━═┄│┃║├┼┤╞╪╡╠╬╣┌┬┐└┴┘╔╦╗╚╩╝┏┳┓┗┻┛┣╋┫╟╫╢]{3,}")
_RULED: Final = re.compile(r"[ \t]{0,12}(?:-{2,}|={2,})(?: {1,4}(?:-{2,}|={2,})){1,64} {0,80}\r?")
_RULES: Final = frozenset("-= \t")  # the characters that a ruler begins with
_LONGEST_PART: Final = 60  # code points of a label, with the blanks and quotes around it
_GROUP: Final = re.compile(r"[-=]+")
_MARKS: Final = frozenset("*_`~'\"")  # of Markdown, SQL and malformed CSV
_APART: Final = re.compile(r"[^\s]+(?: [^\s]+)*")
_FIELDS: Final = {
    sign: re.compile(
        rf'[ ]{{0,4}}"(?P<quoted>[^"]{{0,{_QUOTED}}}+(?:""[^"]{{0,200}}+){{0,50}}+)"'
        rf"[ ]{{0,4}}(?=[{sign}\r\n]|\Z)"
        rf"|[^{sign}\r\n]*+"
    )
    for sign in (",", ";", "\t")
}
_BETWEEN_PIPES: Final = {sign: re.compile(rf"(?:\\.|[^{sign}\\\n]|\\)*+") for sign in PIPES}


@dataclass(frozen=True, slots=True)
class Line:
    """What separates the cells: a delimiter, a blank (two or more of them), or the columns of a ruler."""

    sign: str
    ruler: tuple[tuple[int, int], ...] = ()
    """Offsets in a line of each column's first character, and of the next column's: 0 for the last one."""

    def cells(self, text: str, start: int) -> tuple[list[Span], int]:
        """The cells of the line at `start`, and where it ends: at its line break, or the end of the text."""
        end = _end(text, start)
        if self.ruler:
            return self._below_ruler(text, start, end), end
        lead = _LEAD.match(text, start, end)
        begin = start if lead is None or self.sign == "\t" else lead.end()
        if self.sign == " ":
            return [Span(*match.span()) for match in _APART.finditer(text, begin, end)][: MOST_CELLS + 1], end
        if self.sign in _BETWEEN_PIPES:
            return self._between_pipes(text, begin, end), end
        return self._fields(text, begin)

    def _fields(self, text: str, at: int) -> tuple[list[Span], int]:
        field = _FIELDS[self.sign]
        spans: list[Span] = []
        while len(spans) <= MOST_CELLS:
            match = field.match(text, at)
            if match is None:  # cannot happen: the last alternative is empty
                break
            spans.append(trimmed(text, *match.span("quoted" if match["quoted"] is not None else 0)))
            at = match.end()
            if text[at : at + 1] != self.sign:
                break
            at += 1
        return spans, _end(text, at)

    def _between_pipes(self, text: str, at: int, end: int) -> list[Span]:
        between = _BETWEEN_PIPES[self.sign]
        if text[at : at + 1] == self.sign:
            at += 1
        spans: list[Span] = []
        while len(spans) <= MOST_CELLS:
            match = between.match(text, at, end)
            if match is None:
                break
            at = match.end() + 1
            if at > end:  # the text after the last separator
                span = trimmed(text, *match.span())
                if span.start < span.end:
                    spans.append(span)
                break
            spans.append(trimmed(text, *match.span()))
        return spans

    def _below_ruler(self, text: str, start: int, end: int) -> list[Span]:
        spans = []
        for low, high in self.ruler:
            first, last = start + low, min(start + high, end) if high else end
            if low and first < end and not text[first - 1].isspace():
                return []
            spans.append(trimmed(text, min(first, end), last))
        return spans


def signs_of(line: str) -> str:
    """What may separate the cells of a line, the most telling first; a blank means two or more blanks.

    Most lines are prose, which has longer parts: they are dismissed here, at little cost.
    """
    signs = ""
    if not line.isascii() or "|" in line:
        signs = next((sign for sign in PIPES if sign in line), "")
    if "\t" in line:
        signs += "\t "
    elif "  " in line:
        signs += " "
    for sign in ";,":
        if sign in line and max(map(len, line.split(sign))) <= _LONGEST_PART:
            signs += sign
    return signs


def ruled(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """The columns that a ruler of dashes with gaps, `[start, end)`, marks; none where it is no ruler."""
    if text[start : start + 1] not in _RULES or _RULED.fullmatch(text, start, end) is None:
        return ()
    begins = [match.start() - start for match in _GROUP.finditer(text, start, end)]
    return tuple(zip(begins, [*begins[1:], 0], strict=True))


def is_rule(text: str, start: int, end: int) -> bool:
    """Whether it is a drawn line: `|---|:-:|`, `+----+`, `├───┤`."""
    return _RULER.fullmatch(text, start, end) is not None


def columns_of(header: Sequence[Span], row: Sequence[Span], shift: int, sign: str) -> list[tuple[int, Span]]:
    """(column, cell) of the cells of a row; none where it does not fit the header.

    A row with more cells than the header is counted from both ends: somewhere in it a comma was not quoted.
    `shift` is from the header's line to the row's: cells between blanks stand below their label.
    """
    wide, count = len(header), len(row)
    if count == wide:
        return list(enumerate(row))
    if sign == " ":
        return _below(header, row, shift) if 1 < count < wide else []
    if wide < _LEAST_LOOSE:
        return []
    if wide < count <= wide + _MORE:
        more = count - wide
        return [
            *((place, row[place]) for place in range(wide)),
            *((place - more, row[place]) for place in range(more, count)),
        ]
    if max(2, wide - _FEWER) <= count < wide:
        return list(enumerate(row))
    return []


def _below(header: Sequence[Span], row: Sequence[Span], shift: int) -> list[tuple[int, Span]]:
    """The cells of a row between blanks, each with the column whose label it stands below."""
    found: list[tuple[int, Span]] = []
    column = 0
    for cell in row:
        start, end = cell.start - shift, cell.end - shift
        while column < len(header) and header[column].end <= start:
            column += 1
        if column == len(header):
            break
        if header[column].start < end:
            found.append((column, cell))
            if column + 1 < len(header) and header[column + 1].start < end:
                return []  # below two labels
    return found


def unmarked(text: str, cell: Span) -> Span:
    """A cell without the marks or quotes around it, unless it has nothing else: `**4711**`, `'4711'`."""
    start, end = cell
    while end - start > 2 and text[start] == text[end - 1] and text[start] in _MARKS:  # noqa: PLR2004  two of them
        start += 1
        end -= 1
    return Span(start, end)


def _end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
