"""The features of tokens: hashed forms, a row of the word table, the shape, and the gap before.

Nothing here grows with what is read: forms are hashed into tables of fixed size, the word table is frozen.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

from shield.analyzer.tagging.tokens import Tokens

NORM_ROWS: Final = 16384
AFFIX_ROWS: Final = 4096
SHAPE_ROWS: Final = 512
GAP_ROWS: Final = 3
COLUMNS: Final = 7  # word, norm, norm (second hash), prefix, suffix, shape, gap
DRAWN: Final = 4  # characters of a run in a shape

IntArray = npt.NDArray[np.int32]


def normal_form(word: str) -> str:
    """`word` compatibility-folded, without accents, in lower case, digits as `0`: a key of the word table."""
    if word.isascii():
        lower = word.lower()
    else:
        decomposed = unicodedata.normalize("NFKD", word)
        lower = "".join(c for c in decomposed if not unicodedata.combining(c)).lower() or word
    return "0" * min(len(lower), 12) if lower[:1].isdigit() else lower


def shape(word: str) -> str:
    """Upper case as X, lower as x, digits as d, other letters as o; a run is cut to four characters.

    A number keeps its length up to twelve, as that tells a year from a card.
    """
    if word.isdigit():
        return "d" * min(len(word), 12)
    drawn: list[str] = []
    last = ""
    run = 0
    for c in word[:24]:
        kind = (
            "X" if c.isupper() else "x" if c.islower() else "d" if c.isdigit() else "o" if c.isalpha() else c
        )
        run = run + 1 if kind == last else 1
        last = kind
        if run <= DRAWN:
            drawn.append(kind)
    return "".join(drawn)


class Features:
    """Makes rows of integers from tokens, with a word table (`normal_form` to a row; row 0: not in it).

    Nothing is cached here; `known_tokens.py` caches what the model computes from these.
    """

    def __init__(self, words: Mapping[str, int]) -> None:
        self._words = words

    def of_word(self, word: str) -> tuple[int, ...]:
        """All columns but the gap."""
        norm = normal_form(word)
        code = norm.encode("utf-8", "surrogatepass")
        # A number is hashed by its digits (a year, a dialling code); its length is in the shape.
        raw = word.lower()[:40].encode("utf-8", "surrogatepass")
        return (
            self._words.get(norm, 0),
            crc32(raw) % NORM_ROWS,
            crc32(raw, 0x9E3779B9) % NORM_ROWS,
            crc32(word[:3].lower().encode("utf-8", "surrogatepass"), 1) % AFFIX_ROWS,
            crc32(code[-3:], 2) % AFFIX_ROWS,
            crc32(shape(word).encode("utf-8", "surrogatepass"), 3) % SHAPE_ROWS,
        )

    def of_tokens(self, tokens: Tokens) -> IntArray:
        """One row of `COLUMNS` integers for each token."""
        return self.of_keys([*zip(tokens.texts, tokens.gaps, strict=True)])

    def of_keys(self, keys: Sequence[tuple[str, int]]) -> IntArray:
        """The same for tokens without positions, each with its gap."""
        rows = [(*self.of_word(word), gap) for word, gap in keys]
        return np.array(rows, dtype=np.int32).reshape(-1, COLUMNS)
