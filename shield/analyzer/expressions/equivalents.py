r"""Rewrites expressions and checks into cheaper ones with the same results.

Law: an expression and its rewriting give the same matches, in the same order, on every text; what is not
one of the two forms below is left as it is. `test_equivalents.py` and the differential test enforce it.

- A choice of hundreds of words, `(?:(?:com)|(?:edu)|…)` (top-level domains): `regex` tries one after the
  other. Words that differ in a letter exclude each other, so the choice may branch on their first two
  letters as long as words with the same letters keep their order.
- `\b((?=.*?[a-z])(?=.*?[0-9]{4})BODY` with DOTALL looks, from every start, for a letter and four digits
  anywhere after it. What does not follow one start follows no later one either, so the look-aheads are taken
  out, and matches are accepted up to the last start for which they hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from operator import mul
from typing import Any

import regex
from presidio_analyzer import EntityRecognizer, PatternRecognizer
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    IbanRecognizer,
    InAadhaarRecognizer,
    IpRecognizer,
    NhsRecognizer,
    UsSsnRecognizer,
)
from presidio_analyzer.predefined_recognizers.generic.iban_patterns import regex_per_country

from shield.analyzer.expressions.effort import BRIEF, effort
from shield.analyzer.expressions.weaken import farthest
from shield.analyzer.luhn import luhn
from shield.analyzer.verhoeff import verhoeff

_SSN_DELIMITERS = frozenset(".- ")
_NO_SSN_AREAS = frozenset(("000", "666"))
_SAMPLE_SSNS = frozenset(("123456789", "987654320", "078051120"))
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_QUAD = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}")
_AADHAAR = 12  # digits
_WORDS = re.compile(r"\(\?:\(\?:[a-z]{2,24}\)(?:\|\(\?:[a-z]{2,24}\)){49,}\)")
_WORD = re.compile(r"[a-z]+")
# A class without escapes that keeps an ASCII member, and what may be removed from it: no end of a range, and
# no letter that case folding ties to an ASCII letter.
_CLASS = re.compile(r"(?<!\\)\[[!-,.-Z_-~][^\[\]\\]*\]")
_BEYOND = re.compile("(?<!-)[^\x00-\x7f\u0130\u0131\u017f\u212a](?!-)")
_AHEAD = r"\(\?=\.\*\??((?:\[[^\]\\^]+\])(?:\{[0-9]+\})?)\)"
_AHEADS = re.compile(rf"(\\b\()((?:{_AHEAD})+)")


@dataclass(frozen=True, slots=True)
class Cheaper:
    """`compiled` matches what the original does, up to the last start for which all of `follows` hold.

    `follows` are expressions that must match somewhere after the start of a match. `reach` is how far past
    a start an attempt of `compiled` can look, where the original looks further. `effort` is the most steps
    an attempt can take, `brief` the same in a text of at most `BRIEF` code points.
    """

    compiled: Any
    follows: tuple[Any, ...] = ()
    reach: int | None = None
    effort: int | None = None
    brief: int | None = None

    @classmethod
    def of(cls, source: str, flags: int) -> Cheaper:
        """The rewriting of a `regex` V0 expression compiled with `flags`."""
        source = _WORDS.sub(lambda match: _grouped(_WORD.findall(match.group())), source)
        aheads = _AHEADS.match(source)
        if aheads is None or not flags & regex.DOTALL:
            return cls.as_it_is(source, flags)
        follows = tuple(regex.compile(each, flags) for each in re.findall(_AHEAD, aheads[2]))
        rest = aheads[1] + source[aheads.end() :]
        return cls(regex.compile(rest, flags), follows, farthest(rest, flags))

    @classmethod
    def as_it_is(cls, source: str, flags: int) -> Cheaper:
        compiled = regex.compile(source, flags)
        return cls(compiled, effort=effort(source, flags), brief=effort(source, flags, BRIEF))


ResultCheck = Callable[[str], bool | None]
"""A recognizer's `validate_result`."""


def in_ascii(source: str) -> str:
    """The expression without non-ASCII letters in its plain classes: equivalent on ASCII text."""
    return _CLASS.sub(lambda match: _BEYOND.sub("", match.group()), source)


