"""Extends spans of a model by parts that it left out.

Each function reads a bounded number of characters around the span.
"""

# ruff: noqa: RUF001  # patterns, one a line
from __future__ import annotations

import re
from typing import Final

from shield.analyzer.recognizers.letter_case import CAPITAL
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
_ENDS_SAID: Final = re.compile(rf"(?<![\w'’\-]){_NUMBER_SAID}\Z", re.IGNORECASE)
_MORE_SAID: Final = re.compile(
    rf"(?:(?:[ \-]|,[ ])(?:{_NUMBER_SAID}|triple)(?![\w'’])){{1,12}}"
    r"(?!,?[ ](?:dollars?|pounds?|euros?|cents?|percent|o['’]clock)\b)",
    re.IGNORECASE,
)
_WORD_OF_NAME: Final = rf"{CAPITAL}[^\W\d_]{{1,24}}(?:['’\-]{CAPITAL}?[^\W\d_]{{1,24}})?"
_PART: Final = r"(?:van[ ](?:de[nr]?|het|['’]t)|ter|ten|op[ ]den|della|bint?|ibn)"
_PART_AFTER: Final = re.compile(
    rf"[ ]{_PART}[ ]{_WORD_OF_NAME}|"
    rf"[ ](?:Dell|Dall|Dal|De|D|O|M)['’]{CAPITAL}[^\W\d_]{{1,24}}(?:-{CAPITAL}[^\W\d_]{{1,24}})?"
)
_PARTS_BEGIN: Final = frozenset("vtodbiDOM")
_PART_BEFORE: Final = re.compile(
    rf"(?<![^\W_])(?:{_PART}[ ]|(?<=[^\s.!?:>][ ]){_WORD_OF_NAME}[ ](?:{_PART}|van)[ ])\Z"
)
_NICKNAME: Final = re.compile(rf"[ ][\"“][^\W\d_][\w'’.\-]{{0,16}}[\"”][ ]{_WORD_OF_NAME}")
_BEHIND_NICKNAME: Final = re.compile(rf"[\"”][ ]{_WORD_OF_NAME}")
_INITIAL_BEHIND: Final = re.compile(rf",[ ](?![AIU]){CAPITAL}\.?(?![\w'’\-])")
_INITIAL_AFTER: Final = re.compile(r"[ ][B-HJ-Z](?![\w'’\-/&+#]|[ ][A-Z0-9])")
_INITIALS_BEFORE: Final = re.compile(
    r"(?<![\w.'’&/+#\-])(?:[B-HJ-Z]\.?[ ](?:(?:&|and)[ ])?){1,3}\Z|(?<=[^.!?][ ])A\.?[ ]\Z"
)
_GREETED: Final = re.compile(
    r"\b(?:hi|hey|hello|dear|thanks|thank you|cheers|regards|sorry|please)[ ,]{1,2}\Z", re.IGNORECASE
)
_SECOND: Final = re.compile(rf"[ ]{_WORD_OF_NAME}")
_MARKS: Final = frozenset('"“')
_ENDS_OF_PARTS: Final = frozenset("nrteta")  # of particles
_GREETING: Final = 12
_LONGEST_SAID: Final = 12  # code points of a word for a number


def whole_address(text: str, start: int, end: int) -> tuple[int, int]:
    """An e-mail address that a model cut ("-admin@example.com" of it-admin@…), with all its characters.

    Text on the line below does not belong to it, nor does the cell of a row before it.
    """
    sign = text.find("@", start, end)
    if sign < 0:
        return start, end
    start = max(text.rfind(mark, start, sign) + 1 or start for mark in ",;\t")
    if (below := text.find("\n", sign, end)) > 0:
        end = below
    before = None
    if start and (text[start - 1].isalnum() or text[start - 1] in "_.+-"):
        before = _ADDRESS_BEFORE.search(text, max(0, start - _LONGEST), start)
    after = _ADDRESS_AFTER.match(text, end, end + _LONGEST)
    return before.start() if before is not None else start, after.end() if after is not None else end


