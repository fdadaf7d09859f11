"""The tables of docs/detection.md: what the groups `default`, `shield` and `national` find, and how.

`render` writes the table of entities, `render_national` that of the schemes of the group `national`; a test
keeps the document equal to them, and the rows equal to what the groups support.
"""

# ruff: noqa: RUF001  # typographic characters
from __future__ import annotations

from typing import NamedTuple

from shield.analyzer.recognizers.national.every import NATIONAL


class EntityNote(NamedTuple):
    """A row: `groups` of the catalogue have recognizers for the type; `operator` is a suggestion."""

    entity: str
    groups: str
    found_by: str
    checksum: str
    languages: str
    operator: str


_ANY = "any"
_EIGHT = "en de fr es it nl pt pl"
_NONE = "–"
_DEFAULT, _SHIELD, _BOTH, _NATIONAL = "default", "shield", "default, shield", "shield, national"
_ALWAYS = "any"  # found by the model or by names of members, whatever groups are selected

ENTITIES: tuple[EntityNote, ...] = (
    EntityNote(
        "PERSON",
        _ALWAYS,
        "model; key name; announced by a label, a phrase or a closing formula (`shield`)",
        _NONE,
        "of the model",
        "replace",
    ),
    EntityNote("LOCATION", _ALWAYS, "model; key name", _NONE, "of the model", "replace"),
    EntityNote("NRP", _ALWAYS, "model", _NONE, "of the model", "keep"),
    EntityNote("ORGANIZATION", _ALWAYS, "model", _NONE, "of the model", "keep"),
    EntityNote("DATE_TIME", _DEFAULT, "pattern; model; key name", _NONE, "en; of the model", "keep"),
    EntityNote("EMAIL_ADDRESS", _DEFAULT, "pattern; key name", "public suffix", _ANY, "replace"),
    EntityNote(
        "PHONE_NUMBER",
        _DEFAULT,
        "phonenumbers on runs of digits, the route's regions; label (`shield`); key name",
        "numbering plan",
        _ANY,
        "replace",
    ),
    EntityNote("URL", _DEFAULT, "pattern", "top-level domain", _ANY, "keep"),
    EntityNote("IP_ADDRESS", _DEFAULT, "pattern", "parsed", _ANY, "replace"),
    EntityNote("MAC_ADDRESS", _DEFAULT, "pattern", _NONE, _ANY, "replace"),
    EntityNote("UUID", _DEFAULT, "pattern", _NONE, _ANY, "keep"),
    EntityNote("CREDIT_CARD", _BOTH, "pattern", "Luhn", _ANY, "mask, last four kept"),
    EntityNote("CARD_EXPIRY", _SHIELD, "label, or after a card number; key name", _NONE, _EIGHT, "redact"),
    EntityNote(
        "CARD_CVV", _SHIELD, "label, or after a card number and its expiry; key name", _NONE, _EIGHT, "redact"
    ),
    EntityNote("IBAN_CODE", _DEFAULT, "pattern", "ISO 7064 mod 97-10", _ANY, "replace"),
    EntityNote(
        "ACCOUNT_NUMBER",
        _NATIONAL,
        "label; from … to … of a transfer; supply points of electricity and gas; key name; the schemes below",
        "by scheme",
        _EIGHT,
        "replace",
    ),
    EntityNote("CUSTOMER_ID", _SHIELD, "label; key name", _NONE, _EIGHT, "replace"),
    EntityNote(
        "CRYPTO",
        _BOTH,
        "pattern",
        "Base58Check, Bech32(m), EIP-55; an Ethereum address in one case needs context",
        _ANY,
        "replace",
    ),
    EntityNote("US_BANK_NUMBER", _DEFAULT, "pattern with context", _NONE, "en", "replace"),
    EntityNote(
        "US_SSN",
        _BOTH,
        "pattern; last four digits behind a label; key name",
        "reserved ranges",
        "en",
        "replace",
    ),
    EntityNote("US_ITIN", _DEFAULT, "pattern", "ranges", "en", "replace"),
    EntityNote("US_PASSPORT", _DEFAULT, "pattern with context", _NONE, "en", "replace"),
    EntityNote("US_DRIVER_LICENSE", _DEFAULT, "pattern with context", _NONE, "en", "replace"),
    EntityNote("UK_NHS", _DEFAULT, "pattern", "mod 11", "en", "replace"),
    EntityNote(
        "NATIONAL_ID",
        _NATIONAL,
        "pattern (FR NIR, BE, NL BSN, CH AHV, BR CPF, CN, IT codice fiscale, a person's number as VAT "
        "number), label (below); key name; the schemes below",
        "by scheme",
        _ANY,
        "replace",
    ),
    EntityNote(
        "TRAVEL_DOCUMENT",
        _SHIELD,
        "machine-readable zone of passports, visas and identity cards; label of a passport; key name",
        "ICAO 9303 (of the zone)",
        "any; label: " + _EIGHT,
        "redact",
    ),
    EntityNote("DRIVER_LICENSE", _SHIELD, "label; key name", _NONE, _EIGHT, "replace"),
    EntityNote(
        "INSURANCE_NUMBER",
        _SHIELD,
        "label (member, subscriber, policy number); key name",
        _NONE,
        _EIGHT,
        "replace",
    ),
    EntityNote("MEDICAL_LICENSE", _DEFAULT, "pattern", "Luhn of the DEA", "en", "replace"),
    EntityNote(
        "HEALTH_CONDITION",
        _SHIELD,
        "term of a list, with a person in the sentence or a telling key name",
        _NONE,
        _EIGHT,
        "redact",
    ),
    EntityNote(
        "MEDICATION",
        _SHIELD,
        "term of a list, with a person in the sentence or a telling key name",
        _NONE,
        _EIGHT,
        "redact",
    ),
    EntityNote("MEDICAL_RECORD_NUMBER", _SHIELD, "label; key name", _NONE, _EIGHT, "replace"),
    EntityNote(
        "DATE_OF_BIRTH",
        _SHIELD,
        "label before a date, also on the line before; a whole turn that is a date up to 2010; key name",
        _NONE,
        _EIGHT,
        "replace",
    ),
    EntityNote("AGE", _SHIELD, "90 and over, with a unit or label; key name", _NONE, _EIGHT, "replace"),
    EntityNote(
        "STREET_ADDRESS",
        _SHIELD,
        "forms of US, UK, IN, AU, CA, DE, FR, ES, IT, NL, BE, PL, PT, HU, TR, JP, Nordic, "
        "of Latin America; boxes, military; key name",
        _NONE,
        _EIGHT,
        "replace",
    ),
    EntityNote(
        "POSTCODE",
        _SHIELD,
        "form of UK, CA; NL with a place; digits next to a label, state or city; key name",
        _NONE,
        _EIGHT,
        "replace",
    ),
    EntityNote(
        "COORDINATES",
        _SHIELD,
        "pair with four decimals; degrees; map URL; key name",
        "range",
        _ANY,
        "replace",
    ),
    EntityNote(
        "PASSWORD",
        _SHIELD,
        "label; URL with credentials; beside words about logging in; key name",
        _NONE,
        _EIGHT,
        "redact",
    ),
    EntityNote("PIN", _SHIELD, "label; key name", _NONE, _EIGHT, "redact"),
    EntityNote("ONE_TIME_CODE", _SHIELD, "label; key name", _NONE, _EIGHT, "redact"),
    EntityNote("SECURITY_ANSWER", _SHIELD, "words of the question; key name", _NONE, _EIGHT, "redact"),
    EntityNote(
        "SECRET_KEY",
        _SHIELD,
        "issuer's prefix, PEM, JWT; name with entropy of at least 3 bits a character; seed phrase; key name",
        "entropy; BIP-39",
        _ANY,
        "redact",
    ),
    EntityNote(
        "USERNAME",
        _SHIELD,
        "label; handle in prose; link with credentials; profile URL; key name",
        _NONE,
        _EIGHT,
        "replace",
    ),
    EntityNote("DEVICE_ID", _SHIELD, "IMEI with context; label; key name", "Luhn (IMEI)", _EIGHT, "replace"),
    EntityNote(
        "VEHICLE_ID", _SHIELD, "VIN; key name", "49 CFR 565; without it only with context", _ANY, "replace"
    ),
    EntityNote(
        "LICENSE_PLATE",
        _SHIELD,
        "label; form of DE, ES, BR, UK, FR, IT beside a word for a car; key name",
        _NONE,
        _EIGHT,
        "replace",
    ),
    EntityNote(
        "VAT_NUMBER",
        _SHIELD,
        "letters of an EU state, XI, GB, CHE or NO and its check digits; label; key name",
        "by country",
        _EIGHT,
        "keep (a company's); replace where customers trade in person",
    ),
)


def render() -> str:
    """The table in Markdown, with its last line break."""
    lines = [
        "| entity | group | how it is found | checksum | languages | suggested operator |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| `{n.entity}` | {n.groups} | {n.found_by} | {n.checksum} | {n.languages} | {n.operator} |"
        for n in ENTITIES
    ]
    return "\n".join(lines) + "\n"


def render_national() -> str:
    """The table of national numbers in Markdown, by country, with its last line break."""
    lines = ["| country | number | entity | checksum | recognizer |", "|---|---|---|---|---|"]
    lines += [
        f"| {', '.join(cls.COUNTRIES)} | {cls.SCHEME} | `{cls.ENTITY}` | {cls.CHECK} | `{cls.__name__}` |"
        for cls in sorted(NATIONAL, key=lambda cls: (cls.COUNTRIES, cls.__name__))
    ]
    return "\n".join(lines) + "\n"
