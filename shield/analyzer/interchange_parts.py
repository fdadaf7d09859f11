"""Segments of messages and their elements, and how a replacement is written into one.

Law: a segment has as many elements after an edit as before.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shield.domain import Edit


class Element(NamedTuple):
    """`[start, end)` of the text, and the type that its position in the message gives it."""

    start: int
    end: int
    entity_type: str


class Part(NamedTuple):
    """A segment: `[start, end)`, what separates its elements, and whether it holds texts.

    `body` is where its first element begins; `escapes` write a delimiter as text.
    """

    start: int
    body: int
    end: int
    delimiters: re.Pattern[str]
    free: bool
    escapes: Mapping[str, str]


class Interchange(NamedTuple):
    """What was read of the messages in a text."""

    elements: Sequence[Element]
    parts: Sequence[Part]


def escaped(edits: Sequence[Edit], parts: Sequence[Part], text: str) -> list[Edit]:
    """The edits of a text, with delimiters of its messages that they would put into a segment escaped.

    What stood in the replaced text stays: an operator such as `mask` leaves it there.
    """
    starts = [part.start for part in parts]
    written = []
    for edit in edits:
        at = bisect_right(starts, edit.start) - 1
        if at >= 0 and edit.end <= parts[at].end and edit.operator != "keep":
            replaced, escapes = text[edit.start : edit.end], parts[at].escapes
            said = "".join(
                escapes.get(sign, sign) if sign not in replaced else sign for sign in edit.replacement
            )
            edit = edit._replace(replacement=said)  # noqa: PLW2901
        written.append(edit)
    return written
