"""Pairs fields of forms and queries of which one holds the name of the other's value.

`custom_fields[0][name]=SSN&custom_fields[0][value]=…` (PHP, Rails), `fields[0].name=…` (Spring, ASP.NET),
`field_name_1=…&field_value_1=…`, `key[]=…&value[]=…`: the names of the fields are read as the paths that
servers make of them, and labels apply there as in JSON.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from shield.domain import Location, Segment

ROOTS: Final = frozenset({"form", "query"})
_SIGN: Final = re.compile(r"(?:value|val|v|answer|response)[\])_-]?\d{0,3}\]?(?:\[\])?\Z", re.IGNORECASE)
"""How the name of a field that holds a value ends."""
_STEP: Final = re.compile(r"[^.\[\]]+")
_NUMBERED: Final = re.compile(r"(.*[^\W\d_])[_-]?(\d{1,3})", re.DOTALL)
_TAIL: Final = re.compile(r"(.+)[_-]([^\W\d_]+)", re.DOTALL)
_TAILS: Final = frozenset("name label key title question value val answer response".split())
_LONGEST: Final = 200  # code points of a name


def is_value(segment: Segment) -> bool:
    """Whether a form field, by its name, holds a value that another field names."""
    location = segment.location
    if segment.root not in ROOTS or len(location) != 2 or not isinstance(location[0], str):  # noqa: PLR2004
        return False
    return len(location[0]) <= _LONGEST and _SIGN.search(location[0]) is not None


def path_of(name: str) -> list[str | int]:
    """The steps of the path that a server makes of a field's name: `phone[1][area]`, `fields[0].name`."""
    return [int(it) if it.isdecimal() else it for it in _STEP.findall(name[:_LONGEST])]


def as_steps(segments: Sequence[Segment]) -> tuple[list[int], list[Segment]]:
    """The indices of the form fields' values, and these values at the locations that their names mean."""
    places = [
        place
        for place, it in enumerate(segments)
        if it.root in ROOTS and len(it.location) == 2 and len(str(it.location[0])) <= _LONGEST  # noqa: PLR2004
    ]
    return places, [replace(segments[place], location=_steps(segments[place])) for place in places]


def _steps(segment: Segment) -> Location:
    """The location that a field's name means: its number, if any, before the word that says what it holds."""
    name, occurrence = segment.location
    steps = path_of(str(name))
    last = steps[-1] if steps else name
    if isinstance(last, str):
        numbered = _NUMBERED.fullmatch(last)
        if numbered is not None:
            last = numbered[1]
        tail = _TAIL.fullmatch(last)
        cut = [tail[1], tail[2]] if tail is not None and tail[2].lower() in _TAILS else [last]
        number = [] if numbered is None else [int(numbered[2])]
        steps[-1:] = [*cut[:-1], *number, cut[-1]]
    return (occurrence, *steps)
