"""What the model takes for names, places and postcodes, and what stands directly beside it tells otherwise.

Codes of banks behind "BIC", units behind a number, the initials of a bill before its number, a number behind
the thing that has it. The rules only take away (`plausible`).
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Final

from shield.analyzer.context import label_before

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
_NOUN: Final = re.compile(r"(?<![^\W_])([a-z]{3,20})[^\S\n]\Z")
_BEFORE_CITIES: Final = frozenset("zip zipcode postcode pincode plz code in at to from near".split())
_COUNTED: Final = 3
_OF_ADDRESSES: Final = frozenset(
    """address addr area city town county state live lives living lived moved move located location place
    near around country region district street road lane drive avenue code codes postcode zip pin post postal
    mail verify confirmed confirm""".split()
)


def is_no_place_nor_name(text: str, start: int, end: int, words: Sequence[str]) -> bool:
    """Whether a name, place or address is a unit, a bank's code, a bill's initials or a day. Bounded."""
    # A letter alone is mostly an initial: "in 2019 W. Smith called".
    first = words[0]
    alone = len(words) == 1
    unit = first in _UNITS and (alone or len(first) > 1)
    if unit and _NUMBER_BEFORE.search(text, max(0, start - 3), start) is not None:
        return True
    # Nearly every name is told from these by its length or a character.
    if alone and end - start in _BANK_CODE_LENGTHS and _BANK_CODE.fullmatch(text, start, end):
        return not _BANKS.isdisjoint(label_before(text, start))
    if text.startswith(".", start + 1) and _INITIALS.fullmatch(text, start, end):
        return _NUMBER_AFTER.match(text, end) is not None
    return first[0].isdecimal() and _DAY_AND_MONTH.fullmatch(text, start, end) is not None


def is_counting(words: Sequence[str]) -> bool:
    """Whether single digits, four or more, go up or down one by one: "1 2 3 4 5", "3 2 1 0 go"."""
    digits = [int(word) for word in words if word.isdecimal()]
    steps = {after - before for before, after in pairwise(digits)}
    return len(digits) > _COUNTED and steps in ({1}, {-1})


def is_no_postcode(text: str, start: int, goes_on: Collection[str]) -> bool:
    """Whether bare digits stand behind the thing that has them: "seal 119230", "meter reading 008841".

    `goes_on` are words after which a number stands for itself.
    """
    noun = _NOUN.search(text, max(0, start - 24), start)
    if noun is None or noun[1] in goes_on or noun[1] in _OF_ADDRESSES:
        return False
    # "my zip sunnyvale 94085", "i live in berlin 10115": a city is a noun, too
    return _BEFORE_CITIES.isdisjoint(text[max(0, noun.start() - 40) : noun.start()].lower().split()[-2:])
