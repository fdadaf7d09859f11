"""Recognizes what the model takes for a name or a place, and what by its form is none.

Such are bank codes after "BIC" or `:52A:`, units after a number, the initials of a bill before its number,
and rows of single letters. Each test reads a bounded number of characters.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from shield.analyzer.surroundings import label_before

_UNITS: Final = frozenset(
    """g kg mg l ml cl dl m mm cm km ft w kw wh kwh mah v kv hz khz mhz ghz nm ppi dpi rpm db bar psi px
    ppm""".split()
)
_BANK_CODE: Final = re.compile(r"[A-Z]{6}[A-Z\d]{2}(?:[A-Z\d]{3})?")
_BANK_CODE_LENGTHS: Final = frozenset((8, 11))
_BANKS: Final = frozenset(("bic", "swift"))
_PARTY_BY_CODE: Final = re.compile(r":5\dA:\Z")
"""The tag of a SWIFT message's field that names a party by its bank code (option A)."""
_INITIALS: Final = re.compile(r"(?:[HSRJ]\.\s?){1,3}")
_NUMBER_AFTER: Final = re.compile(r"\s?(?:[HSRJ]\.\s?){0,3}\s?\d{1,4}(?![\d\w]|\s[A-Z])")
_NUMBER_BEFORE: Final = re.compile(r"\d[^\S\n]?\Z")
_DAY_AND_MONTH: Final = re.compile(r"(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])")
_REGIONS: Final = frozenset("emea apac latam anz dach mena noram japac apj north south east west".split())
"""What companies call regions of the world, or of a country: nobody's address."""
_LEAST: Final = 3  # letters of an alphabet
_BETWEEN_LETTERS: Final = frozenset(("and", "double", "dash"))
_ARTICLE_AND_NOUN: Final = re.compile(
    r"(?:Le|La|Les|El|Los|Las|Der|Die|Das|Il|Gli|Un|Une|Una|Ein|Eine|Het|Een)[ ][a-zà-ÿ]"
)


def is_no_place_nor_name(text: str, start: int, end: int, words: Sequence[str]) -> bool:
    """Whether a name, place or address is a unit, a bank's code, a bill's initials or a day."""
    # A letter alone is mostly an initial: "in 2019 W. Smith called".
    first = words[0]
    alone = len(words) == 1
    if _REGIONS.issuperset(words):
        return True
    unit = first in _UNITS and (alone or len(first) > 1)
    if unit and _NUMBER_BEFORE.search(text, max(0, start - 3), start) is not None:
        return True
    # Length or a single character distinguishes nearly every name from these.
    if alone and end - start in _BANK_CODE_LENGTHS and _BANK_CODE.fullmatch(text, start, end):
        if _PARTY_BY_CODE.search(text, max(0, start - 5), start) is not None:
            return True
        return not _BANKS.isdisjoint(label_before(text, start))
    if text.startswith(".", start + 1) and _INITIALS.fullmatch(text, start, end):
        return _NUMBER_AFTER.match(text, end) is not None
    return first[0].isdecimal() and _DAY_AND_MONTH.fullmatch(text, start, end) is not None


def is_row_of_letters(words: Sequence[str]) -> bool:
    """Whether all words are letters said one by one, of a name or of the number of a thing."""
    return len(words) > 1 and all(len(word) == 1 or word in _BETWEEN_LETTERS for word in words)


def is_alphabet(words: Sequence[str]) -> bool:
    """Whether the letters are the first ones of the alphabet: "options a b c and d"."""
    letters = [word for word in words if len(word) == 1]
    steps = {ord(after) - ord(before) for before, after in pairwise(letters)}
    return len(letters) >= _LEAST and letters[0] == "a" and steps == {1}


def is_start_of_clause(text: str, start: int, end: int) -> bool:
    """Whether it is a capitalized article and a word without a capital: "Le lave-linge"."""
    return _ARTICLE_AND_NOUN.match(text, start, end) is not None
