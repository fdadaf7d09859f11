"""Recognizes what the model takes for a postcode, and what by its form or the words before it is none.

Such are a plan ("P2"), an id, digits that count, and a number behind the thing that has it. Each test reads a
bounded number of characters.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Final

_OUTWARD: Final = re.compile(r"[A-Za-z]{1,2}\d[A-Za-z\d]?")
_LONGEST_OUTWARD: Final = 4  # code points
_COUNTED: Final = 3  # digits that may be a row by chance
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
