"""Planted values of every kind that the quick start's policy names, and the search for them.

A canary is a value with the sentence around it. The hunt looks for the value as it was written and in the
forms in which it could leak: without its separators, escaped, percent-encoded, in base64 at each of the
three alignments, in hexadecimal, reversed, and as a plain (unkeyed) digest.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, quote_plus


@dataclass(frozen=True, slots=True)
class Canary:
    entity_type: str
    value: str
    sentence: str  # holds the value once


def _canary(entity_type: str, value: str, sentence: str) -> Canary:
    return Canary(entity_type, value, sentence.format(value))


CANARIES: tuple[Canary, ...] = (
    _canary("PERSON", "Maria Garcia", "Hello, my name is {} and I have a question."),
    _canary("LOCATION", "Chicago", "I moved from there to {} last year."),
    _canary("EMAIL_ADDRESS", "maria.garcia@example.com", "Please write to {} today."),
    _canary("PHONE_NUMBER", "415-555-0132", "Call me at {} after five."),
    _canary("CREDIT_CARD", "4111 1111 1111 1111", "My card {} was charged twice."),
    _canary("IBAN_CODE", "GB82WEST12345698765432", "Refund to the IBAN {} please."),
    _canary("US_SSN", "536-22-1234", "My social security number is {} as you asked."),
    _canary("US_ITIN", "911-70-1234", "My ITIN, the individual taxpayer id, is {} since May."),
    _canary("US_PASSPORT", "912803456", "My US passport number is {} for the booking."),
    _canary("US_BANK_NUMBER", "945456787654", "The bank account number is {} at the same bank."),
    _canary("UK_NHS", "401-023-2137", "My NHS number is {} in the letter."),
    _canary("MEDICAL_LICENSE", "BB1388568", "The doctor has the DEA medical certificate {} there."),
    _canary("IP_ADDRESS", "192.0.2.146", "I was logged in from {} at noon."),
    _canary("CRYPTO", "16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ", "Send it to my bitcoin wallet {} then."),
)

NUMBERS: tuple[tuple[str, str], ...] = (
    ("card_number", "4111111111111111"),
    ("ssn", "536221234"),
    ("credit_card", "5555555555554444"),
)
"""Values that arrive as JSON numbers, with the key that gives them away."""


def traces(value: str) -> Iterator[bytes]:
    """The byte strings that `value` could have left behind (compare casefolded)."""
    raw = value.encode()
    compact = re.sub(r"[ \-().]", "", value).encode()
    forms = {
        raw,
        quote(value, safe="").encode(),
        quote_plus(value).encode(),
        json.dumps(value)[1:-1].encode(),
    }
    if len(compact) >= 8:
        forms.add(compact)
    yield from sorted(forms)
    yield raw[::-1]
    yield raw.hex().encode()
    for shift in range(3):
        # Keep what does not depend on the surrounding text: cut the characters that mix with neighbours.
        encoded = base64.b64encode(b"\0" * shift + raw)
        start = 0 if shift == 0 else shift + 1
        body = encoded[start : len(encoded) - 4]
        if len(body) >= 8:
            yield body
            yield body.translate(bytes.maketrans(b"+/", b"-_"))
    for algorithm in ("md5", "sha1", "sha256"):
        yield hashlib.new(algorithm, raw, usedforsecurity=False).hexdigest().encode()


def hunt(value: str, places: dict[str, bytes]) -> list[str]:
    """The names of the places that hold a trace of `value`, each with the form that was found."""
    found = []
    for name, content in places.items():
        folded = content.lower()
        found.extend(f"{name}: {trace!r}" for trace in traces(value) if trace.lower() in folded)
    return found
