"""Recognizes what the model takes for a name, a place or a postcode, and what by its form is none.

Such are bank codes after "BIC", units after a number, the initials of a bill before its number, rows of
single letters or digits, and a number after the thing that has it. Each test reads a bounded number of
characters.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Final

from shield.analyzer.plausibility.pieces_of_code import is_code_of_letters
from shield.analyzer.surroundings import label_before

_UNITS: Final = frozenset(
    """g kg mg l ml cl dl m mm cm km ft w kw wh kwh mah v kv hz khz mhz ghz nm ppi dpi rpm db bar psi px
    ppm""".split()
)
_BANK_CODE: Final = re.compile(r"[A-Z]{6}[A-Z\d]{2}(?:[A-Z\d]{3})?")
_BANK_CODE_LENGTHS: Final = frozenset((8, 11))
_BANKS: Final = frozenset(("bic", "swift"))
_INITIALS: Final = re.compile(r"(?:[HSRJ]\.\s?){1,3}")
_NUMBER_AFTER: Final = re.compile(r"\s?(?:[HSRJ]\.\s?){0,3}\s?\d{1,4}(?![\d\w]|\s[A-Z])")
_NUMBER_BEFORE: Final = re.compile(r"\d[^\S\n]?\Z")
_DAY_AND_MONTH: Final = re.compile(r"(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])")
_REGIONS: Final = frozenset("emea apac latam anz dach mena noram japac apj north south east west".split())
"""What companies call regions of the world, or of a country: nobody's address."""
_OUTWARD: Final = re.compile(r"[A-Za-z]{1,2}\d[A-Za-z\d]?")
_LONGEST_OUTWARD: Final = 4  # code points
_COUNTED: Final = 3  # digits or letters that may be a row by chance
_BETWEEN_LETTERS: Final = frozenset(("and", "double", "dash"))
_NOUN: Final = re.compile(r"(?<![^\W_])([a-z]{3,20})[^\S\n]\Z")
_NOUN_REACH: Final = 24  # code points of a noun and the blank after it
_BEFORE_CITIES: Final = frozenset("zip zipcode postcode pincode plz code in at to from near".split())
_CITY_REACH: Final = 40  # code points of the two words before a noun
_OF_ADDRESSES: Final = frozenset(
    """address addr area city town county state live lives living lived moved move located location place
    near around country region district street road lane drive avenue code codes postcode zip pin post postal
    mail verify confirmed confirm""".split()
)
"""Words directly before a postcode."""
_MISTYPED: Final = ("zip", "post", "pinco", "pincd")  # "zipode 652001", "postcde 10115"
_ARTICLE_AND_NOUN: Final = re.compile(
    r"(?:Le|La|Les|El|Los|Las|Der|Die|Das|Il|Gli|Un|Une|Una|Ein|Eine|Het|Een)[ ][a-zà-ÿ]"
)


def is_no_place_nor_name(text: str, start: int, end: int, words: Sequence[str]) -> bool:
    """Whether a name, place or address is a unit, a bank's code, a bill's initials or a day."""
    # A letter alone is mostly an initial: "in 2019 W. Smith called".
    first = words[0]
    alone = len(words) == 1
    if _REGIONS.issuperset(words) or (alone and is_code_of_letters(text, start, end)):
        return True
    unit = first in _UNITS and (alone or len(first) > 1)
    if unit and _NUMBER_BEFORE.search(text, max(0, start - 3), start) is not None:
        return True
    # Length or a single character distinguishes nearly every name from these.
    if alone and end - start in _BANK_CODE_LENGTHS and _BANK_CODE.fullmatch(text, start, end):
        return not _BANKS.isdisjoint(label_before(text, start))
    if text.startswith(".", start + 1) and _INITIALS.fullmatch(text, start, end):
        return _NUMBER_AFTER.match(text, end) is not None
    return first[0].isdecimal() and _DAY_AND_MONTH.fullmatch(text, start, end) is not None


def is_no_code_of_places(text: str, start: int, end: int, before: Sequence[str]) -> bool:
    """Whether an apparent postcode is a port, a plan ("P2") or an id."""
    if before and before[-1] == "id":
        return True
    return end - start <= _LONGEST_OUTWARD and _OUTWARD.fullmatch(text, start, end) is not None


def is_no_postcode(text: str, start: int, goes_on: Collection[str]) -> bool:
    """Whether bare digits follow the thing that has them: "seal 119230", "meter reading 008841".

    `goes_on` are words after which a number stands for itself.
    """
    noun = _NOUN.search(text, max(0, start - _NOUN_REACH), start)
    if noun is None or noun[1] in goes_on or noun[1] in _OF_ADDRESSES or noun[1].startswith(_MISTYPED):
        return False
    # "my zip sunnyvale 94085", "i live in berlin 10115": a city is a noun, too
    before = text[max(0, noun.start() - _CITY_REACH) : noun.start()].lower().split()
    return _BEFORE_CITIES.isdisjoint(before[-2:])


def is_counting(words: Sequence[str]) -> bool:
    """Whether four or more single digits go up or down one by one: "1 2 3 4 5", "3 2 1 0 go"."""
    digits = [int(word) for word in words if word.isdecimal()]
    steps = {after - before for before, after in pairwise(digits)}
    return len(digits) > _COUNTED and steps in ({1}, {-1})


def is_row_of_letters(words: Sequence[str]) -> bool:
    """Whether all words are letters said one by one, of a name or of the number of a thing."""
    return len(words) > 1 and all(len(word) == 1 or word in _BETWEEN_LETTERS for word in words)


def is_alphabet(words: Sequence[str]) -> bool:
    """Whether the letters are the first ones of the alphabet: "options a b c and d"."""
    letters = [word for word in words if len(word) == 1]
    steps = {ord(after) - ord(before) for before, after in pairwise(letters)}
    return len(letters) >= _COUNTED and letters[0] == "a" and steps == {1}


def is_start_of_clause(text: str, start: int, end: int) -> bool:
    """Whether it is a capitalized article and a word without a capital: "Le lave-linge"."""
    return _ARTICLE_AND_NOUN.match(text, start, end) is not None
