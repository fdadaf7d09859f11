"""Reads the cell of a name in an `INSERT INTO table (columns) VALUES (…)` by the name of its column.

`layouts.statements` reads every cell of every row as the value of a member; there a name must look like one,
and "nombre" or "display_name" of a table may be a thing's. A statement is evidence enough for a person.
"""

# ruff: noqa: E501  # patterns, one a line
from __future__ import annotations

import re
from typing import Final

from shield.analyzer.recognizers.labelled import Match

ROW: Final = r"insert[ ]{1,4}into[ ]{1,4}[\w.`\"\[\]]{1,64}[ ]{0,4}\((?P<columns>[^()\n]{4,200})\)\s{0,4}values\s{0,4}\((?P<row>[^()\n]{4,400})\)"
"""The first row of a statement, as a pattern with the groups `columns` and `row`."""
ROW_TRIGGER: Final = r"insert[ ]{1,4}into[ ]"
FIRST_NAMES: Final = re.compile(
    r"(?:first|given|fore)_?name|vorname|prenom|nombre|voornaam|imie", re.IGNORECASE
)
"""Names of columns of given names."""
LAST_NAMES: Final = re.compile(
    r"(?:last|family|sur|full|display)_?name|nachname|apellidos?|cognome|achternaam|sobrenome|nazwisko",
    re.IGNORECASE,
)
"""Names of columns of family names, or of whole names."""
_CELL: Final = re.compile(r"\s*(?:N?'((?:[^'\\]|'')*)'|\"([^\"]*)\"|([^,'\"]*))\s*(?:,|\Z)")
_BARE: Final = 3  # the group of a cell without quotes


def cell_of(match: Match, column: re.Pattern[str]) -> tuple[int, int] | None:
    """The span of the value in the first column with such a name, if it is a word in quotes.

    `match` is one of `ROW`.
    """
    columns = [name.strip(' `"[]') for name in match.group("columns").split(",")]
    place = next((place for place, name in enumerate(columns) if column.fullmatch(name)), None)
    if place is None:
        return None
    for number, cell in enumerate(_CELL.finditer(match.group("row"))):
        if number == place:
            group = cell.lastindex
            if group is None or group == _BARE or not any(map(str.isalpha, cell[group])):
                return None
            start = match.start("row")
            return start + cell.start(group), start + cell.end(group)
    return None
