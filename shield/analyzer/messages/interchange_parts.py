"""Segments of messages and their elements, and how a replacement is written into one.

Law: a segment has as many elements after an edit as before.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from shield.domain import KEEP, Edit

TAG_OF_LINE: Final = r"</?(?:br|p|div|li|pre)\b"
"""What ends a line in HTML, as an expression."""


class Element(NamedTuple):
    """`[start, end)` of the text, and the type that its position in the message gives it."""

    start: int
    end: int
    entity_type: str


class Part(NamedTuple):
    """A segment: `[start, end)`, what separates its elements, and whether it holds texts.

    `body` is where its first element begins; `escapes` write a delimiter as text. The elements of one that is
    `fixed` have fixed lengths. After `release` a sign stands for itself.
    """

    start: int
    body: int
    end: int
    delimiters: re.Pattern[str]
    free: bool
    escapes: Mapping[str, str]
    fixed: bool = False
    release: str = ""


class Interchange(NamedTuple):
    """What was read of the messages in a text."""

    elements: Sequence[Element]
    parts: Sequence[Part]


def split(text: str, start: int, end: int, sign: str) -> list[tuple[int, int]]:
    """The spans of `[start, end)` that the sign separates."""
    spans: list[tuple[int, int]] = []
    for piece in text[start:end].split(sign):
        spans.append((start, start + len(piece)))
        start += len(piece) + len(sign)
    return spans


def escaped(edits: Sequence[Edit], parts: Sequence[Part], text: str) -> list[Edit]:
    """The edits of a text, with delimiters of its messages that they would put into a segment escaped.

    What stood in the replaced text stays: an operator such as `mask` leaves it there.
    """
    starts = [part.start for part in parts]
    written: list[Edit] = []
    for edit in edits:
        at = bisect_right(starts, edit.start) - 1
        if at >= 0 and edit.end <= parts[at].end and edit.operator != KEEP:
            part = parts[at]
            replaced, escapes = text[edit.start : edit.end], part.escapes
            said = "".join(
                escapes.get(sign, sign) if sign not in replaced else sign for sign in edit.replacement
            )
            if part.fixed:
                said = said[: len(replaced)].ljust(len(replaced))
            start = edit.start
            if _is_released(text, start, part) and said[:1] != replaced[:1]:
                # Left alone, the sign that releases would release what comes next.
                start -= 1 if not written or written[-1].end < start else 0
            edit = edit._replace(start=start, replacement=said)  # noqa: PLW2901
        written.append(edit)
    return written


def _is_released(text: str, place: int, part: Part) -> bool:
    """Whether a sign stands before the place that lets the next one stand for itself."""
    begin = place
    while begin > part.body and text[begin - 1] == part.release:
        begin -= 1
    return (place - begin) % 2 == 1