def whole_spelled(text: str, start: int, end: int) -> tuple[int, int]:
    """A spelled postcode ("c one v two p") with the letters that a model left out on either side.

    A single word "a" or "i" before it does not belong to it.
    """
    if _SPELLED.search(text, start, min(end, start + _LONGEST)) is None:
        return start, end
    before = _LETTERS_BEFORE.search(text, max(0, start - _SPELLED_REACH), start)
    after = _LETTERS_AFTER.match(text, end, end + _SPELLED_REACH)
    return before.start() if before is not None else start, after.end() if after is not None else end


def whole_house(text: str, start: int, end: int) -> int:
    """Where a spoken street address begins, of which a model left out the first words of the number.

    "twelve oh one west pine drive", "flat nine, sixteen high street": the words before the span.
    """
    if _HOUSE.match(text, start, end) is None:
        return start
    before = _HOUSE_BEFORE.search(text, max(0, start - _LONGEST), start)
    return before.start() if before is not None else start


def whole_name(text: str, start: int, end: int) -> int:
    """Where a name ends of which a model found only the initials ("J." of J. Fairweather) or the first part.

    Airline tickets have MORALES/ANA MRS; a spelled name continues after "double", a written one with a
    particle ("Joost van 't Hoff"), a quoted nickname, or an initial ("Teddy P"; family name first,
    "Mahlangu, T").
    """
    if text.endswith("double", start, end) and (doubled := _DOUBLED.match(text, end)) is not None:
        return doubled.end()
    if text.startswith("/", end) and (given := _GIVEN.match(text, end)) is not None:
        return given.end()
    if not text.startswith(".", start + 1):
        last = text.rfind(" ", start, end) + 1 or start
        last += text[last : last + 1] in _MARKS
        more = _goes_on(text, start, end) if text[last : last + 1].isupper() else None
        return more.end() if more is not None else end
    if _INITIALS.fullmatch(text, start, end) is None:
        return end
    family = _FAMILY.match(text, end)
    return family.end() if family is not None else end


def _goes_on(text: str, start: int, end: int) -> re.Match[str] | None:
    """What continues a name of one or more capitalized words: a second part, an initial, a nickname."""
    behind = text[end : end + 1]
    if text[end - 1] == ",":  # the model has read on to the given name
        return _SECOND.match(text, end)
    if behind == ",":
        if text.find(" ", start, end) >= 0 or _GREETED.search(text, max(0, start - _GREETING), start):
            return None
        return _INITIAL_BEHIND.match(text, end)
    if behind == " ":
        following = text[end + 1 : end + 2]
        if following in _MARKS:
            return _NICKNAME.match(text, end)
        if following in _PARTS_BEGIN and (part := _PART_AFTER.match(text, end)) is not None:
            return part
        if following.isupper() and text[start:end].isalpha() and not text[start:end].isupper():
            return _INITIAL_AFTER.match(text, end)
        return None
    if behind in {'"', "”"} and any(text.find(mark, start, end) >= 0 for mark in _MARKS):
        return _BEHIND_NICKNAME.match(text, end)
    return None


def start_of_name(text: str, start: int) -> int:
    """Where a name begins of which a model left out the first part: "Joost van 't" of Hoff, or an initial."""
    if text[start - 1 : start] != " " or not text[start : start + 1].isupper():
        return start
    if (last := text[max(0, start - 2) : start - 1]) == "." or last.isupper():
        initials = _INITIALS_BEFORE.search(text, max(0, start - _GREETING), start)
        return initials.start() if initials is not None else start
    if text[max(0, start - 2) : start - 1] not in _ENDS_OF_PARTS:
        return start
    before = _PART_BEFORE.search(text, max(0, start - _LONGEST), start)
    return before.start() if before is not None else start


def whole_number(text: str, start: int, end: int) -> int:
    """Where a spoken number ends, of which a model left out the last words ("oh nine one" two)."""
    if (
        not text[end - 1 : end].islower()
        or _ENDS_SAID.search(text, max(start, end - _LONGEST_SAID), end) is None
    ):
        return end
    more = _MORE_SAID.match(text, end)
    return more.end() if more is not None else end
