"""Spans of which a model left out a part: each with what belongs to it.

Each of these reads a bounded number of characters around the span.
"""

# ruff: noqa: RUF001  # patterns, one a line
from __future__ import annotations

import re
from typing import Final

from shield.analyzer.views.number_words import NATO

_ADDRESS_BEFORE: Final = re.compile(r"[\w.+\-]+\Z")
_ADDRESS_AFTER: Final = re.compile(r"[\w\-]*(?:\.[\w\-]+)*")
_SPELLED: Final = re.compile(r"(?<![\w'’])[a-z](?![\w'’])", re.IGNORECASE)
_LETTER: Final = rf"(?:[b-hj-z]|{'|'.join(NATO)})"
_LETTERS_BEFORE: Final = re.compile(rf"(?<![\w'’])(?:{_LETTER}[ ,\-]{{1,2}}){{1,2}}\Z", re.IGNORECASE)
_LETTERS_AFTER: Final = re.compile(rf"(?:[ ,\-]{{1,2}}{_LETTER}(?![\w'’])){{1,2}}", re.IGNORECASE)
_NUMBER_SAID: Final = (
    r"(?:oh|zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|"
    r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|double)"
)
_FLAT: Final = r"(?:flat|apartment|apt|unit|suite) "
_HOUSE_BEFORE: Final = re.compile(
    rf"(?<![\w'’-])(?:(?:{_FLAT})?(?:{_NUMBER_SAID}[ \-]){{1,3}}|{_FLAT})\Z", re.IGNORECASE
)
_HOUSE: Final = re.compile(rf"{_NUMBER_SAID}[ \-]|\d{{1,5}} ", re.IGNORECASE)
_SPELLED_REACH: Final = 24  # code points of two words of a spelling alphabet
_DOUBLED: Final = re.compile(r"[ ][A-Za-z](?![\w'’])")
_INITIALS: Final = re.compile(r"(?:[A-Z]\.[ ]?){1,4}")
_FAMILY: Final = re.compile(r" ?[^\W\d_a-z][\w'’\-]{1,29}")
_GIVEN: Final = re.compile(r"/[A-Z]{2,20}(?:[ ][A-Z]{2,20}){0,2}(?![^\W_])")
_LONGEST: Final = 60  # code points of a span with what belongs to it


def whole_address(text: str, start: int, end: int) -> tuple[int, int]:
    """An e-mail address that a model cut ("-admin@example.com" of it-admin@…), with all its characters.

    What stands on the line below it is none of it.
    """
    sign = text.find("@", start, end)
    if sign < 0:
        return start, end
    if (below := text.find("\n", sign, end)) > 0:
        end = below
    before = None
    if start and (text[start - 1].isalnum() or text[start - 1] in "_.+-"):
        before = _ADDRESS_BEFORE.search(text, max(0, start - _LONGEST), start)
    after = _ADDRESS_AFTER.match(text, end, end + _LONGEST)
    return before.start() if before is not None else start, after.end() if after is not None else end


def whole_spelled(text: str, start: int, end: int) -> tuple[int, int]:
    """A spelled postcode ("c one v two p") with the letters that a model left out on either side.

    Of a single word before it "a" and "i" are none of it.
    """
    if _SPELLED.search(text, start, min(end, start + _LONGEST)) is None:
        return start, end
    before = _LETTERS_BEFORE.search(text, max(0, start - _SPELLED_REACH), start)
    after = _LETTERS_AFTER.match(text, end, end + _SPELLED_REACH)
    return before.start() if before is not None else start, after.end() if after is not None else end


def whole_house(text: str, start: int, end: int) -> int:
    """Where a street address begins that is said, of which a model left out the first words of its number.

    "twelve oh one west pine drive", "flat nine, sixteen high street": what stands before a number in words.
    """
    if _HOUSE.match(text, start, end) is None:
        return start
    before = _HOUSE_BEFORE.search(text, max(0, start - _LONGEST), start)
    return before.start() if before is not None else start


def whole_name(text: str, start: int, end: int) -> int:
    """Where a name ends of which a model took the initials ("J." of J. Fairweather) or the first of two.

    Tickets of airlines have MORALES/ANA MRS; a spelled name goes on after "double".
    """
    if text.endswith("double", start, end) and (doubled := _DOUBLED.match(text, end)) is not None:
        return doubled.end()
    if text.startswith("/", end) and (given := _GIVEN.match(text, end)) is not None:
        return given.end()
    if not text.startswith(".", start + 1):
        return end
    if _INITIALS.fullmatch(text, start, end) is None:
        return end
    family = _FAMILY.match(text, end)
    return family.end() if family is not None else end
