"""Reads values in SQL statements, each under its column's name: `ssn IN ('…', '…')`, `INSERT INTO …`.

Law: each list is read once and item by item, so the time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from shield.analyzer.layouts.labelled_cells import Cell

_LONGEST: Final = 128  # code points of a literal
PATH: Final = r"(?P<{0}>[A-Za-z_$][\w$:.\-/]{{0,100}})"
"""A name with those of what holds it, as a group that is named by `format`."""
LITERAL: Final = (
    # the opening quote, in a text that is itself a literal with a backslash; and SQL's sign for any text
    r"(?P<escape>\\)?(?P<quote>[\"'])%?(?P<value>"
    # a quote that does not end it
    r"(?:(?(escape)(?!)|(?:(?P=quote)(?P=quote)|\\(?P=quote)))"
    # or any character that does not begin the end
    r"|(?!%?(?(escape)\\)(?P=quote))[^\n]"
    rf"){{1,{_LONGEST}}})%?(?(escape)\\)(?P=quote)"
)
"""A string literal; a doubled quote (SQL, OData) or an escaped one (SCIM) does not end it."""
_BLANK: Final = r"(?:\s|\\[nt]){0,8}"
"""A blank as it is, or as an escape where the statement is a string literal."""
_IN: Final = re.compile(
    rf"\b(?:where|and|or|not|having)\s{{1,8}}[`\"\[]?{PATH.format('name')}[`\"\]]?\s{{1,8}}(?:not\s{{1,8}})?in{_BLANK}\({_BLANK}",
    re.IGNORECASE,
)
_INTO: Final = re.compile(
    rf"\b(?:insert|replace|merge)\s{{1,8}}(?:ignore\s{{1,8}})?into\s{{1,8}}[`\"\[]?{PATH.format('table')}[`\"\]]?{_BLANK}"
    rf"\((?P<columns>[^()]{{1,2000}})\){_BLANK}values?{_BLANK}",
    re.IGNORECASE,
)
_FROM: Final = re.compile(rf"\b(?:from|update|join)\s{{1,8}}[`\"\[]?{PATH.format('table')}", re.IGNORECASE)
_REACH: Final = 200  # code points before a condition in which its table is named
_ITEM: Final = re.compile(
    rf"(?:[eEnN](?='))?(?:{LITERAL}|(?P<bare>[\w.+\-]{{1,64}}(?:\([^()\n]{{0,64}}\))?(?:::\w{{1,30}})?)|(?P<empty>''|\"\"))"
    rf"{_BLANK}(?P<sign>[,)]){_BLANK}"
)
_ROW: Final = re.compile(rf",?{_BLANK}\({_BLANK}")
_AROUND: Final = " \t\r\n`\"'[]\\"


def lists(text: str) -> Iterator[Cell]:
    """The values in `column IN (…)`, with the column's name."""
    for match in _IN.finditer(text):
        names = (*table_before(text, match.start()), _last(match["name"]))
        for start, end, _ in _items(text, match.end()):
            yield Cell(names, start, end)


def table_before(text: str, start: int) -> tuple[str, ...]:
    """The table that a condition at `start` is about, where the statement names it just before."""
    last = None
    for last in _FROM.finditer(text, max(0, start - _REACH), start):  # noqa: B007  the last one
        pass
    return () if last is None else (_last(last["table"]),)


def inserted(text: str) -> Iterator[Cell]:
    """The values in the rows of `INSERT INTO table (columns) VALUES (…), (…)`, with table and column."""
    for match in _INTO.finditer(text):
        table = _last(match["table"])
        columns = [column.strip(_AROUND) for column in match["columns"].split(",")]
        position = match.end()
        while (row := _ROW.match(text, position)) is not None:
            position = row.end()
            items = [*_items(text, position)]
            for (start, end, after), column in zip(items, columns, strict=False):
                position = after
                if len(items) == len(columns):
                    yield Cell((table, column), start, end)
            if not items:
                break


def _items(text: str, position: int) -> Iterator[tuple[int, int, int]]:
    """Start and end of each value of a list in brackets, and where the next one begins."""
    while (item := _ITEM.match(text, position)) is not None:
        position = item.end()
        kind = "value" if item["value"] is not None else "bare" if item["bare"] is not None else "empty"
        yield *item.span(kind), position
        if item["sign"] == ")":
            return


def _last(path: str) -> str:
    """The name that a path ends in, without quotes."""
    return re.split(r"[./:]", path)[-1].strip(_AROUND)
