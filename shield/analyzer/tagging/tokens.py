"""Text to tokens, in one linear pass and without a vocabulary.

A token is a run of letters (with their combining marks), a run of digits, or one other character; white
space is never part of one. Runs are cut at a fixed length, so that no input makes a token that is longer
than a feature needs. A token knows what stood before it, because a line break is the strongest sign that a
name, an address or a value of a form begins or ends there.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

LETTERS_MAX: Final = 40
DIGITS_MAX: Final = 24

JOINED: Final = 0  # the token follows its neighbour without white space
SPACED: Final = 1
BROKEN: Final = 2  # a line break lies between, or the text begins here

_TOKEN: Final = re.compile(
    # Combining marks are no letters for `re` (\w leaves out Mn and Mc); those of the scripts of names are
    # listed, since a Hindi or a decomposed Latin name would else fall into single characters.
    r"(?:[^\W\d_][\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093a-\u094f"
    r"\u0981-\u0983\u09bc-\u09cd\u0e31-\u0e3a\u0e47-\u0e4e\u200c\u200d]*){1,40}"
    r"|[0-9]{1,24}"
    r"|\S"
)


class Token(NamedTuple):
    """`start` and `end` are code points of the text; `gap` is JOINED, SPACED or BROKEN."""

    text: str
    start: int
    end: int
    gap: int


def tokenize(text: str) -> list[Token]:
    """The tokens of `text`, in order. Every character but white space is in exactly one of them."""
    tokens: list[Token] = []
    append = tokens.append
    end = 0
    gap = BROKEN
    for match in _TOKEN.finditer(text):
        start = match.start()
        if end and start == end:
            gap = JOINED
        elif end:
            between = text[end:start]
            gap = BROKEN if "\n" in between or "\r" in between else SPACED
        end = match.end()
        append(Token(match.group(), start, end, gap))
    return tokens
