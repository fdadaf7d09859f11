"""Cuts tokens into word pieces for the encoder: BERT's uncased WordPiece over existing tokens.

A token is represented by its first pieces only (`PIECES_MAX`); its case or the length of a number, which they
lose, is a separate input (`case`). Pieces are cached in a table that is emptied when it is full.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

PIECES_MAX: Final = 4
CASES: Final = 17
START: Final = 101
END: Final = 102
_UNKNOWN: Final = 100
_REMEMBERED: Final = 20_000
_IDEOGRAPHS: Final = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2CEAF),
    (0x2F800, 0x2FA1F),
)


def case(word: str) -> int:
    """The class of a word's form, which uncased word pieces lose.

    0 neither letters nor digits, 1 lower, 2 capitalised, 3 all capitals (two or more), 4 mixed, then 5 to 16:
    a run of one to twelve (or more) digits, since only the first pieces of a long number are read.
    """
    if word.isdigit():
        return 4 + min(len(word), 12)
    if not any(c.isalpha() for c in word):
        return 0
    if word.islower():
        return 1
    if word.isupper():
        return 3 if len(word) > 1 else 2
    return 2 if word[0].isupper() and word[1:].islower() else 4


class WordPieces:
    """Gives the ids of a token's pieces, from a vocabulary in the order of its ids."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._ids = {piece: number for number, piece in enumerate(vocabulary)}
        self._longest = max(map(len, vocabulary))
        self._remembered: dict[str, list[int]] = {}

    def of(self, word: str) -> list[int]:
        """At most `PIECES_MAX` ids, at least one."""
        known = self._remembered.get(word)
        if known is not None:
            return known
        ids: list[int] = []
        for part in _parts(word):
            ids += self._greedy(part)
            if len(ids) >= PIECES_MAX:
                break
        ids = ids[:PIECES_MAX] or [_UNKNOWN]
        if len(self._remembered) >= _REMEMBERED:
            self._remembered.clear()
        self._remembered[word] = ids
        return ids

    def _greedy(self, part: str) -> list[int]:
        """The longest pieces from the left; the whole part is unknown where no piece fits."""
        ids: list[int] = []
        start = 0
        while start < len(part):
            for end in range(min(len(part), start + self._longest), start, -1):
                piece = part[start:end] if start == 0 else "##" + part[start:end]
                number = self._ids.get(piece)
                if number is not None:
                    ids.append(number)
                    start = end
                    break
            else:
                return [_UNKNOWN]
        return ids


def _parts(word: str) -> list[str]:
    """`word` in lower case without accents and control characters, cut at punctuation and ideographs."""
    if word.isascii() and word.isalnum():
        return [word.lower()]
    parts = [""]
    for c in unicodedata.normalize("NFD", word):
        category = unicodedata.category(c)
        if category == "Mn" or (category[0] == "C" and category != "Co"):
            continue
        if category[0] == "P" or (c.isascii() and not c.isalnum()) or _is_ideograph(ord(c)):
            parts += [c, ""]
        else:
            parts[-1] += c.lower()
    return [part for part in parts if part]


def _is_ideograph(code: int) -> bool:
    return any(first <= code <= last for first, last in _IDEOGRAPHS)
