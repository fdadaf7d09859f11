"""Finds postcodes: by a strong form (UK, Canada, Netherlands), or digits next to a label, a state or a city.

Forms: UK BS 7666 with the inward letters of Royal Mail's PAF; Canada Post: no D F I O Q U, first also no
W Z; the Netherlands: no leading 0, letters not SA SD SS. Digits alone are never a postcode.
"""

# ruff: noqa: E501  # patterns and tables, one a line
from __future__ import annotations

from shield.analyzer.recognizers.labelled import (
    FARTHER,
    LABEL_START,
    NOT_QUANTITY,
    ValuePattern,
    ValuePatternRecognizer,
    begun,
)
from shield.analyzer.recognizers.letter_case import CAPITAL, SMALL
from shield.analyzer.recognizers.places import CITIES, PROVINCES, STATE_NAMES, US_STATES, alternatives

_UK = (
    r"(?:gir\s?0aa|(?:[a-pr-uwyz](?:[0-9]{1,2}|[a-hk-y][0-9]|[a-hk-y][0-9][0-9]|[0-9][a-hjkps-uw]|"
    r"[a-hk-y][0-9][abehmnprv-y])))"
)
_UK_INWARD = r"[0-9][abd-hjlnp-uw-z]{2}"
_LABEL = (
    r"(?:(?:zip|postal|post|pin|area)\s?-?codes?|zips?|postcode|eircode|plz|postleitzahl|pin(?=\s?code)|"
    r"c\.?p\.?(?=\s?:)|código postal|codigo postal|cód\. ?postal|code postal|cap(?=\s?:)|(?-i:CAP)(?=\s\d{5}(?!\d))|codice postale|postcode|kod pocztowy|cep)"
    r"(?:\s(?:number|no|num))?"
)
_LABELS = (
    r"zip|(?:postal|post|pin|area)\s?-?code|eircode|plz|postleitzahl|c\.?p\.?\s?:|c(?:ó|o)digo postal|cód\. ?postal|code postal|"
    r"cap\s?:|cap\s\d{5}|codice postale|kod pocztowy|cep"
)
_SCANNED = begun(_LABELS)
"""The start of each label; including all that may stand between it and its value, it is too large to scan for."""
_SCANNED_LENGTH = 16  # code points of the longest
_AMBIGUOUS_STATES = [
    "IN",
    "OR",
    "ME",
    "OK",
    "HI",
    "OH",
    "LA",
    "CO",
    "DE",
    "ID",
    "AL",
    "MA",
    "PA",
    "AK",
    "AS",
    "MS",
    "MD",
    "MI",
]
_STATES = [state for state in US_STATES if state not in _AMBIGUOUS_STATES]
_UPPER = "|".join([*US_STATES, *PROVINCES])
_WAY = r"\b(?:calle|c/|avda?|avenida|paseo|plaza|carrer|rue|via|viale|piazza|corso|hospital)\b|(?:straße|strasse|str\.|platz|weg|allee|gasse)\s"
_AND = r"(?:\s{1,2}(?:and|city)\s|[\s,.\-]{1,3})(?:(?:the|my)\s)?"


