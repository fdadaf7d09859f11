r"""Reads wiki and document tables in a text, with cells on lines of their own or between the markup's signs.

MediaWiki (`{| … |}`: `! Name !! PIN`, `|-`, `| Jo || 4931`), AsciiDoc (`|===`, also a cell on each line),
reStructuredText (`.. list-table::`, `* - Jo`), LaTeX (`\begin{tabular}`: `Jo & 4931 \\`), BBCode
(`[td]Jo[/td]`). Their cells are read like those of HTML tables (`html_tables.of_rows`). The tables of
Markdown, Jira, Org and the grids of reStructuredText have lines that `tables` reads.

Law: each line of a table is read once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from shield.analyzer.layouts.html_tables import of_rows
from shield.analyzer.layouts.labelled_cells import Cell, Known
from shield.analyzer.layouts.spans import Span, trimmed
from shield.analyzer.layouts.table_lines import MOST_CELLS

_LONGEST: Final = 200_000  # code points of a table
_MOST_ROWS: Final = 5_000
_LEAST: Final = 2  # cells of a row
_WIKI: Final = re.compile(r"^[ \t:>]{0,8}\{\|", re.MULTILINE)
_WIKI_END: Final = re.compile(r"^[ \t>]{0,8}\|\}", re.MULTILINE)
_WIKI_CELLS: Final = re.compile(r"!!|\|\|")
_WIKI_STYLE: Final = re.compile(r"[^|\[\]{}\n]{1,200}=[^|\[\]{}\n]{1,200}\|(?!\|)")
_ASCIIDOC: Final = re.compile(r"^\|===[ \t]*\r?\n", re.MULTILINE)
_ASCIIDOC_END: Final = re.compile(r"^\|===", re.MULTILINE)
_ASCIIDOC_CELL: Final = re.compile(
    r"(?:^|(?<=\s))(?:\d{0,2}[.+*]?\d{0,2}[<^>.]{0,2}[adehlms]?)\|", re.MULTILINE
)
_BBCODE: Final = re.compile(r"(?=\[tr\])")
_BBCODE_END: Final = re.compile(r"\[/table\]")
_BBCODE_TAG: Final = re.compile(r"\[(/?t[rdh])\]")
_LISTED: Final = re.compile(r"^[ \t]{0,40}\.\. list-table::", re.MULTILINE)
_LISTED_CELL: Final = re.compile(r"^[ \t]{1,40}(?P<row>\*[ \t]{1,4})?-[ \t]{1,4}(?=\S)", re.MULTILINE)
_LISTED_END: Final = re.compile(r"^(?=\S)", re.MULTILINE)
_LATEX: Final = re.compile(r"\\begin\{(?:tabular[xy*]?|longtable|supertabular)\}")
_LATEX_END: Final = re.compile(r"\\end\{(?:tabular[xy*]?|longtable|supertabular)\}")
_LATEX_ROW: Final = re.compile(
    r"\\\\(?:\[[^\]\n]{0,20}\])?|\\(?:hline|toprule|midrule|bottomrule|cline\{[^}\n]{0,20}\})"
)
_LATEX_CELL: Final = re.compile(r"(?<!\\)&")
_LATEX_HEAD: Final = re.compile(r"\s{0,8}(?:\[[^\]\n]{0,20}\]|\{[^\n]{0,200}\})*")


def may_hold(text: str) -> bool:
    """Whether the text may hold such a table."""
    return (
        ("|" in text and ("{|" in text or "|===" in text))
        or ("\\" in text and "\\begin{" in text)
        or (":" in text and "list-table::" in text)
        or ("[" in text and "[tr]" in text)
    )


def cells(text: str, known: Known) -> Iterator[Cell]:
    """The cells of the text that stand under a known label, or beside one, table by table."""
    for sign, opening, closing, rows_of in (
        ("{|", _WIKI, _WIKI_END, _wiki_rows),
        ("|===", _ASCIIDOC, _ASCIIDOC_END, _asciidoc_rows),
        ("\\begin{", _LATEX, _LATEX_END, _latex_rows),
        ("[tr]", _BBCODE, _BBCODE_END, _bbcode_rows),
        ("list-table::", _LISTED, _LISTED_END, _listed_rows),
    ):
        if sign in text:
            for start, end in _bodies(text, opening, closing):
                yield from of_rows(text, rows_of(text, start, end), known)


def _bodies(text: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """The text between an opening and the next closing, or within `_LONGEST`; the spans do not nest."""
    position = 0
    while (opened := opening.search(text, position)) is not None:
        closed = closing.search(text, opened.end(), opened.end() + _LONGEST)
        end = min(len(text), opened.end() + _LONGEST) if closed is None else closed.start()
        yield opened.end(), end
        position = max(end if closed is None else closed.end(), opened.end() + 1)


def _wiki_rows(text: str, start: int, end: int) -> list[list[Span]]:
    """The rows of a MediaWiki table."""
    rows: list[list[Span]] = [[]]
    at = text.find("\n", start, end) + 1 or end  # after the attributes of the table
    while at < end and len(rows) < _MOST_ROWS:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        line = trimmed(text, at, stop)
        sign = text[line.start : line.start + 1] if line.start < line.end else ""
        if text.startswith("|-", line.start, line.end):
            rows.append([])
        elif sign and sign in "|!" and not text.startswith("|+", line.start, line.end):
            begin = line.start + 1
            for mark in [*_WIKI_CELLS.finditer(text, begin, line.end), None]:
                cell_end = line.end if mark is None else mark.start()
                style = _WIKI_STYLE.match(text, begin, cell_end)
                if len(rows[-1]) < MOST_CELLS:
                    rows[-1].append(trimmed(text, begin if style is None else style.end(), cell_end))
                begin = cell_end if mark is None else mark.end()
        at = stop + 1
    return rows


def _asciidoc_rows(text: str, start: int, end: int) -> list[list[Span]]:
    """The rows, each with as many cells as the first line has."""
    first_line = text.find("\n", start, end)
    begins = [(match.start(), match.end()) for match in _ASCIIDOC_CELL.finditer(text, start, end)]
    width = sum(1 for at, _ in begins if first_line < 0 or at <= first_line)
    if not _LEAST <= width <= MOST_CELLS:
        return []
    ends = [*(at for at, _ in begins[1:]), end]
    spans = [trimmed(text, begin, stop) for (_, begin), stop in zip(begins, ends, strict=True)]
    return [spans[at : at + width] for at in range(0, len(spans), width)][:_MOST_ROWS]


def _latex_rows(text: str, start: int, end: int) -> list[list[Span]]:
    """The rows of a LaTeX table, without its rules."""
    head = _LATEX_HEAD.match(text, start, end)
    at = start if head is None else head.end()
    rows: list[list[Span]] = []
    for match in [*_LATEX_ROW.finditer(text, at, end), None]:
        stop = end if match is None else match.start()
        row: list[Span] = []
        for sign in [*_LATEX_CELL.finditer(text, at, stop), None]:
            cell_end = stop if sign is None else sign.start()
            row.append(trimmed(text, at, cell_end))
            at = cell_end if sign is None else sign.end()
        if _LEAST <= len(row) <= MOST_CELLS and len(rows) < _MOST_ROWS:
            rows.append(row)
        at = stop if match is None else match.end()
    return rows


def _bbcode_rows(text: str, start: int, end: int) -> list[list[Span]]:
    """The rows of a BBCode table."""
    rows: list[list[Span]] = []
    opened = -1
    for tag in _BBCODE_TAG.finditer(text, start, end):
        if opened >= 0 and rows and len(rows[-1]) < MOST_CELLS:
            rows[-1].append(trimmed(text, opened, tag.start()))
        opened = tag.end() if tag[1] in {"td", "th"} else -1
        if tag[1] == "tr" and len(rows) < _MOST_ROWS:
            rows.append([])
    return rows


def _listed_rows(text: str, start: int, end: int) -> list[list[Span]]:
    """The rows of a reStructuredText list table."""
    rows: list[list[Span]] = []
    begins = [*_LISTED_CELL.finditer(text, start, end)]
    for match, after in zip(begins, [*begins[1:], None], strict=True) if begins else ():
        stop = end if after is None else after.start()
        if match["row"] and len(rows) < _MOST_ROWS:
            rows.append([])
        if rows and len(rows[-1]) < MOST_CELLS:
            rows[-1].append(trimmed(text, match.end(), stop))
    return rows
