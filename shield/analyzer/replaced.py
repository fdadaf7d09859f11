"""Recognizes replacements that an earlier write left in a text: `<PERSON>`, in HTML `&lt;PERSON&gt;`.

Platforms send whole threads again, so redacted text comes back. A replacement holds no personal data.
What operators with a key wrote is told by those (`Anonymizer.earlier`).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Container, Sequence
from operator import itemgetter
from typing import Final

_REPLACED: Final = re.compile(r"(?:<|&lt;)([A-Z][A-Z0-9_]{1,63})(?:>|&gt;)")
_BETWEEN: Final = " \t\r\n,;:"
_REACH: Final = 4 + 64  # code points: the opening, and the longest name


def may_hold(text: str) -> bool:
    """Whether the text may hold any; a cheap test."""
    return "<" in text or "&lt;" in text


def replaced(text: str, types: Container[str]) -> list[tuple[int, int]]:
    """The spans of replacements by one of the `types`, in order."""
    return [found.span() for found in _REPLACED.finditer(text) if found[1] in types]


def beside(text: str, start: int, end: int, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """`[start, end)` without replacements at its edges; empty where only punctuation is left."""
    whole = start, end
    at = max(0, bisect_right(spans, start, key=itemgetter(0)) - 1)
    while at < len(spans) and spans[at][0] <= start:
        if start < spans[at][1]:
            start = spans[at][1]
            while start < end and text[start] in _BETWEEN:
                start += 1
        at += 1
    at = bisect_left(spans, end, key=itemgetter(0)) - 1
    while at >= 0 and spans[at][1] >= end > spans[at][0]:
        end = spans[at][0]
        while end > start and text[end - 1] in _BETWEEN:
            end -= 1
        at -= 1
    return (start, end) if (start, end) == whole or any(map(str.isalnum, text[start:end])) else (start, start)


def in_replacement(text: str, label: int, end: int) -> bool:
    """Whether the label at `label` of a value up to `end` belongs to a replacement: `<PASSWORD> host`.

    An XML element in capitals looks the same, but its value follows directly, or an end tag follows that.
    """
    if label == 0 or text[label - 1] not in "<;_":
        return False
    first = max(0, label - _REACH)
    at = max(text.rfind("<", first, label), text.rfind("&lt;", first, label))
    around = _REPLACED.match(text, at) if at >= 0 else None
    if around is None or around.end() <= label or text[around.end() : around.end() + 1].isalnum():
        return False
    return not text.startswith(("</", "&lt;/"), end)
