"""Cuts text into tokens, in one linear pass and without a vocabulary.

A token is a run of letters (with their combining marks), a run of digits, or one other character; white
space is never part of one. Runs are cut at a fixed length, so no input makes a token longer than a feature
needs. A token records what separates it from the one before, as a line break is the strongest sign that a
name, an address or a form's value begins or ends there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, NamedTuple, overload

LETTERS_MAX: Final = 40
DIGITS_MAX: Final = 24

JOINED: Final = 0  # the token follows the one before without white space
SPACED: Final = 1
BROKEN: Final = 2  # a line break lies between, or the text begins here

# Combining marks are not letters to `re` (\w leaves out Mn and Mc); those of the scripts of names are
# listed, since otherwise a Hindi or decomposed Latin name would fall into single characters. Splitting a text
# at its tokens gives the white space before each token and the token by turns, so one pass gives both.
_MARKS: Final = (
    r"\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093a-\u094f"
    r"\u0981-\u0983\u09bc-\u09cd\u0e31-\u0e3a\u0e47-\u0e4e\u200c\u200d"
)
_TOKEN: Final = re.compile(rf"((?:[^\W\d_][{_MARKS}]*){{1,{LETTERS_MAX}}}|[0-9]{{1,{DIGITS_MAX}}}|\S)")
# The same tokens where there is no such mark, and where all is ASCII: most texts, and faster.
_MARKED: Final = re.compile(f"[{_MARKS}]")
_UNMARKED_TOKEN: Final = re.compile(rf"([^\W\d_]{{1,{LETTERS_MAX}}}|[0-9]{{1,{DIGITS_MAX}}}|\S)")
_ASCII_TOKEN: Final = re.compile(rf"([A-Za-z]{{1,{LETTERS_MAX}}}|[0-9]{{1,{DIGITS_MAX}}}|\S)")


def _pattern_for(text: str) -> re.Pattern[str]:
    if text.isascii():
        return _ASCII_TOKEN
    return _UNMARKED_TOKEN if _MARKED.search(text) is None else _TOKEN


class Token(NamedTuple):
    """`start` and `end` are code points of the text; `gap` is JOINED, SPACED or BROKEN."""

    text: str
    start: int
    end: int
    gap: int


class Tokens(Sequence[Token]):
    """The tokens of a text, by column: `texts` and `gaps`, one per token, and `bounds`, two per token."""

    __slots__ = ("_bounds", "_parts", "gaps", "texts")

    def __init__(
        self, texts: list[str], gaps: list[int], bounds: list[int] | None = None, parts: Sequence[str] = ()
    ) -> None:
        """Without `bounds`, `parts` is the text up to the last token: the gaps and the tokens by turns."""
        self.texts = texts
        self.gaps = gaps
        self._bounds = bounds
        self._parts = parts

    @property
    def bounds(self) -> list[int]:
        """By turns the start and the end of each token. Computed on demand; most texts do not need them."""
        if self._bounds is None:
            self._bounds = [*accumulate(map(len, self._parts))]
        return self._bounds

    def __len__(self) -> int:
        return len(self.texts)

    @overload
    def __getitem__(self, place: int) -> Token: ...
    @overload
    def __getitem__(self, place: slice) -> Tokens: ...
    def __getitem__(self, place: int | slice) -> Token | Tokens:
        if isinstance(place, slice):
            start, stop, _ = place.indices(len(self.texts))
            return Tokens(self.texts[start:stop], self.gaps[start:stop], self.bounds[2 * start : 2 * stop])
        text = self.texts[place]
        return Token(text, self.bounds[2 * place], self.bounds[2 * place + 1], self.gaps[place])


def tokenize(text: str) -> Tokens:
    """The tokens of `text`, in order. Every character but white space is in exactly one of them."""
    parts: list[str] = _pattern_for(text).split(text)
    texts = parts[1::2]
    if not texts:
        return Tokens([], [])
    parts.pop()  # the text after the last token
    blanks = parts[::2]
    if "\n" in text or "\r" in text:
        gaps = [
            (BROKEN if "\n" in blank or "\r" in blank else SPACED) if blank else JOINED for blank in blanks
        ]
    else:
        gaps = [SPACED if blank else JOINED for blank in blanks]
    gaps[0] = BROKEN
    return Tokens(texts, gaps, parts=parts)


def joined(texts: Sequence[Tokens]) -> Tokens:
    """The tokens of several texts, concatenated, without bounds."""
    return Tokens(
        [word for tokens in texts for word in tokens.texts],
        [gap for tokens in texts for gap in tokens.gaps],
        [],
    )
