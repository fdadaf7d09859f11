"""Finds what a speaker says in place of a number just said: "… oh one four two, no wait, oh one four three".

A piece of a number is personal where the whole is, and no form of its own tells so. It has the type of the
number before it. Law: the work is bounded for each number.
"""

# ruff: noqa: E501, RUF001, SIM905  # patterns, one a line; typographic apostrophes; tables of words

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from shield.domain import Finding

_NUMBERS: Final = frozenset(
    """ACCOUNT_NUMBER CREDIT_CARD CUSTOMER_ID INSURANCE_NUMBER MEDICAL_RECORD_NUMBER NATIONAL_ID ONE_TIME_CODE PASSWORD
    PHONE_NUMBER PIN POSTCODE US_BANK_NUMBER US_SSN""".split()
)
_SAID: Final = r"(?:oh|o|zero|one|two|three|four|five|six|seven|eight|nine|double|triple)"
_CORRECTED: Final = re.compile(
    r"\W{1,3}(?:(?:oh|uh|um|and|but|so)\W{1,3}){0,2}"
    r"(?:area[ ]code|no|wait|sorry|hang[ ]on|hold[ ]on|i[ ]mean|actually|scratch[ ]that|make[ ]that|correction|oops|rather)"
    r"(?:\W{1,3}(?:no|wait|sorry|hang[ ]on|hold[ ]on|i[ ]mean|actually|uh|um|oh[ ]wait|it['’]?s|it[ ]is|that['’]?s|is|should[ ]be|"
    r"that[ ]should[ ]be|ends?[ ](?:in|with)|ending(?:[ ](?:in|with))?|the[ ](?:end|ending)(?:[ ]is)?|the[ ]last[ ](?:four|three|two)(?:[ ](?:is|are))?)){0,6}"
    rf"\W{{1,3}}(?P<value>{_SAID}(?:[ ,\-]{{1,2}}{_SAID}){{2,19}}|\d(?:[ \-]?\d){{2,18}})"
    r"(?![\w,.]?\w|[ ](?:percent|dollars?|euros?|pounds?|minutes?|hours?|days?|weeks?|months?|years?|times)\b)",
    re.IGNORECASE,
)
_REACH: Final = 240


def with_corrections(findings: list[Finding], text: str) -> list[Finding]:
    """The findings, and what follows a number of them as its correction or its area code."""
    more: Sequence[Finding] = [
        each._replace(start=match.start("value"), end=match.end("value"))
        for each in findings
        if each.entity_type in _NUMBERS
        and (match := _CORRECTED.match(text, each.end, each.end + _REACH)) is not None
    ]
    return [*findings, *more] if more else findings
