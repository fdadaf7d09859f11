"""Rejects findings of the model that by their form are not personal data: numbers of things, codes.

The model reads words. Rules tell better that a run of digits is part of a hash, that it counts what follows
("46057 entries") or that the word before names it ("order", "Rechnung"). The rules only remove findings.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from shield.analyzer.plausibility import names_in_code, numbers_in_code
from shield.analyzer.plausibility.label_words import is_introduced, is_label
from shield.analyzer.plausibility.no_addresses import is_no_address
from shield.analyzer.plausibility.numbers_of_things import is_of_a_span
from shield.analyzer.plausibility.plausible_names import is_cut_out, is_name
from shield.analyzer.plausibility.plausible_numbers import LONGEST, NUMBERS, Beside, is_measure, is_number
from shield.analyzer.stems import stem
from shield.analyzer.surroundings import label_before

_NAMES: Final = frozenset({"LOCATION", "PERSON", "STREET_ADDRESS"})
_MEASURED: Final = NUMBERS | {"STREET_ADDRESS", "LOCATION", "DATE_OF_BIRTH"}
_ENDS: Final = frozenset(
    stem(word)
    for word in """doi dol doa incident loss accident
    exp expires expire expiry expiration valid until issued gültig bis caducidad scadenza
    vervaldatum validade""".split()
)
"""Words before a date that is not a birth date."""
_TIME_OR_SHARE: Final = re.compile(r"(?:-\d\d-\d\d)?T\d\d:|[ ]?%")
"""What follows the date of a log line, or a number that looks like a date."""
_TIME: Final = re.compile(r"(?:(?:20)?\d{6}|\d{4})T\d{6}Z?")
"""A point in time in the basic format of ISO 8601, or what a model cuts off it."""
_MONTH_AND_YEAR: Final = re.compile(r"(?:0[1-9]|1[0-2])/\d\d(?![\d/])")
_CARD_BEFORE: Final = re.compile(r"(?:\d[ \-]?){12,18}\d[\s,;|/]{1,3}(?:exp\.?\s)?\Z")
"""A card's number, up to the month until which it is valid."""
_REACH_CARD: Final = 48
_OF_LATE: Final = re.compile(r"(?<!\d)20(?:2[0-9]|3\d)(?!\d)")
_OF_BIRTH: Final = re.compile(
    r"b(?:irth|orn|ab(?:y|ies))|child|son|daughter|kid|twin|pupil|infant|patient|dob|d\.o\.b|geb|kind|sohn|tochter|n[ée]e|naiss|nac|fil[hs]|hij|bimb|nat[oa]|figli|zoon|"
    r"dochter|nasc|ur(?:\.|odz)|syn|córk|dzieck",
    re.IGNORECASE,
)
"""Of children, whose dates of birth are of late, in eight languages."""
_CELLS: Final = frozenset(",;|\t")
"""Marks between the cells of a row, in which a date of late is mostly one of an event."""
_REACH_BIRTH: Final = 160
_DURATION: Final = re.compile(r"\d{1,4}(?:s|ms|min)")
_REFERENCE: Final = re.compile(r"<(?:@[!&]?|#|![a-z]{1,12}\^)\Z")
_SIGNS: Final = frozenset("@!&#^")
_REACH: Final = 16  # code points of its beginning
_WORDS: Final = re.compile(r"[^\W_]+")
_ASCII_WORDS: Final = re.compile(r"[0-9a-z]+")  # the same for lower-case ASCII, several times as fast


def is_plausible(text: str, start: int, end: int, label: str, *, beside: Beside) -> bool:
    """Whether `text[start:end]` can be what the model says it is. Reads a bounded number of characters.

    `beside` is called only for short numbers.
    """
    span = text[start : min(end, start + LONGEST)]
    if span.isascii():
        words = _ASCII_WORDS.findall(span.lower())
    else:
        words = [word.lower() for word in _WORDS.findall(span)]
    if not words or (is_label(words) and not (label == "PERSON" and is_introduced(text, start))):
        return False
    if _is_reference(text, start) or names_in_code.is_in_placeholder(text, start):
        return False
    if label in NUMBERS and _TIME.fullmatch(span) is not None:
        return False
    if (
        label in _MEASURED
        and words[0][0].isdecimal()
        and (is_measure(span, words) or _DURATION.fullmatch(span) is not None)
    ):
        return False
    if label in NUMBERS:
        return not numbers_in_code.is_of_code(text, start, end, label) and is_number(
            text, start, end, words, label, beside=beside
        )
    if label in _NAMES:
        return not names_in_code.is_of_code(text, start, end, words, label) and is_name(
            text, start, end, words, label
        )
    if label == "EMAIL_ADDRESS":
        return not (
            words[0] == "at" or is_no_address(text, start, end) or is_cut_out(text, start, end, words, label)
        )
    return label != "DATE_OF_BIRTH" or _is_birth_date(text, start, end, words)


def _is_reference(text: str, start: int) -> bool:
    """Whether it follows the beginning of a reference in a chat: `<@U024BE7LH>`, `<!subteam^SAZ94GDB8>`."""
    if text[start] in _SIGNS:
        start += 1
    return text[max(0, start - 1) : start] in _SIGNS and (
        _REFERENCE.search(text, max(0, start - _REACH), start) is not None
    )


def _is_birth_date(text: str, start: int, end: int, words: Sequence[str]) -> bool:
    """Whether a date is not of a log, a span of time, a UUID, a card, or the end of something."""
    if _TIME_OR_SHARE.match(text, end) is not None or is_of_a_span(text, start, end):
        return False
    if (
        _MONTH_AND_YEAR.match(text, start) is not None
        and _CARD_BEFORE.search(text, max(0, start - _REACH_CARD), start) is not None
    ):
        return False
    if (
        (
            text[max(0, start - 1) : start] in _CELLS
            or (text[end : end + 1] in _CELLS and text[end + 1 : end + 2] != " ")
        )
        and all(map(str.isdecimal, words))
        and _OF_LATE.search(text, start, min(end, start + LONGEST)) is not None
        and _OF_BIRTH.search(text, max(0, start - _REACH_BIRTH), start) is None
    ):
        return False
    return not is_cut_out(text, start, end, words, "DATE_OF_BIRTH") and _ENDS.isdisjoint(
        label_before(text, start)
    )
