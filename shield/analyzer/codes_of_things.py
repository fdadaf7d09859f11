"""Rejects names, places and postcodes of the model that the text directly beside them shows to be none.

Such are bank codes after "BIC", units after a number, the initials of a bill before its number, and a number
after the thing that has it. The rules only remove findings (`plausible`).
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Collection, Sequence
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
_INITIALS: Final = re.compile(r"(?:[HSRJ]\.\s?){1,3}")
_NUMBER_AFTER: Final = re.compile(r"\s?(?:[HSRJ]\.\s?){0,3}\s?\d{1,4}(?![\d\w]|\s[A-Z])")
_NUMBER_BEFORE: Final = re.compile(r"\d[^\S\n]?\Z")
_DAY_AND_MONTH: Final = re.compile(r"(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])")
_NOUN: Final = re.compile(r"(?<![^\W_])([a-z]{3,20})[^\S\n]\Z")
_BEFORE_CITIES: Final = frozenset("zip zipcode postcode pincode plz code in at to from near".split())
_COUNTED: Final = 3
_REGIONS: Final = frozenset("emea apac latam anz dach mena noram japac apj".split())
"""What companies call regions of the world: nobody's address."""
_KEY_OF_PROJECT: Final = re.compile(r"[A-Z][A-Z\d_]{1,9}-?")
_OF_ITS_TICKET: Final = re.compile(r"-\d|(?<=-)(?:\d|\Z)")
_NO_VOWEL: Final = re.compile(r"[B-DF-HJ-NP-TV-XZ]{4,8}")
_OUTWARD: Final = re.compile(r"[A-Za-z]{1,2}\d[A-Za-z\d]?")
_SITE: Final = re.compile(r"[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,8}")
_ELLIPSIS: Final = re.compile(r"\bdot[ ,]{1,2}dot\b", re.IGNORECASE)
_PACKAGE: Final = re.compile(r"\bat (?:com|org|net|io|javax?|kotlin|scala)\.[a-z]")
_SAID_AT: Final = re.compile(
    r"(?:\A|[._\-])at[._\-]|at(?:gmail|yahoo|hotmail|outlook|icloud|aol)\.", re.IGNORECASE
)
_ENDS_OF_SITES: Final = frozenset(
    """com org net io dev app ai co eu uk us de fr es it nl pt pl be ch at ie in au ca info biz cloud
    example test local internal lan png jpg jpeg gif svg pdf doc docx xls xlsx csv txt zip htm html json xml
    yaml yml log exe dll bat msi iso jar py js ts java go rb php sh""".split()
)
_BETWEEN_LETTERS: Final = frozenset(("and", "double", "dash"))
_ARTICLE_AND_NOUN: Final = re.compile(
    r"(?:Le|La|Les|El|Los|Las|Der|Die|Das|Il|Gli|Un|Une|Una|Ein|Eine|Het|Een)[ ][a-zà-ÿ]"
)
_CODE: Final = re.compile(r"[A-Z]{2,8}\d{1,6}")
_BOXES: Final = frozenset(("po box", "p.o. box", "p o box", "post box", "postbox", "postfach", "apartado"))
_SERVER: Final = re.compile(r"[a-z]{2,20}(?:-[a-z]{2,20}){0,3}-\d{1,4}")
_JOINED_BEFORE: Final = re.compile(r"[a-z0-9](?:[a-z0-9\-]{0,60}[a-z0-9])?-?\Z")
_JOINED_AFTER: Final = re.compile(r"-?[a-z0-9](?:[a-z0-9\-]{0,60}[a-z0-9])?")
_HASH: Final = re.compile(r"(?=[0-9a-f]{0,63}\d)[0-9a-f]{6,64}")
_OF_ADDRESSES_BEFORE: Final = frozenset("/@.+_")
_REACH: Final = 64
_OF_ADDRESSES: Final = frozenset(
    """address addr area city town county state live lives living lived moved move located location place
    near around country region district street road lane drive avenue code codes postcode zip pin post postal
    mail verify confirmed confirm""".split()
)


def is_no_place_nor_name(text: str, start: int, end: int, words: Sequence[str]) -> bool:
    """Whether a name, place or address is a unit, a bank's code, a bill's initials or a day. Bounded work."""
    # A letter alone is mostly an initial: "in 2019 W. Smith called".
    first = words[0]
    alone = len(words) == 1
    if alone and (first in _REGIONS or _is_code_of_letters(text, start, end)):
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


