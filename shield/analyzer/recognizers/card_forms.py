"""Finds card numbers in forms that no card has (a letter beside the number, groups of an amount), and last digits.

Presidio's recognizer wants a number that is no part of a word, in groups of four. Here the digits must be of
an issuer of cards as well as pass the checksum, since codes of things look the same.
"""

# ruff: noqa: ARG002, E501  # an interface; patterns, one a line
from __future__ import annotations

import re
from typing import Final

from shield.analyzer.luhn import luhn
from shield.analyzer.recognizers.labelled import (
    LABEL_START,
    LINK,
    NOT_QUANTITY,
    Match,
    Sort,
    ValuePattern,
    ValuePatternRecognizer,
)

ISSUED: Final = re.compile(
    r"4\d{12}(?:\d{3})?|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|35\d{14}"
    r"|6(?:011|22\d|4[4-9]\d|5\d\d)\d{12}"
)
"""ISO/IEC 7812: Visa, Mastercard, American Express, Diners Club, JCB, Discover and UnionPay."""
_CARD: Final = r"[2-6]\d{3}[ \-]?(?:\d{4}[ \-]?\d{4}[ \-]?\d{1,4}|\d{6}[ \-]?\d{4,5})"
_NO_DIGIT: Final = re.compile(r"\D")
_LAST_FOUR: Final = Sort("last four digits", 0.7)


class CardFormRecognizer(ValuePatternRecognizer):
    """Numbers of cards as parts of a word ("x4111 1111 1111 1111") or as amounts (4,111,111,111,111,111)."""

    ENTITY = "CREDIT_CARD"
    PATTERNS = (
        ValuePattern(
            "behind a letter",
            rf"(?<![^\W_])[a-z](?P<value>{_CARD})[a-z]?(?![^\W_])",
            0.8,
            r"[a-z][2-6]\d{3}[ \-]?\d{4}",
            10,
        ),
        ValuePattern(
            "before a letter",
            rf"(?<![^\W_])(?P<value>{_CARD})[a-z](?![^\W_])",
            0.8,
            r"\d{4}[ \-]?\d{1,5}[a-z]",
            24,
        ),
        ValuePattern(
            "last four of a card that is named before",
            rf"{LABEL_START}(?:visa|mastercard|amex|(?:debit|credit|bank)?[ ]?card)(?![^\W_])[^\d\n.!?]{{0,32}}[ ,(](?:last[ ](?:4|four)|final[ ](?:4|four)|l4)(?:[ ]digits?)?{LINK}(?P<value>\d{{4}}){NOT_QUANTITY}(?![\w\-/]|[.,]\d)",
            _LAST_FOUR,
            r"(?:last|final)[ ](?:4|four)|l4",
            64,
        ),
        ValuePattern(
            "written as an amount",
            r"(?<![\w.,'$€£¥])(?P<value>[2-6]\d{0,2}(?P<sign>[,.'])\d{3}(?:(?P=sign)\d{3}){3,4})(?![\w']|[.,]\d)",
            0.8,
            r"[2-6]\d{0,2}[,.']\d{3}[,.']\d{3}[,.']\d{3}",
            16,
        ),
    )

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        if sort == _LAST_FOUR:
            return sort.score
        number = _NO_DIGIT.sub("", value)
        return sort.score if ISSUED.fullmatch(number) is not None and luhn(number) else 0.0