class PostcodeRecognizer(ValuePatternRecognizer):
    """Postcodes of a strong form, and digits beside what makes them a postcode."""

    ENTITY = "POSTCODE"
    PATTERNS = (
        ValuePattern("UK", rf"(?<![\w-])(?P<value>{_UK}\s{_UK_INWARD})(?![\w-])", 0.7),
        ValuePattern(
            "UK without space",
            r"(?<![\w-])(?P<value>(?-i:(?:[A-PR-UWYZ][A-HK-Y]?[0-9][0-9A-Z]?)[0-9][ABD-HJLNP-UW-Z]{2}))(?![\w-])",
            0.3,
        ),
        ValuePattern(
            "Canada",
            r"(?<![\w-])(?P<value>[abceghj-nprstvxy][0-9][abceghj-nprstv-z][\s\-][0-9][abceghj-nprstv-z][0-9])(?![\w-])",
            0.75,
        ),
        ValuePattern(
            "Canada without space",
            r"(?<![\w-])(?P<value>[abceghj-nprstvxy][0-9][abceghj-nprstv-z][0-9][abceghj-nprstv-z][0-9])(?![\w-])",
            0.4,
        ),
        ValuePattern(
            "Netherlands",
            r"(?<![\w.,-])(?P<value>(?-i:[1-9][0-9]{3}\s?(?!S[ADS])[A-Z]{2}))(?=\s{1,2}(?-i:[A-Z])|\s{0,2}[,.\n]|\s{0,2}\Z)(?!\s?(?:USD|EUR|GBP))",
            0.35,
        ),
        ValuePattern(
            "label and digits",
            rf"{LABEL_START}(?:{_LABEL})(?![^\W\d_]){FARTHER}\s{{0,2}}(?P<value>\d{{3}}\s\d{{3}}|\d{{2}}-\d{{3}}|\d{{4,5}}-\d{{3,4}}|\d{{4,6}}(?:\s?[A-Z]{{2}})?)(?![\w-]|[.,]\d){NOT_QUANTITY}",
            0.85,
            _SCANNED,
            _SCANNED_LENGTH,
        ),
        ValuePattern(
            "label and letters with digits",
            rf"{LABEL_START}(?:{_LABEL})(?![^\W\d_]){FARTHER}\s{{0,2}}(?P<value>[A-Z]\d[\dW]\s?(?=[A-Z]{{0,3}}\d)[A-Z\d]{{4}}|[A-Z]\d[A-Z][\s-]?\d[A-Z]\d|[A-Z]{{1,2}}\d[A-Z\d]?(?:\s?\d[A-Z]{{2}})?)(?![\w-])",
            0.85,
            _SCANNED,
            _SCANNED_LENGTH,
        ),
        ValuePattern(
            "state in capitals and digits",
            rf"(?-i:(?<![\w])(?:{_UPPER})),?\s{{1,2}}(?P<value>\d{{5}}(?:-\d{{4}})?|(?<=(?:NSW|VIC|QLD|TAS|ACT|WA|SA|NT)\s{{1,2}})\d{{4}})(?![\w-]|[.,]\d){NOT_QUANTITY}",
            0.8,
        ),
        ValuePattern(
            "state or city and digits",
            rf"(?<![\w-])(?:{alternatives([*STATE_NAMES, *CITIES])}|(?:{'|'.join(_STATES)})){_AND}(?P<value>\d{{5,6}}(?:-\d{{4}})?)(?![\w-]|[.,]\d){NOT_QUANTITY}",
            0.7,
        ),
        ValuePattern(
            "city, its name and digits",
            rf"{LABEL_START}city\s(?:name\s)?(?:is\s)?(?:[^\W\d_]{{2,15}}\s){{1,3}}?(?:and\s)?(?:the\s|my\s)?(?P<value>\d{{5,7}})(?![\w-]|[.,]\d){NOT_QUANTITY}",
            0.65,
            begun(r"city\s"),
            8,
        ),
        ValuePattern(
            "digits, a city and a state at the end",
            rf"(?<![\w.,-])(?P<value>\d{{5}})\s{{1,3}}(?=(?:[^\W\d_]{{2,15}}\s){{1,3}}(?:{'|'.join(US_STATES)})\s{{0,2}}\Z)",
            0.65,
        ),
        ValuePattern(
            "digits and a city",
            rf"(?<![\w.,-])(?P<value>(?:(?:D|F|A|CH|E|I)-)?\d{{5,6}})\s(?=(?:{alternatives(CITIES)})(?![^\W_]))",
            0.7,
            rf"\d{{5}}\s(?:{alternatives(CITIES)})",
            48,
        ),
        ValuePattern(
            "Poland, digits and a place",
            rf"(?<![\w.,-])(?P<value>\d{{2}}-\d{{3}})(?=\s{CAPITAL}{SMALL}{{2}})",
            0.7,
            r"(?<!\w)\d{2}-\d{3}\s[^\W\d_]{3}",
            12,
        ),
        ValuePattern(
            "street, digits and a place",
            rf"(?:{_WAY})[^\n]{{2,60}}?[\d.,ºª/a-z][,.]?\s{{1,2}}(?P<value>\d{{5}})[.,]?\s(?={CAPITAL}[^\W\d_]{{2}})",
            0.7,
            r"\s\d{5}[.,]?\s[^\W\d_]{3}",
            96,
        ),
        ValuePattern(  # RFC 6350, 6.3.1: box; extended; street; locality; region; code; country
            "of a vCard",
            r"(?<![^\s])(?:item\d\.)?ADR(?:;[^:\n]{0,40})?:(?:[^;\n]{0,80};){5}(?P<value>(?=[^;\n\d]{0,11}\d)[^;\n]{3,12})(?=;|\n|\Z)",
            0.85,
            r"ADR[;:]",
            12,
        ),
    )
    CONTEXT = ("postcode", "zip", "zipcode", "address", "live", "deliver", "postal")
