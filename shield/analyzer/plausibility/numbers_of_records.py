"""Recognizes numbers of records and times that pass a card's checksum by chance, by the name of their member.

One number in ten of 13 to 16 digits passes it, and platforms number their records so: `departmentId`,
`fingerprint`, microseconds. Under such a name only a number of an issuer of cards is taken for a card, by its
first digits and its length.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

from typing import Final

from shield.analyzer.context import KeyContext
from shield.analyzer.recognizers.card_forms import ISSUED

CARDS: Final = "CreditCardRecognizer"
"""The recognizer whose findings are held to this."""
_OF_RECORDS: Final = frozenset(
    """id ids uid gid key ref reference fingerprint hash timestamp ts time usec micros nanos at on cursor
    offset sequence seq revision rev version etag
    barcode barcodes gtin ean upc isbn tracking waybill""".split()
)
"""Last words of the names of members that hold a record's number, or a time."""


def is_of_a_record(text: str, keys: KeyContext) -> bool:
    """Whether all of `text` is a number that its member's name and its digits show to be no card's."""
    if not keys.own or keys.own[-1] not in _OF_RECORDS:
        return False
    number = text.strip()
    return number.isdecimal() and ISSUED.fullmatch(number) is None
