"""Splits a member's name into words, even where they are run together: `dateofbirth`, `LICENSEPLATE`.

Run-together words are split only in phrases that name personal data: "together" is not "to get her". Those
that the tables of names know as one word (`firstname`, `username`) are left as they are.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

from shield.analyzer.translated_keys import translated
from shield.analyzer.views.folded import folded

_PHRASES: Final = """
date of birth|birth date|place of birth|display name|contact name|employee name|customer name|client name|
patient name|guest name|passenger name|caller name|sender name|recipient name|requester name|applicant name|
cardholder name|card holder|account holder|account holder name|policy holder|maiden name|mother maiden name|
mothers maiden name|emergency contact|next of kin|security answer|secret answer|license plate|licence plate|
license number|licence number|driver license|drivers license|driver license number|drivers license number|
driving licence|driving licence number|passport number|plate number|customer number|member number|
membership number|account number|bank account|bank account number|routing number|sort code|card number|
credit card|credit card number|card security code|security code|insurance number|policy number|
medical record number|patient number|social security|social security number|national id|
national insurance number|national insurance|tax id|tax number|tax identification number|identity number|
nhs number|home phone|work phone|mobile phone|cell phone|home address|billing address|shipping address|
delivery address|mailing address|postal address|street name|device id|serial number|secret key|access token|
customer pin|user pin|card pin|atm pin|phone pin|pin code|pin number|user password|account password|
login password|old password|new password|current password|confirm password|acct num|acct no|account no|
birth dt|gate code|door code|entry code|alarm code|government id|passport no|license no|licence no|
refresh token|client secret|private key|auth token|verification code|one time code|one time password
"""
_KEY_WORD: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[^\W\d_A-Z]+|[A-Z]+|\d+")
_LONGEST: Final = 200  # code points of a name that are read
_RUN_TOGETHER: Final = MappingProxyType(
    {"".join(phrase.split()): tuple(phrase.split()) for phrase in _PHRASES.replace("\n", "").split("|")}
)
"""A name in lower case -> its words."""


def key_words(name: str) -> tuple[str, ...]:
    """`customerHomePhone`, `customer_home_phone`, `customer-home-phone` -> customer, home, phone.

    A name in look-alike letters, or with invisible ones, is read as it looks; one in another writing
    system as its English words.
    """
    if not name.isascii():
        words = translated(name[:_LONGEST])
        if words is not None:
            return words
        if (view := folded(name[:_LONGEST])[0]) is not None:
            name = view.text
    # Salesforce ends the names of custom fields in __c, Kustomer of text in Str: it means nothing here.
    name = name.removesuffix("__c")
    if name.endswith("Str"):
        name = name[:-3] or name
    words = tuple(word.lower() for word in _KEY_WORD.findall(name[:_LONGEST]))
    if _RUN_TOGETHER.keys().isdisjoint(words):  # the usual case
        return words
    return tuple([word for each in words for word in _RUN_TOGETHER.get(each, (each,))])
