"""Finds the runs of digits and phone punctuation that can hold a phone number, and where to read them.

`phonenumbers` reads only these: a text has few of them, and reading it costs a pass for each region.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_PUNCTUATION: Final = (
    " \u00a0\u00ad\u200b\u2060\u3000()\uff08\uff09\\[\\]\uff3b\uff3d.\uff0e/\uff0f~\u2053\u223c\uff5e"
    "\\-\u2010-\u2015\u2212\u30fc\uff0dx"
)
# An expression that begins with a class is faster to find than one with an optional beginning.
_RUN: Final = re.compile(
    rf"[+\uff0b(\uff08\[\uff3b\d](?>(?<=\d)|[+\uff0b(\uff08\[\uff3b]{{0,2}}\d)(?:[{_PUNCTUATION}]{{0,4}}\d){{6,}}+"
)
# The same for ASCII: `re` looks a plain class up in a table. After a digit that begins no match, none begins.
_ASCII_RUN: Final = re.compile(
    r"[+(\[0-9](?>(?<=[0-9])(?<![0-9].)|(?<![0-9])[+(\[]{0,2}[0-9])(?:[ ()\[\]./~\-x]{0,4}+[0-9]){6,}+",
    re.ASCII,
)
_SEVEN: Final = re.compile(r"\d(?:\D{0,4}\d){6}")
_LEAST_DIGITS: Final = 7
_BLOCK: Final = re.compile(r"\d{18,}")
"""More digits than a number has, with nothing between them: they are not read."""
_SHORTER_THAN_BLOCK: Final = 17  # code points of a run that holds no such block
_MANY: Final = 64  # code points of a run that surely holds enough digits
_SINGLE: Final = re.compile(r"(?<!\d)\d(?!\d)")
_ROW: Final = 0.7  # share of single digits from which a long run is a row of digits
_WINDOW: Final = 200  # code points of a run that are read at a time
_OVERLAP: Final = 40  # code points of these that the next window reads again
_DIGIT: Final = re.compile(r"\d")
# What may stand between a number and an extension, or a time; as in `phonenumbers`.
_EXTENSION: Final = re.compile(
    r"[ \u00a0\t,;.(]{0,8}(?:e?xt|доб|anexo|int|x|#|~|\uff58|\uff03|\uff5e|,|;|:)", re.IGNORECASE
)
_EXTENDED: Final = re.compile(rf"{_EXTENSION.pattern}\D{{0,9}}\d", re.IGNORECASE)
_AFTER: Final = 32  # code points behind a run that are read for an extension


def may_hold(text: str) -> bool:
    """Whether a text has seven digits close enough for a number; cheap."""
    return len(text) >= _LEAST_DIGITS and _SEVEN.search(text) is not None


def runs(text: str) -> list[tuple[int, int]]:
    """Runs of digits and phone punctuation that can hold a number, each of seven digits or more."""
    found: list[tuple[int, int]] = []
    for match in (_ASCII_RUN if text.isascii() else _RUN).finditer(text):
        start, end = match.span()
        if end - start > _SHORTER_THAN_BLOCK and _BLOCK.search(text, start, end):
            for low, high in _without_blocks(text, start, end):
                if high - low > _MANY or digits_in(text, low, high) >= _LEAST_DIGITS:
                    found.append((low, high))  # as the outer loop would
        else:
            found.append((start, end))
    return found


def windows(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A run in overlapping windows of bounded length; nothing for a long row of single digits."""
    if end - start > _WINDOW and len(_SINGLE.findall(text, start, end)) >= _ROW * digits_in(text, start, end):
        return
    while end - start > _WINDOW:
        cut = start + _WINDOW
        yield start, cut
        start = cut - _OVERLAP
    yield start, end


def end_of_reading(text: str, end: int) -> int:
    """Where to stop reading behind a run: after an extension or a time, else before the next digit."""
    following = text[end : end + _AFTER]
    digit = _DIGIT.search(following)
    if digit is None or _EXTENSION.match(following):
        return end + len(following)
    return end + digit.start()


def is_extended(text: str, end: int) -> bool:
    """Whether an extension may follow a number that ends there."""
    return _EXTENDED.match(text, end) is not None


def digits_in(text: str, start: int, end: int) -> int:
    """How many digits `[start, end)` has."""
    return sum(map(str.isdigit, text[start:end]))


def _without_blocks(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The pieces of a run between blocks of digits that are too long for a number."""
    pieces = []
    for block in _BLOCK.finditer(text, start, end):
        pieces.append((start, block.start()))
        start = block.end()
    pieces.append((start, end))
    return [(low, high) for low, high in pieces if high - low >= _LEAST_DIGITS]