def check_of(recognizer: Any) -> ResultCheck | None:
    """The recognizer's `validate_result`, or a cheaper check with the same results.

    `None` where it has none of its own.
    """
    if type(recognizer).validate_result is PatternRecognizer.validate_result:
        return None
    if type(recognizer).validate_result is CreditCardRecognizer.validate_result:
        left_out = tuple(recognizer.replacement_pairs)
        return lambda matched: luhn(EntityRecognizer.sanitize_value(matched, left_out))
    if type(recognizer).validate_result is NhsRecognizer.validate_result:
        pairs = tuple(recognizer.replacement_pairs)
        return lambda matched: _nhs(EntityRecognizer.sanitize_value(matched, pairs))
    if type(recognizer).validate_result is InAadhaarRecognizer.validate_result:
        return partial(_aadhaar, recognizer.validate_result, tuple(recognizer.replacement_pairs))
    if type(recognizer).validate_result is IbanRecognizer.validate_result and not recognizer.exact_match:
        return _IbanCheck(recognizer).holds
    check: ResultCheck = recognizer.validate_result
    return check


def veto_of(recognizer: Any) -> ResultCheck | None:
    """The same for its `invalidate_result`, which rejects matches."""
    if type(recognizer).invalidate_result is PatternRecognizer.invalidate_result:
        return None
    if type(recognizer).invalidate_result is UsSsnRecognizer.invalidate_result:
        return _no_ssn
    if type(recognizer).invalidate_result is IpRecognizer.invalidate_result:
        return partial(_no_address, recognizer.invalidate_result)
    veto: ResultCheck = recognizer.invalidate_result
    return veto


def _no_ssn(matched: str) -> bool:
    if len(_SSN_DELIMITERS.intersection(matched)) > 1:
        return True
    digits = "".join(filter(str.isdigit, matched))
    if digits == digits[0] * len(digits) or digits[3:5] == "00" or digits[5:] == "0000":
        return True
    return digits[:3] in _NO_SSN_AREAS or digits in _SAMPLE_SSNS


def _no_address(veto: ResultCheck, matched: str) -> bool | None:
    """Rejects matches that are not IP addresses; the usual four octets need no parser."""
    return False if _QUAD.fullmatch(matched) is not None else veto(matched)


def _nhs(number: str) -> bool:
    total: int = sum(map(mul, map(int, number), range(10, -1, -1)))
    return total % 11 == 0


def _aadhaar(check: ResultCheck, left_out: Sequence[tuple[str, str]], matched: str) -> bool | None:
    """Checks twelve ASCII digits quickly; all else is left to the recognizer's own check."""
    digits = EntityRecognizer.sanitize_value(matched, left_out)
    if not (len(digits) == _AADHAAR and digits.isascii() and digits.isdigit()):
        return check(matched)
    return digits[0] not in "01" and digits != digits[::-1] and verhoeff(digits)


class _IbanCheck:
    """`IbanRecognizer.validate_result`, with the form of each country compiled once."""

    def __init__(self, recognizer: Any) -> None:
        self._left_out = tuple(recognizer.replacement_pairs)
        self._letters = recognizer.LETTERS
        self._forms: dict[str, Any] = {}

    def holds(self, matched: str) -> bool | None:
        """`True` for an IBAN, `None` for one not all in upper case, `False` for anything else."""
        iban = EntityRecognizer.sanitize_value(matched, self._left_out)
        moved = (iban[:2] + "00" + iban[4:]).upper()
        try:
            rest = int((moved[4:] + moved[:4]).translate(self._letters)) % 97
        except ValueError:
            return False
        if f"{98 - rest:0>2}" != iban[2:4]:
            return False
        if self._has_form(iban):
            return True
        return None if self._has_form(iban.upper()) else False

    def _has_form(self, iban: str) -> bool:
        country = iban[:2]
        form = self._forms.get(country)
        if form is None:
            source = regex_per_country.get(country, "")
            if not source:
                return False
            form = self._forms[country] = regex.compile(source, regex.DOTALL | regex.MULTILINE)
        return form.match(iban) is not None


class Followed:
    """Tells for starts in ascending order whether all of `follows` match after them, in linear time."""

    def __init__(self, follows: tuple[Any, ...], text: str, timeout: float) -> None:
        self._follows = follows
        self._next = [-1] * len(follows)
        self._text = text
        self._timeout = timeout

    def holds(self, start: int) -> bool:
        for place, expression in enumerate(self._follows):
            if self._next[place] < start:
                match = expression.search(self._text, start, timeout=self._timeout)
                if match is None:
                    return False
                self._next[place] = match.start()
        return True


def _grouped(words: list[str]) -> str:
    """`(?:ab|ac|abd)` as `(?:a(?:b(?:|d)|c(?:)))`: by first and second letter, the order kept in each."""
    firsts: dict[str, dict[str, list[str]]] = {}
    for word in words:
        firsts.setdefault(word[0], {}).setdefault(word[1], []).append(word[2:])
    groups = (
        first + "(?:" + "|".join(f"{second}(?:{'|'.join(rest)})" for second, rest in seconds.items()) + ")"
        for first, seconds in firsts.items()
    )
    return "(?:" + "|".join(groups) + ")"
