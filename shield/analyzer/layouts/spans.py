"""Places in a text, and how they are trimmed."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """`[start, end)` of a text, in code points."""

    start: int
    end: int


def trimmed(text: str, start: int, end: int) -> Span:
    """`[start, end)` without blanks at its ends; where it holds nothing else, it is empty."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
