"""Rejects persons, places and addresses of the model that are none, by their words and what is beside them.

The tests of one kind are modules of their own: spaced abbreviations, things that bear a name, pieces of code,
units and codes, words of forms. Each reads a bounded number of characters.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from shield.analyzer import months
from shield.analyzer.plausibility.abbreviations import is_abbreviation
from shield.analyzer.plausibility.brand_names import is_brand, is_brand_of_no_place
from shield.analyzer.plausibility.called_things import is_called_thing
from shield.analyzer.plausibility.counted_words import is_counted
from shield.analyzer.plausibility.interjections import is_interjection
from shield.analyzer.plausibility.label_words import PARTICLES, is_possessive, may_be_possessive
from shield.analyzer.plausibility.mistyped_words import is_mistyped
from shield.analyzer.plausibility.names_within import is_of_a_thing
from shield.analyzer.plausibility.no_places import (
    is_alphabet,
    is_no_place_nor_name,
    is_row_of_letters,
    is_start_of_clause,
)
from shield.analyzer.plausibility.numbers_of_things import is_shelf, is_thing_and_number, names_a_thing
from shield.analyzer.plausibility.plausible_numbers import UNITS, is_part, word_after
from shield.analyzer.recognizers.street_forms import ONE_OF_A_KIND
from shield.analyzer.surroundings import label_before

_SHORT: Final = 3  # letters of an abbreviation, an article or a spelled letter
_SIGNS: Final = "\"'{}()[]\\,;<>"
_COLOURS: Final = frozenset(
    "black blue red green white navy grey gray pink purple silver gold beige teal turquoise".split()
)
_TWO_IN_ONE: Final = re.compile(
    r"(?!(?:Ma?c|D[aeiu]|L[aeo]s?|El|San|St|V[ao]n|O)[A-Z])[A-Z][a-z]+[A-Z][A-Za-z]+"
)
"""As companies and programs are written ("GreenWatt"), and places are not, but "DeKalb" and the like."""
_LONGEST: Final = 64  # code points of a place that are read
_AMOUNT_OF: Final = re.compile(r"[^\W\d_]{1,30},\d{1,7}(?:\.\d{1,2})?")
"""Two adjacent cells of a row: "VIP,499.00"."""
_NO_STREETS: Final = UNITS - {"mile"} | frozenset("way lane door ply star speed".split())  # "8 Mile Road"
_NO_WAYS: Final = months.ENGLISH | frozenset("in at on to of and is for or with from by".split())
_OF_A_METER: Final = re.compile(r"(?:[ ](?:is|was|on))?[ :]{1,3}\d{3}")
"""After the "reading" of a meter, which is not the town."""
_MAKER_AND_NUMBER: Final = 2  # words
_ONE_OF_A_KIND: Final = re.compile(ONE_OF_A_KIND, re.IGNORECASE)
_MARKS: Final = frozenset(
    "registration quality trade question check hall bench water book exclamation punctuation birth".split()
)
"""Words that make the "Mark" after them a thing."""
_VERBS: Final = frozenset("mark chase drew".split())
_OBJECTS: Final = frozenset(
    "as it this that them these all every each my your their paid done complete up off down".split()
)
"""What people mark, and as what; these seldom follow a name."""
_CODE: Final = re.compile(r"[A-Z]{2,8}\d{1,6}")
_BOXES: Final = frozenset(("po box", "p.o. box", "p o box", "post box", "postbox", "postfach", "apartado"))
_PARTS: Final = frozenset("art abs par sec fig cap emp".split())
"""Numbered parts of laws and lists; other short words may be names ("This is Amy. 2 nights")."""
_GIVES_CODE: Final = re.compile(
    r"(?:[ ](?:is|no\.?|number))[ :]{1,2}[A-Za-z]{1,3}[ ]?\d{2}[ ]?\d{2}[\dA-Za-z ]"
)
"""A code behind the word that names it: "nino is ab123456c"."""
_WORD_REACH: Final = 12  # code points before a word in which the one before is read
_ARTICLE: Final = re.compile(r"\.[ ]?\d{1,3}(?![\d:])|[ ](?:no|nr)\.?[ ]\d{4}")


def is_name(text: str, start: int, end: int, words: Sequence[str], label: str) -> bool:
    """Whether a span can be the person, place or address that the model says it is.

    `words` are those of the span, in lower case.
    """
    if _is_in_letters(text, start, end, words) or (
        label != "STREET_ADDRESS" and is_counted(text, start, words)
    ):
        return False
    if len(words) == 1:
        if _is_my(text, start, words):
            return False
        if label == "LOCATION" and _is_no_place(text, start, end, words[0]):
            return False
    elif is_thing_and_number(words):
        return False
    if (
        is_no_place_nor_name(text, start, end, words)
        or is_of_a_thing(text, start, end, words)
        or is_called_thing(text, start, end, words, label)
        or (label == "STREET_ADDRESS" and _is_no_street(text, start, end, words))
    ):
        return False
    if label == "PERSON":
        if _is_no_person(text, start, end, words):
            return False
    elif is_cut_out(text, start, end, words, label) or (
        label == "LOCATION" and len(words) > 1 and is_brand(text, start, words)
    ):
        return False
    return not _is_in_digits(text, start, end)


def _is_no_place(text: str, start: int, end: int, word: str) -> bool:
    """Whether a word alone is a colour, a brand, or two words in one: of persons, White is a name."""
    return (
        word in _COLOURS
        or is_brand_of_no_place(word)
        or (word == "reading" and _OF_A_METER.match(text, end) is not None)
        or (text[max(0, start - 1) : start] != "#" and _is_two_in_one(text, start, end))
    )


def _is_two_in_one(text: str, start: int, end: int) -> bool:
    return _TWO_IN_ONE.fullmatch(text, start, min(end, start + _LONGEST)) is not None


def is_cut_out(text: str, start: int, end: int, words: Sequence[str], label: str) -> bool:
    """Whether it is cut out of a hash or a UUID ("e89" of 123e4567-e89b-12d3), or ends in a distance."""
    if len(words) > 1:
        return label == "STREET_ADDRESS" and words[-1] in UNITS and words[-2].isdecimal()
    if words[0].isdecimal() and label in {"STREET_ADDRESS", "LOCATION"}:
        return is_part(text, start, end)
    cut = text[max(0, start - 1) : start].isalnum() or text[end : end + 1].isalnum()
    return cut and (label == "EMAIL_ADDRESS" or any(map(str.isdigit, words[0])))


def _is_in_letters(text: str, start: int, end: int, words: Sequence[str]) -> bool:
    """Whether it begins with a short word: of an abbreviation, a clause, or letters that spell no name."""
    if len(words[0]) > _SHORT:
        return False
    return (
        is_abbreviation(text, start, end, words)
        or is_start_of_clause(text, start, end)
        or (is_row_of_letters(words) and (is_alphabet(words) or names_a_thing(text, start)))
    )


def _is_no_person(text: str, start: int, end: int, words: Sequence[str]) -> bool:
    """Whether a supposed person is a brand, a verb, a courtesy, a cry, a part of a law, or one letter."""
    if len(words) == 1 and (
        _is_other_word(text, start, end, words[0])
        or _is_courtesy(text, start, end, words[0])
        or is_interjection(words[0])
    ):
        return True
    if is_brand(text, start, words):
        return True
    if words[0] == "matt" and len(words) > 1 and words[1] in _COLOURS and text[start].islower():
        return True  # "in matt black"
    # of places, "S" may be one of "U. S."
    return end - start <= _SHORT and len(text[start:end].strip(_SIGNS)) <= 1


def _is_other_word(text: str, start: int, end: int, word: str) -> bool:
    """Whether a word alone is the verb of "mark as paid", "Art" of "Art. 17", or "Emp" of "Emp no 10442"."""
    if word == "mark" and not _MARKS.isdisjoint(label_before(text, start)[-1:]):
        return True
    if word in _VERBS:
        return text[start].islower() and word_after(text, end) in _OBJECTS
    if text[start].islower() and text[end : end + 1] == " " and _GIVES_CODE.match(text, end) is not None:
        return True
    return word in _PARTS and _ARTICLE.match(text, end) is not None


def _is_courtesy(text: str, start: int, end: int, word: str) -> bool:
    """Whether a lower-case word, all of the span, is one of chat that was mistyped."""
    if text[start:end] != word:
        return False
    before = text[max(0, start - _WORD_REACH) : start].split()
    return is_mistyped(word, before[-1].lower() if before else "", word_after(text, end))


def _is_my(text: str, start: int, words: Sequence[str]) -> bool:
    """Whether it means "my" after an article: "la mia email"."""
    if not may_be_possessive(words):  # checked for each name: reading the text before it costs more
        return False
    before = label_before(text, start)
    return bool(before) and is_possessive(words, before[-1])


def _is_no_street(text: str, start: int, end: int, words: Sequence[str]) -> bool:
    """Whether it is a code, a box, cut off, in a warehouse, a "2 way street", or ends in a count."""
    whole = text[start:end]
    if (
        whole.endswith("-")
        or words[-1] == "no"
        or whole.lower() in _BOXES
        or _CODE.fullmatch(whole) is not None
    ):
        return True
    if is_shelf(words) or _AMOUNT_OF.fullmatch(text, start, end) is not None:
        return True
    if words[0] == "one" and _ONE_OF_A_KIND.match(text, start) is not None:
        return True  # "one Park Avenue coat"
    if words[0].isdecimal() and _is_number_alone(words) and names_a_thing(text, start):
        return True  # "fattura n. 317/E del"
    if len(words) == _MAKER_AND_NUMBER and words[1].isdecimal() and is_brand_of_no_place(words[0]):
        return True  # "Nokia 3310"
    lanes = len(words) > 1 and words[0].isdecimal()
    if lanes and (words[1] in _NO_STREETS or (len(words) == 2 and words[1] in _NO_WAYS)):  # noqa: PLR2004  # "1 sept"
        return True
    return words[-1].isdecimal() and word_after(text, end) in UNITS  # "second street and drive 2 miles"


def _is_number_alone(words: Sequence[str]) -> bool:
    """Whether there is nothing but figures, single letters and particles."""
    return all(word.isdecimal() or len(word) == 1 or word in PARTICLES for word in words)


def _is_in_digits(text: str, start: int, end: int) -> bool:
    """Whether digits stand directly before and after it, as in a hash."""
    return text[end : end + 1].isdigit() and text[max(0, start - 1) : start].isdigit()
