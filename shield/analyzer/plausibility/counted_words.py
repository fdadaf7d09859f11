"""Rejects names that are numbers and dates in words of other languages: "mil duzentos", "veertien juli".

A model trained mostly on English takes such words for names. Its finding is dropped where all its words are
numbers of one language, in lower case, or where it is the month behind a day.
"""

# ruff: noqa: SIM905  # tables of words, as many a line as fit, read best as prose
from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from shield.analyzer import months
from shield.analyzer.views.number_words import ENGLISH, EVERY, Said, said_words

_KINDS: Final = frozenset({Said.DIGIT, Said.TEEN, Said.TENS, Said.HUNDRED, Said.HUNDREDS, Said.THOUSAND})
_NAMES: Final = frozenset("otto dix tres due dos sei sette nove nul sto een cinco onze seis tre ein".split())
"""Numbers that are names by themselves, or words of names."""
_BETWEEN: Final = frozenset("e y i et und en".split())
_DAY_BEFORE: Final = re.compile(r"(?:\A|[^\w.])([^\W_]{1,24})\.?\s(?:de\s|di\s|of\s)?\Z")
_DAY_REACH: Final = 32
_ORDINAL: Final = re.compile(
    r"premier|primero|primeiro|primo|eerste|[^\W\d_]{2,20}te[rn]|[^\W\d_]{3,20}(?:nasty|nastego|dziestego)"
)


@functools.cache
def _numbers() -> Mapping[str, int]:
    """From a word to the languages, other than English, in which it is a number."""
    return MappingProxyType(
        {
            word: said.languages & ~ENGLISH
            for word, said in said_words().items()
            if said.said in _KINDS and said.languages & ~ENGLISH and len(word) > 1
        }
    )


def is_counted(text: str, start: int, words: Sequence[str]) -> bool:
    """Whether a span with these words, in lower case, is a number in words or the month of a date."""
    if not text[start].islower():
        return False
    if len(words) == 1:
        word = words[0]
        return (word in _numbers() and word not in _NAMES) or (
            word in months.ELSEWHERE and _is_behind_day(text, start)
        )
    languages = EVERY
    for word in words:
        if word not in _BETWEEN:
            languages &= _numbers().get(word, 0)
    return languages not in {0, EVERY}


def _is_behind_day(text: str, start: int) -> bool:
    before = _DAY_BEFORE.search(text, max(0, start - _DAY_REACH), start)
    if before is None:
        return False
    day = before[1].lower()
    return day in _numbers() or day.isdecimal() or _ORDINAL.fullmatch(day) is not None