def _is_code_of_letters(text: str, start: int, end: int) -> bool:
    """Whether it is "PAY" of PAY-118, four or more capitals without a vowel, or assigned a value in code."""
    if text.startswith("=", end) or text.endswith("=", start, end):
        return True
    if not text[end - 1 : end].isupper() and text[end - 1 : end] != "-":
        return False
    if (
        _KEY_OF_PROJECT.fullmatch(text, start, end) is not None
        and _OF_ITS_TICKET.match(text, end) is not None
    ):
        return True
    return _NO_VOWEL.fullmatch(text, start, end) is not None


def is_no_address(text: str, start: int, end: int) -> bool:
    """Whether it is the name of a site, a file or a class: an e-mail address has an at sign or "at"."""
    if _ELLIPSIS.search(text, start, end) is not None or _PACKAGE.search(text, start, end) is not None:
        return True
    if text.find("@", start, end) >= 0 or _SITE.fullmatch(text, start, end) is None:
        return False
    if _SAID_AT.search(text, start, end) is not None:
        return False
    cut = text.startswith(".", end) and text[end + 1 : end + 2].isalnum()
    cut = cut or (text[max(0, start - 1) : start] == "." and text[max(0, start - 2) : start - 1].isalnum())
    parts = text[start:end].lower().split(".")
    return cut or len(parts) > 2 or parts[-1] in _ENDS_OF_SITES  # noqa: PLR2004  "john.smith" may be half of one


def is_no_code_of_places(text: str, start: int, end: int, before: Sequence[str]) -> bool:
    """Whether an apparent postcode is a port, a plan ("P2") or an id."""
    if before and before[-1] == "id":
        return True
    return end - start <= 4 and _OUTWARD.fullmatch(text, start, end) is not None  # noqa: PLR2004


def is_counting(words: Sequence[str]) -> bool:
    """Whether four or more single digits go up or down one by one: "1 2 3 4 5", "3 2 1 0 go"."""
    digits = [int(word) for word in words if word.isdecimal()]
    steps = {after - before for before, after in pairwise(digits)}
    return len(digits) > _COUNTED and steps in ({1}, {-1})


def is_no_postcode(text: str, start: int, goes_on: Collection[str]) -> bool:
    """Whether bare digits follow the thing that has them: "seal 119230", "meter reading 008841".

    `goes_on` are words after which a number stands for itself.
    """
    noun = _NOUN.search(text, max(0, start - 24), start)
    if noun is None or noun[1] in goes_on or noun[1] in _OF_ADDRESSES:
        return False
    # "my zip sunnyvale 94085", "i live in berlin 10115": a city is a noun, too
    return _BEFORE_CITIES.isdisjoint(text[max(0, noun.start() - 40) : noun.start()].lower().split()[-2:])


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


def _is_member(text: str, start: int, end: int) -> bool:
    """Whether a word after a dot is a member in code: "props.chelsea.items", "(region: .dublin)"."""
    before = text[max(0, start - 2) : start - 1]
    if before == " " and text[max(0, start - 3) : start - 2].isalnum():  # "thanks .maria", "div .jordan {"
        return text[end : end + 2].lstrip()[:1] in {"{", "("}
    if not before or before in " (,=:[":
        return True
    if text[end : end + 1] != "." or not text[end + 1 : end + 2].isalpha():
        return False
    return (
        "@" not in text[max(0, start - _REACH) : end + _REACH]
        and "//" not in text[max(0, start - _REACH) : start]
    )


def is_piece_of_code(text: str, start: int, end: int, words: Sequence[str], label: str) -> bool:
    """Whether it is part of an identifier with digits ("jordan" of jordan-worker-5f6b), or of a hash."""
    if label == "STREET_ADDRESS":
        whole = text[start:end]
        return (
            whole.endswith("-")
            or words[-1] == "no"
            or _CODE.fullmatch(whole) is not None
            or whole.lower() in _BOXES
        )
    if len(words) > 2 or not text[start].islower():  # noqa: PLR2004  "edge-01", "jordan"
        return False
    if text[max(0, start - 1) : start] == "." and len(words) == 1 and _is_member(text, start, end):
        return True
    if _SERVER.fullmatch(text, start, end) is not None:
        return True
    if len(words) > 1:
        return False
    before = _JOINED_BEFORE.search(text, max(0, start - _REACH), start)
    after = _JOINED_AFTER.match(text, end, end + _REACH)
    if before is None and after is None:
        return False
    low = start if before is None else before.start()
    high = end if after is None else after.end()
    if text[max(0, low - 1) : low] in _OF_ADDRESSES_BEFORE or text[high : high + 1] == "@":
        return False
    beside = text[low:start] + text[end:high]
    if "-" not in beside:
        return _HASH.fullmatch(text, low, high) is not None and any(map(str.isdigit, beside))
    return any(map(str.isdigit, beside))
