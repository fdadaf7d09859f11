"""Tells which kind of number a number can be, by its form and by the words that name it.

The model knows that a number is personal long before it knows its kind: in "Refund 241" it sees the last
digits of a social security number. Each kind has a minimal form. A short form ("last four") is accepted in a
short turn, like an answer; in longer prose a word must name it. Where a word beside the number or the
question before it names another kind, that kind is offered first. The rules only remove or rename findings.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

from shield.analyzer.passages import SHORT
from shield.analyzer.stems import stem

LEAST_DIGITS: Final = MappingProxyType(
    {
        "US_SSN": 4,
        "CREDIT_CARD": 4,
        "ACCOUNT_NUMBER": 4,
        "NATIONAL_ID": 4,
        "MEDICAL_ID": 4,
        "PHONE_NUMBER": 4,
        "VEHICLE_ID": 1,
    }
)
"""Label -> the least digits that a number of this kind has."""

_WHOLE: Final = MappingProxyType({"US_SSN": 9, "CREDIT_CARD": 12, "PHONE_NUMBER": 7, "ACCOUNT_NUMBER": 7})
"""Label -> digits from which the number is not a short form."""
_AMOUNT: Final = 7  # digits from which a number is not an amount of money
_VEHICLE: Final = range(4, 21)  # letters and digits of a plate or a VIN, written with spaces at most
_LONG_WORD: Final = re.compile(r"[^\W\d_]{4}")
"""More letters than a group of a plate has."""
_NEAR, _AFTER = 60, 40  # code points before and after a number in which a word names it


def _table(words: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words.split())


_NAMED: Final = MappingProxyType(
    {
        word: label
        for label, words in {
            "US_SSN": "ssn social soc",
            "CREDIT_CARD": """card visa mastercard amex discover debit credit karte kreditkarte tarjeta carte
                carta cartão kaart karta""",
            "ACCOUNT_NUMBER": "account acct acnt ac konto kontonummer cuenta compte conto rekening conta",
            "PASSWORD": "pin password passcode otp passwort contraseña",
            "POSTCODE": "zip zipcode postcode postal plz cp",
            "PHONE_NUMBER": """phone mobile cell tel telephone telefon telefono teléfono téléphone telefoon
                handy portable whatsapp fax ext extension""",
        }.items()
        for word in _table(words)
    }
)
"""Word (stem) -> the label that it names."""
_SHORT_FORM: Final = _table(
    "last ending end four 4 letzte letzten vier últimos cuatro derniers quatre ultime quattro"
)
"""Words that announce the last digits of a number without saying its kind."""
_PAID: Final = _table(
    """refund charge charged pay paid paying payment transfer transferred deposit withdraw withdrew cost price
    total amount fee worth spent erstattung zahlung betrag gutschrift reembolso pago importe montant
    remboursement rimborso importo pagamento terugbetaling bedrag zwrot kwota"""
)
"""Words before an amount of money."""
_OF_TIME: Final = _table(
    "in since until till from by year during before after around circa seit en desde depuis"
)
"""Words before a year."""
_ANOTHER_THING: Final = _table(
    """order ticket invoice tracking case reference booking confirmation reservation sku item model serial
    version flight room group quantity many much price amount year meter reading odometer mileage
    pedido bestellung auftrag commande ordine bestelling zamówienia encomenda"""
)
"""Words of a question that asks for the number of a thing."""
_OF_CODES: Final = _table("code codes digit passcode secret código codice")
"""Words that make the answer a code, whatever thing the question is about."""
_LAST_SENTENCE: Final = re.compile(r"[.?!]\s{1,2}(?=\S)")
_YEAR: Final = re.compile(r"1[5-9]\d\d|20\d\d")
_WORD: Final = re.compile(r"[^\W_]+")
_TURN: Final = re.compile(
    r"(?:[\[(][\d:. ]{4,20}[\])]\s)?[\[(]?[^\W\d_][\w .\-]{0,24}[\])]?:\s{1,2}"
    r"(?:(?:it['\u2019]?s|it is|that['\u2019]?s|yes|yeah|sure|ok|okay|the|number|is|um|uh)[\s,.]{1,2}){0,4}",
    re.IGNORECASE,
)
"""The beginning of a turn up to the value that answers."""
_ABOVE: Final = 160  # code points of the line before that are read
_IS: Final = re.compile(
    r"\s{0,2},?\s{0,2}(?:that |this )?(?:is|was|for|as|it's)\b((?:\s{1,2}[^\W\d_]+){1,4})"
)


def kinds_of(text: str, start: int, end: int, label: str, before: str = "") -> tuple[str, ...]:
    """The labels that `text[start:end]` can have, the likeliest first; empty where there is none.

    `before` is what was said before `text`. Reads a bounded number of characters.
    """
    if _is_asked_above(text, start):
        return ()
    value = text[start : min(end, start + 200)]
    digits = sum(map(str.isdigit, value))
    least = LEAST_DIGITS.get(label)
    if not digits and label in LEAST_DIGITS and before and _asked_for_a_thing(text, start, end, before):
        return ()
    if not digits or (least is None and digits >= _AMOUNT):
        return (label,)
    if least is None and before and _asked_for_a_thing(text, start, end, before):
        return ()
    if digits < (least or 0):
        return ()
    if label == "VEHICLE_ID":
        if sum(map(str.isalnum, value)) not in _VEHICLE or ("," in value and _LONG_WORD.search(value)):
            return ()
        return (label,)
    whole = digits >= _WHOLE.get(label, 0)
    if whole and digits >= _AMOUNT:
        return (label,)
    said = _WORD.findall(text, max(0, start - _NEAR), start)
    if digits < _AMOUNT and said and stem(said[-1].lower()) in _PAID:
        return ()
    if whole:  # as most numbers are: the words further off are not read
        return (label,)
    return _short_form(text, (start, end), label, [stem(word.lower()) for word in said], before)


def _short_form(
    text: str, span: tuple[int, int], label: str, words: list[str], before: str
) -> tuple[str, ...]:
    """The labels that a few digits can have, by the words (stems) before them and what was said before."""
    named = _named(text, span[1], label, words, before)
    if named is not None:
        return (label,) if named == label else (named, label)
    if label == "PHONE_NUMBER":
        return ()
    if words and not _SHORT_FORM.isdisjoint(words):
        return (label,)
    asked = _words(before)
    if not _ANOTHER_THING.isdisjoint(asked) and _SHORT_FORM.isdisjoint(asked):
        return ()
    if words and words[-1] in _OF_TIME and _YEAR.fullmatch(text, *span):
        return ()
    return (label,) if len(text) <= SHORT else ()


def _asked_for_a_thing(text: str, start: int, end: int, before: str) -> bool:
    """Whether a short turn answers a question for something not personal: "the final meter reading?"."""
    if len(text) > SHORT:
        return False
    asked = _words(_LAST_SENTENCE.split(before)[-1])
    if _ANOTHER_THING.isdisjoint(asked) or not _OF_CODES.isdisjoint(asked):
        return False
    words = _words(text[max(0, start - _NEAR) : start])
    return _OF_CODES.isdisjoint(words) and _named(text, end, "", words, before) is None


def _is_asked_above(text: str, start: int) -> bool:
    """Whether the line before asks for a thing: "Agent: your order number?", then "Customer: it's 884201"."""
    head = text.rfind("\n", max(0, start - _NEAR), start)
    if head <= 0 or _TURN.fullmatch(text, head + 1, start) is None:
        return False
    above = text[max(0, head - _ABOVE) : head].rstrip()
    if not above.endswith("?") and _TURN.match(above, above.rfind("\n") + 1) is None:
        return False  # a transcript without punctuation asks by a turn
    asked = _words(_LAST_SENTENCE.split(above.rpartition("\n")[2].rpartition(":")[2])[-1])
    return (
        not _ANOTHER_THING.isdisjoint(asked)
        and _OF_CODES.isdisjoint(asked)
        and _NAMED.keys().isdisjoint(asked)
    )


def _named(text: str, end: int, label: str, words: list[str], before: str) -> str | None:
    """The kind that the nearest word names: before the number, after it, or in the question."""
    for word in reversed(words):
        if word in _NAMED:
            return _NAMED[word]
    after = _IS.match(text, end, end + _AFTER)
    if after is not None:
        for word in _words(after.group(1)):
            if word in _NAMED:
                return _NAMED[word]
    asked = [_NAMED[word] for word in _words(before) if word in _NAMED]
    return label if label in asked else asked[-1] if asked else None


def _words(text: str) -> list[str]:
    """The stems of the words of a text."""
    return [stem(word.lower()) for word in _WORD.findall(text)]
