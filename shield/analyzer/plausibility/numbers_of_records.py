"""Recognizes numbers of records and times that pass a card's checksum by chance, by the name of their member.

One number in ten of 13 to 16 digits passes it, and platforms number their records so: `departmentId`,
`fingerprint`, microseconds. Under such a name only a number of an issuer of cards is taken for a card, by its
first digits and its length.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from typing import Final

from shield.analyzer.context import KeyContext

CARDS: Final = "CreditCardRecognizer"
"""The recognizer whose findings are held to this."""
_OF_RECORDS: Final = frozenset(
    """id ids uid gid key ref reference fingerprint hash timestamp ts time usec micros nanos at on cursor
    offset sequence seq revision rev version etag
    barcode barcodes gtin ean upc isbn tracking waybill""".split()
)
"""Last words of the names of members that hold a record's number, or a time."""
_ISSUED: Final = re.compile(
    r"4\d{12}(?:\d{3})?|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|35\d{14}"
    r"|6(?:011|22\d|4[4-9]\d|5\d\d)\d{12}"
)
"""ISO/IEC 7812: Visa, Mastercard, American Express, Diners Club, JCB, Discover and UnionPay."""


def is_of_a_record(text: str, keys: KeyContext) -> bool:
    """Whether all of `text` is a number that its member's name and its digits show to be no card's."""
    if not keys.own or keys.own[-1] not in _OF_RECORDS:
        return False
    number = text.strip()
    return number.isdecimal() and _ISSUED.fullmatch(number) is None
