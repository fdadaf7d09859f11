"""Folds text for Hyperscan (ASCII as it is, `?` for any other character), and classes to match it.

Where `re` and `regex` differ, or case folding beyond ASCII matters, a class holds what either may match.
"""

from __future__ import annotations

import re._constants as sre  # type: ignore[import-not-found]  # not in the stubs
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

_OTHER = ord("?")  # stands for every non-ASCII character in the folded text
WORD = frozenset(map(ord, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"))
DIGITS = frozenset(map(ord, "0123456789"))
_SPACE = frozenset(map(ord, " \t\n\r\f\v"))
_SPACE_DOUBT = frozenset(range(0x1C, 0x20))  # space to `re`, not to `regex`
ASCII = frozenset(range(128))
# Simple case folding ties these ASCII letters to U+0130, U+212A and U+017F (and U+0131).
_FOLDS_BEYOND_ASCII = frozenset(map(ord, "iIkKsS"))
_TIED = (0x130, 0x131, 0x17F, 0x212A)
_CATEGORIES = {
    sre.CATEGORY_DIGIT: (DIGITS, frozenset[int]()),
    sre.CATEGORY_NOT_DIGIT: (ASCII - DIGITS, frozenset[int]()),
    sre.CATEGORY_SPACE: (_SPACE, _SPACE_DOUBT),
    sre.CATEGORY_NOT_SPACE: (ASCII - _SPACE - _SPACE_DOUBT, _SPACE_DOUBT),
    sre.CATEGORY_WORD: (WORD, frozenset[int]()),
    sre.CATEGORY_NOT_WORD: (ASCII - WORD, frozenset[int]()),
}


def fold(text: str) -> bytes:
    """The text as the weakened expressions see it: one byte per code point."""
    return text.encode("ascii", "replace")


def fold_each(texts: Sequence[str]) -> list[bytes]:
    """`fold` of each; faster than one by one for many short texts."""
    if len(texts) == 1:
        return [fold(texts[0])]
    together = fold("".join(texts))
    ends = list(accumulate(map(len, texts), initial=0))
    return [together[start:end] for start, end in pairwise(ends)]


def has_digit(folded: bytes) -> bool:
    """Whether a folded text has an ASCII digit; deleting them is faster than a search that finds none."""
    return len(folded.translate(None, b"0123456789")) < len(folded)


def members(items: Sequence[Any], *, ignorecase: bool) -> frozenset[int]:
    """The folded characters that a class may match."""
    certain: set[int] = set()
    doubtful: set[int] = set()
    negate = False
    beyond = False
    wide = False
    tied = False  # to an ASCII letter by case folding
    for operator, argument in items:
        if operator is sre.NEGATE:
            negate = True
        elif operator is sre.LITERAL:
            certain.add(argument)
        elif operator is sre.RANGE:
            low, high = argument
            certain.update(range(low, min(high, 127) + 1))
            wide |= high > 127  # noqa: PLR2004  the end of ASCII
            tied |= any(low <= code <= high for code in _TIED)
        elif operator is sre.CATEGORY:
            sure, unsure = _CATEGORIES[argument]
            certain |= sure
            doubtful |= unsure
            beyond = True
        else:
            return ASCII
    wide |= any(code > 127 for code in certain)  # noqa: PLR2004  the end of ASCII
    beyond |= wide
    ascii_members = {code for code in certain if code < 128}  # noqa: PLR2004  the end of ASCII
    if ignorecase:
        ascii_members |= {ord(chr(code).swapcase()) for code in ascii_members}
        if tied or not certain.isdisjoint(_TIED):
            doubtful |= _FOLDS_BEYOND_ASCII
        beyond |= bool(ascii_members & _FOLDS_BEYOND_ASCII)
    if negate:
        return (ASCII - (ascii_members - doubtful)) | {_OTHER}
    return frozenset(ascii_members | doubtful | ({_OTHER} if beyond else set()))


def character_class(characters: frozenset[int], *, caseless: bool) -> str:
    """The expression for one of these folded characters; for none, one that never matches."""
    if not characters:
        return r"[^\x00-\xff]"  # nothing
    if caseless:
        characters = frozenset(ord(chr(code).lower()) for code in characters)
    ranges: list[tuple[int, int]] = []
    for code in sorted(characters):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1] = (ranges[-1][0], code)
        else:
            ranges.append((code, code))
    body = "".join(_escaped(a) if a == b else f"{_escaped(a)}-{_escaped(b)}" for a, b in ranges)
    return f"[{body}]" if len(characters) > 1 else body


def _escaped(code: int) -> str:
    return chr(code) if chr(code).isalnum() else f"\\x{code:02x}"
