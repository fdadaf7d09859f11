"""Reads tables that were pasted into a text: each cell under the name that the header gives its column.

These are CSV (RFC 4180), TSV, fields between semicolons, Markdown, what `psql`, `mysql` and the like print,
and columns separated by two or more blanks. A header is a line of short words, none of them a value, of which
at least one names personal data; below it are rows with as many cells. Lines of two cells of which the first
is such a name ("| SSN | 536221234 |", also the expanded display of `psql`) are read across.

A column called "name", or after a role ("owner"), holds persons only beside another personal column; likewise
one called "account" or "member id" holds their numbers. Where a ruler is below a header that names nothing
personal, or the first column lists fields ("Parameter | Type"), no row is taken for a header.

Law: the work is linear in the length of the text. A line is read at most a few times for each possible
separator: as a header, below drawn lines that follow one, and as a row.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from shield.analyzer.key_names import key_words
from shield.analyzer.layouts.labelled_cells import (
    LONGEST_CELL,
    LONGEST_LABEL,
    OF_FIELDS,
    Cell,
    Known,
    ends_sentence,
    label_of,
    names_of,
)
from shield.analyzer.layouts.spans import Span
from shield.analyzer.layouts.table_lines import Line, columns_of, is_rule, ruled, signs_of, unmarked
from shield.analyzer.recognizers.key_context import is_vague
from shield.analyzer.recognizers.references import behind_assignment, is_reference

_LONGEST_HEADER: Final = 1_000
_MOST_RULES: Final = 4  # drawn lines between two rows; without a limit the work would be quadratic
_AGE: Final = "age"
_YEARS: Final = re.compile(r"\s*\d{1,3}(?:\s?(?:y|yo|yrs?|years?)\.?(?:\sold)?)?\s*", re.IGNORECASE)
_FIELD: Final = frozenset("field key name attribute property label setting parameter item column".split())
_VALUE: Final = frozenset("value values answer response content".split())


def cells(text: str, known: Known) -> Iterator[Cell]:
    """The cells of the text under a known label, or beside one, in order of their tables."""
    position = 0
    while (end := text.find("\n", position)) >= 0:
        after = 0
        if 2 < end - position <= _LONGEST_HEADER:  # noqa: PLR2004  the shortest header
            found, after = _table(text, position, end, known)
            yield from found
        position = after or end + 1


def _table(text: str, start: int, end: int, known: Known) -> tuple[list[Cell], int]:
    """The cells of the table whose header, or first line, is `[start, end)`, and where it ends; 0: none."""
    line = text[start:end].strip()
    if not line:
        return [], 0
    signs = signs_of(line)
    next_end = text.find("\n", end + 1)
    ruler = ruled(text, end + 1, len(text) if next_end < 0 else next_end)
    if not signs and not ruler:
        return [], 0
    if ends_sentence(line) and not ruler:
        signs = signs.replace(",", "").replace(" ", "")
    for read in ([Line(" ", ruler)] if ruler else []) + [Line(sign) for sign in signs]:
        header, stop = read.cells(text, start)
        if len(header) < 2 or stop != end:  # noqa: PLR2004  one cell is no table
            continue
        if len(header) == 2 and read.sign not in ",;":  # noqa: PLR2004  a name and its value
            found, after = _across(text, start, header, read, known)
            if after:
                return found, after
        found, after = _below(text, start, header, read, known)
        if after:
            return found, after
    return [], 0


def _labels(text: str, header: Sequence[Span]) -> list[str]:
    """The labels of a header, empty for cells without a word; none where a cell is no label.

    A label followed by a sign is an element of a list, mostly in code: `'pin',`.
    """
    if all(cell.start == cell.end for cell in header[1:]):
        return []
    labels = []
    for start, end in reversed(header):  # a sentence mostly shows in its last cell
        if end - start > LONGEST_LABEL:
            return []
        label = label_of(text, start, end)
        if label is None:
            return []
        labels.append(label)
    labels.reverse()
    told = [label for label in labels if label]
    return labels if len({*told}) == len(told) else []


def _rows(
    text: str, bounds: tuple[int, int], header: Sequence[Span], read: Line
) -> Iterator[tuple[list[tuple[int, Span]], int]]:
    """The rows below a header line with these bounds: (column, cell) of each, and where its line ends.

    Between two rows one line may be empty or of another form.
    """
    start, at = bounds[0], bounds[1] + 1
    missed = first = True
    rules = 0
    while at < len(text):
        row, end = read.cells(text, at)
        if is_rule(text, at, end):
            rules += 1
            if rules > _MOST_RULES:
                return
            at = end + 1
            continue
        rules = 0
        placed = columns_of(header, row, at - start, read.sign)
        if first and len(row) < len(header):
            return
        if placed:
            yield placed, end
            first = missed = False
        elif missed:
            return
        else:
            missed = True
        at = end + 1


def _below(text: str, start: int, header: Sequence[Span], read: Line, known: Known) -> tuple[list[Cell], int]:
    """The cells under the known labels of a header whose line begins at `start`, and where the table ends."""
    labels = _labels(text, header)
    if not labels:
        return [], 0
    bounds = start, text.find("\n", header[-1].end)
    names: dict[int, tuple[str, ...]] | None = None
    pair = False
    pairs: list[Cell] = []
    found: list[Cell] = []
    after = 0
    for row, end in _rows(text, bounds, header, read):
        if names is None:  # most lines of prose have no such line below them
            names = names_of(_without_times(text, labels, row), known)
            certain = _is_of_fields(text, bounds[1], labels)
            if len(labels) == 2 and _is_of_labels(text, row, names, known):  # noqa: PLR2004  a label, what is said of it
                return [], 0
            pair = len(labels) == 2 and not names and _is_pair(labels, certain=certain)  # noqa: PLR2004  a name, its value
            if not names and not pair and not certain:
                return [], 0
        after = end + 1
        if pair:
            pairs += _pair(text, [cell for _, cell in row], known)
            continue
        for column, cell in row:
            if column in names and cell.start < cell.end <= cell.start + LONGEST_CELL:
                found.append(Cell(names[column], *unmarked(text, cell)))
    return _told(pairs) if pair else found, after


def _without_times(text: str, labels: Sequence[str], row: Sequence[tuple[int, Span]]) -> list[str]:
    """The labels, without an "AGE" whose first cell is none of a person: `kubectl get pods` says `3d`."""
    times = {
        column
        for column, cell in row
        if labels[column].lower() == _AGE and _YEARS.fullmatch(text, cell.start, cell.end) is None
    }
    return ["" if place in times else label for place, label in enumerate(labels)]


def _is_of_labels(
    text: str, row: Sequence[tuple[int, Span]], names: Mapping[int, tuple[str, ...]], known: Known
) -> bool:
    """Whether a row has a label where a value should be: "Last name, required" below a line like it."""
    labels = [label for column, cell in row if column in names and (label := label_of(text, *cell))]
    return any(map(known, labels))


def _is_pair(labels: Sequence[str], *, certain: bool) -> bool:
    """Whether the rows below a two-cell header hold a name and its value: by `certain`, or by its labels."""
    first, second = map(str.lower, labels)
    return second not in OF_FIELDS and (certain or (first in _FIELD and second in _VALUE))


def _is_of_fields(text: str, end: int, labels: Sequence[str]) -> bool:
    """Whether the line below a header is surely no header: a ruler separates them, or it describes fields."""
    stop = text.find("\n", end + 1)
    return labels[0].lower() in _FIELD or is_rule(text, end + 1, len(text) if stop < 0 else stop)


def _pair(text: str, row: Sequence[Span], known: Known) -> Iterator[Cell]:
    label = label_of(text, *row[0])
    if label and known(label) and row[1].start < row[1].end <= row[1].start + LONGEST_CELL:
        start = behind_assignment(text, *row[1])
        value = unmarked(text, Span(start, row[1].end))
        if start == row[1].start or not is_reference(text[value.start : value.end]):
            yield Cell((label,), *value)


def _told(pairs: Sequence[Cell]) -> list[Cell]:
    """The values of names; none where each name is personal only beside one that is so by itself."""
    vague = [is_vague(key_words(pair.names[-1])) for pair in pairs]
    return [*pairs] if not all(vague) else []


def _across(text: str, start: int, first: Sequence[Span], read: Line, known: Known) -> tuple[list[Cell], int]:
    """The values of lines of a label and a value each: two known labels, or one beside a value."""
    label = label_of(text, *first[0])
    if not label or not known(label):
        return [], 0
    found: list[Cell] = []
    lines = labels = after = missed = 0
    at = start
    while at < len(text):
        row, end = read.cells(text, at)
        if len(row) != len(first):
            missed += 1
            if not is_rule(text, at, end) and (missed > 1 or row):
                break
        else:
            missed = 0
            lines += 1
            after = end + 1
            label = label_of(text, *row[0])
            if label and known(label):
                labels += 1
                found += _pair(text, row, known)
        at = end + 1
        header = lines == 2 and labels < 2 and (read.sign == " " or _labels(text, first))  # noqa: PLR2004  two labels
        if header:
            return [], 0
    return (_told(found), after) if lines > 1 and (found or labels > 1) else ([], 0)
