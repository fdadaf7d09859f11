"""Removes quotation marks and brackets that a model sometimes includes at the ends of a value."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

from shield.analyzer.layouts.spans import trimmed

_CLOSING: Final = MappingProxyType(
    {
        '"': '"',
        "'": "'",
        "`": "`",
        "“": "”",
        "„": "“",
        "\u2018": "\u2019",
        "«": "»",
        "{": "}",
        "[": "]",
        "(": ")",
    }
)
_OPENING: Final = MappingProxyType(
    {closing: "".join(o for o, c in _CLOSING.items() if c == closing) for closing in _CLOSING.values()}
)
QUOTES: Final = frozenset("\"'`")
"""Marks that open and close alike."""
_ENDS: Final = frozenset(_CLOSING) | frozenset(_OPENING)
_PAIRED: Final = frozenset("(")  # both brackets belong to a phone number in brackets
_ESCAPE: Final = "\\"
_REACH: Final = 4
_BEHIND_MARK: Final = re.compile(r"""([\"'`])[^\w\s]+\Z""")


def unquoted(text: str, start: int, end: int) -> tuple[int, int]:
    """`[start, end)` without the marks at its ends that quote it, or whose other half is not in it.

    In `phone: "415-555-0132"` a model finds `"415-555-0132`. Replacing the mark too would break the JSON,
    code or markup that the text is. A pair within stays: `Robert "Bob"`, `(415) 555-0132`. An escape before a
    mark is removed with it.
    """
    whole = (start, end)
    while start < end:
        before = (start, end)
        end = _end(text, start, end)
        start, end = _start(text, start, end)
        if (start, end) == before:
            break
    return trimmed(text, start, end) if (start, end) != whole else whole


def _end(text: str, start: int, end: int) -> int:
    """The end without the mark or escape before it, where that quotes the value or lacks its other half."""
    last = text[end - 1]
    if last in _ENDS:
        return end if _is_opened(text, last, start, end - 1) else end - 1
    if last == _ESCAPE and text[end : end + 1] in _ENDS:
        return end - 1
    behind = _BEHIND_MARK.search(text, max(start, end - _REACH), end)  # of an attribute: `12 Oak Street"/`
    return end if behind is None or _is_opened(text, behind[1], start, behind.start()) else behind.start()


def _start(text: str, start: int, end: int) -> tuple[int, int]:
    """The same for the start; marks on both sides are left out together."""
    if start >= end:
        return start, end
    first = text[start]
    if first in _ENDS:
        closing = _CLOSING.get(first)
        at = -1 if closing is None else text.find(closing, start + 1, end)
        if at == end - 1 and first not in _PAIRED:
            return start + 1, end - 1
        return (start, end) if at >= 0 else (start + 1, end)
    return (start + 1, end) if first == _ESCAPE and text[start + 1 : start + 2] in _ENDS else (start, end)


def _is_opened(text: str, mark: str, start: int, end: int) -> bool:
    """Whether the opening half of a closing mark is in `[start, end)`."""
    return any(text.find(opening, start, end) >= 0 for opening in _OPENING.get(mark, ""))
