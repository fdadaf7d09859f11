"""Recognizes abbreviations with blanks between their letters, as in transcripts: "the p d f", "u s p s"."""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from shield.analyzer.recognizers.letter_case import CAPITAL
from shield.analyzer.surroundings import label_before

_KNOWN: Final = frozenset(
    "tv pc cd dj uk us usa eu ok pm am ip it id hr ps faq pdf lcd led vpn usb usps ups dvd atm isp url sms "
    "ceo cfo cto asap fyi aka eta rsvp diy gps api app ios ssd hdd cpu gpu hdmi wifi lte dsl crm erp dns "
    "dhcp ssl tls ssh ftp http https html css xml csv sql php aws ibm hp bmw vw kfc bbc cnn irs dmv fbi nasa "
    "vat gst iban bic cvv cvc ach mri ecg ekg icu abc kpi pos otp sku pin ssn dob apr ru ur "
    "usbc sd sim eob ppo hmo er ct kyc nda vip bmi ev suv gmt est pst".split()
)
"""Abbreviations that are never a name that somebody spells."""
_BESIDE: Final = frozenset(
    "the a an my your our this that his her its their on in with and or to of is says said say has had have "
    "how hw ow where when what why who are you via by for".split()
)
_LETTERS_BEFORE: Final = re.compile(r"(?<![\w'])(?:[A-Za-z] ){1,4}\Z")
_LETTERS_AFTER: Final = re.compile(r"(?: [A-Za-z](?![\w'])){1,4}")
_NAME_BEHIND: Final = re.compile(rf"(?<![^\W_]){CAPITAL}[^\W\d_]{{2}}")
_REACH: Final = 80  # code points of a finding that are read for a name behind single letters
_SPELLED: Final = 8  # code points of four spaced letters
_LEAST: Final = 3  # letters of an abbreviation of which a part is told
_WORDS_BESIDE: Final = frozenset("name surname as for in".split())
_VISIBLE: Final = re.compile(r"\S")
_ANNOUNCED: Final = frozenset(
    "name names surname firstname lastname spelled spelt spell called initials".split()
)


def is_abbreviation(text: str, start: int, end: int, words: Sequence[str]) -> bool:
    """Whether a model's finding, with these words, is nothing but known abbreviations in spaced letters.

    If it is the whole answer, or a word announces it as a name, it may be somebody's initials.
    """
    if "." in text[start:end]:  # "H.R. Okafor"
        return False
    if _is_cut_out(text, start, end, words):
        return True
    letters = ""
    groups: list[str] = []
    for number, word in enumerate(words):
        if len(word) == 1 and word.isalpha() and (word != "a" or letters or _goes_on(words, number)):
            letters += word
            continue
        if word not in _BESIDE:
            return False
        groups.append(letters)
        letters = ""
    groups.append(letters)
    spelled = [group for group in groups if group]
    if not spelled or not all(group in _KNOWN for group in spelled):
        return False
    # The text after it is tested first: stripping a long text for each of its abbreviations is quadratic.
    if _VISIBLE.search(text, end) is None and _VISIBLE.search(text, 0, start) is None:
        return False
    before = label_before(text, start)
    return not before or before[-1] not in _ANNOUNCED


def _is_cut_out(text: str, start: int, end: int, words: Sequence[str]) -> bool:
    """Whether it begins or ends within a known abbreviation: "the h d m" of HDMI, "d player" of a DVD."""
    before = after = ""
    if len(words[0]) == 1 and (spelled := _LETTERS_BEFORE.search(text, max(0, start - _SPELLED), start)):
        before = spelled.group()
    if len(words[-1]) == 1 and (spelled := _LETTERS_AFTER.match(text, end, end + _SPELLED)):
        after = spelled.group()
    first = [word for word in words if len(word) == 1]
    if not first or (len(words) > len(first) and not _WORDS_BESIDE.isdisjoint(words)):
        return False
    if len(words) > len(first) and _NAME_BEHIND.search(text, start, min(end, start + _REACH)) is not None:
        return False  # "a b c Miller" is a person, "d player" is from "DVD player"
    whole = "".join([*before.split(), *first, *after.split()]).lower()
    return len(whole) >= _LEAST and whole in _KNOWN


def _goes_on(words: Sequence[str], number: int) -> bool:
    """Whether an "a" is the first letter of an abbreviation, such as "a t m"."""
    following = "a"
    for word in words[number + 1 :]:
        if len(word) > 1:
            break
        following += word
    return following in _KNOWN
