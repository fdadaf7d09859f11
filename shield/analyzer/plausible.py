"""What the model takes for personal data and is none, told by its form: numbers of things, codes.

The model reads words. That a run of digits is part of a hash, that what follows counts it ("46057 entries")
or that what stands before names it ("order", "Rechnung") is told better by rule. The rules only take away.
"""

# ruff: noqa: SIM905, RUF001  # tables of words read best as prose; texts have curly apostrophes
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from shield.analyzer.context import label_before, stem

NUMBERS: Final = frozenset(
    {
        "POSTCODE",
        "PHONE_NUMBER",
        "CREDIT_CARD",
        "US_SSN",
        "NATIONAL_ID",
        "ACCOUNT_NUMBER",
        "PASSWORD",
        "MEDICAL_ID",
        "VEHICLE_ID",
        "USERNAME",
    }
)
"""Labels whose spans are numbers or codes."""

_OTHER_THINGS: Final = frozenset(
    stem(word)
    for word in """
    order ticket invoice tracking track case reference ref confirmation sku item part serial model
    version build error request incident booking shipment parcel transaction receipt quote quantity po
    chapter page step gate flight room section row seat level channel port line unit bestellung
    rechnung auftrag vorgang bestelling factuur factura pedido commande facture ordine fattura
    encomenda fatura zamówienie faktura commit windows office boeing revision release branch issue
    patch ratio resolution""".split()
)
"""Words that name a number of something that is no person's."""
_CODES_OF_THINGS: Final = _OTHER_THINGS | frozenset(
    stem(word)
    for word in """
    status exit response return http reason result product promo promotion discount coupon voucher source qr
    country currency language color colour""".split()
)
"""Words that make the code after them one of a thing."""
_NAMES_IT: Final = frozenset(
    """pin code otp password passcode zip zipcode postcode postal ssn social account acct card phone plz
    cp""".split()
)
"""Words that name the number after them, whatever follows it."""
_GOES_ON: Final = frozenset(
    """a an and are as at because but by can cause dob email exp expire for from hello hey hi i i'd i'll
    i'm im if in is it it's its just let mam ma'am me my name no not now number of ok okay on or phone
    pin please plz pls sir so ssn sure tel thank thanks thx that that's thats the then there this thru
    to u und was we well what when which will with y ya yeah yep yes you your zip et e en è ist es
    est""".split()
)
"""Words that may follow a number that stands for itself; any other word is what it counts."""
_LABEL_WORDS: Final = frozenset(
    """ac account acct address an and answer api card carte código code cuenta curl cvc cvv date dear dob
    email driver expiry field geburtsdatum hello hi http https iban imei ip isbn json kontonummer
    license licence mac md5 mrn name nhs number nummer numéro of order pan passport password phone pin
    plate policy sécurité sha1 sha256 snippet sociale ssn street tel the ticket token unzip url user
    username uuid vin xml zip
    page chapter case invoice item version order mal está""".split()
)
"""Words of forms and of code: no name, address or number consists of these alone."""
_COUNTED: Final = 7  # digits from which nobody counts anything
_LEAST: Final = 3
_WORDS = re.compile(r"[^\W_]+")
_AFTER = re.compile(r"[^\S\n]*([^\W\d_][\w'’]*)")


def is_plausible(text: str, start: int, end: int, label: str, *, beside: bool) -> bool:
    """Whether `text[start:end]` can be what the model says it is. Reads a bounded number of characters.

    `beside` is whether a name or an address of the model's stands next to it (a postcode and its city).
    """
    span = text[start : min(end, start + 200)]
    words = [word.lower() for word in _WORDS.findall(span)]
    rest = [word for word in words if word not in _LABEL_WORDS]
    if len(rest) < len(words) and all(len(word) == 1 for word in rest):
        return False
    if label not in NUMBERS:
        return True
    if _is_part(text, start, end):
        return False
    figures = sum(map(str.isdigit, span))
    if not figures:
        return label in {"PASSWORD", "USERNAME"} or len(span) > 1
    before = label_before(text, start)
    said = before[-1] if before else ""
    if said in _OTHER_THINGS or _is_code_of_a_thing(before) or text[max(0, start - 1) : start] == "#":
        return False
    if not span.replace(" ", "").isdecimal() or figures >= _COUNTED:
        return True
    if figures < _LEAST:
        return False
    if beside or said in _NAMES_IT:
        return True
    after = _AFTER.match(text, end)
    return after is None or after.group(1).lower().replace("’", "'") in _GOES_ON


def _is_code_of_a_thing(before: Sequence[str]) -> bool:
    """Whether what stands before is "error code" or the like: not every code is somebody's."""
    return before[-1:] == ("code",) and len(before) > 1 and before[-2] in _CODES_OF_THINGS


def _is_part(text: str, start: int, end: int) -> bool:
    """Whether the span is cut out of a longer code, or is the whole part of an amount."""
    if start and (text[start - 1].isalnum() or text[start - 1] == "_"):
        return True
    if start > 1 and text[start - 1] in "-.," and text[start - 2].isalnum():
        return True
    if end < len(text) and (text[end].isalnum() or text[end] == "_"):
        return True
    return end + 1 < len(text) and text[end] in "-.,:" and text[end + 1].isalnum()
