"""Patterns of mail addresses other than street and number: boxes, rural routes, military; and of Nordic streets.

Military addresses: USPS Publication 28, section 225 (unit and box, APO, FPO or DPO, AA, AE or AP). Rural and
highway contract routes: sections 24 and 25.
"""

# ruff: noqa: E501, RUF001  # patterns, one a line; typographic characters
from __future__ import annotations

from typing import Final

from shield.analyzer.recognizers.labelled import ValuePattern

_BOX: Final = (
    r"p\.?\s?o\.?\s?box|g\.?p\.?o\.?\sbox|(?:private|locked)\s(?:mail\s?)?bag|postfach|postbus|postboks|apartado(?:\s(?:de correos|postal))?|"
    r"casella postale|case postale|boîte postale|caixa postal"
)
_MILITARY: Final = r"[AFD]PO[,\s]{1,3}(?-i:A[AEP])(?![^\W_])"
_NORDIC: Final = r"(?:gatan|gata|vägen|vegen|veien|gränd|stigen|katu|gade|vej)"
_SURE: Final = 0.85


def delivery_patterns(tail: str) -> tuple[ValuePattern, ...]:
    """The patterns; `tail` is an optional city, state and postcode after them (a group of that name)."""
    return (
        ValuePattern(
            "box",
            rf"(?P<value>(?<![\w])(?:{_BOX})\s(?:(?:no\.?|nr\.?|n°)\s)?(?:X\d{{1,5}}|\d{{1,7}}(?:\s\d\d(?!\d)){{0,2}}){tail}?)(?![^\W_])",
            _SURE,
            rf"\b(?:{_BOX})\s",
            24,
        ),
        ValuePattern(
            "rural route",
            rf"(?P<value>(?<![\w])(?:R\.?R\.?|rural\sroute|H\.?C\.?|star\sroute)\s?#?\d{{1,3}},?\s{{1,2}}box\s#?\d{{1,6}}[a-z]?{tail}?)(?![^\W_])",
            _SURE,
            r"\d,?\s{1,2}box\s#?\d",
            32,
        ),
        ValuePattern(
            "military",
            rf"(?P<value>(?<![\w])(?:(?:(?:PSC|CMR|OPS|unit)\s\d{{1,5}}(?:,?\s{{1,3}}box\s\d{{1,5}})?|US(?:S|NS|NV|CGC)\s(?-i:[A-Z])[\w'’.\-]{{0,19}}(?:\s(?-i:[A-Z])[\w'’.\-]{{0,19}}){{0,2}}),?\s{{1,3}})?{_MILITARY}(?:,?\s{{1,3}}\d{{5}}(?:-\d{{4}})?)?)(?![\w-])",
            _SURE,
            r"\b[afd]po[,\s]{1,3}a[aep]\b",
            110,
            digits=False,
        ),
        ValuePattern(
            "Sweden, Norway, Denmark, Finland",
            rf"(?P<value>(?<![\w])(?:(?-i:[A-ZÅÄÖÆØ])[\wåäöæøé.'’\-]{{1,20}}\s)?(?-i:[A-ZÅÄÖÆØ])(?!rigade|enegade)[^\W\d_]{{2,25}}{_NORDIC}\s\d{{1,4}}(?:\s?[a-h](?![^\W_]))?"
            r"(?:,\s(?:\d{3}\s?\d{2}|\d{4})\s(?-i:[A-ZÅÄÖÆØ])[^\W\d_]{1,20}(?:\s(?-i:[A-ZÅÄÖÆØ])(?![^\W_]))?)?)(?![\w%]|[.,:]\d)",
            0.7,
            rf"{_NORDIC}\s\d",
            64,
        ),
    )
