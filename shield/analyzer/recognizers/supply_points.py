"""Patterns of the numbers of supply points of electricity and gas: each stands for a home.

Forms: MPAN (MRA, United Kingdom: 13 digits, 21 with the top line), MPRN (6 to 11), PDL and PCE of France, PDR of
Italy (14), EAN of the Netherlands and Belgium and PPE of Poland (18), market locations of Germany (11), ESI ID of
Texas (17 or 22), NMI of Australia (10 or 11). Digits alone are one behind a label. CUPS of Spain, CPE of Portugal,
POD of Italy and metering points of Germany and Austria are known by their form.
"""

# ruff: noqa: E501  # patterns, one a line
from __future__ import annotations

from typing import Final

from shield.analyzer.recognizers.labelled import ValuePattern, labelled

_LABEL: Final = (
    r"mpans?|mprn|gprn|nmi|esi[ ]?id|(?:meter[ ]point|supply[ ]point|metering[ ]point)(?:[ ](?:administration|reference))?|"
    r"(?:electricity|gas|energy)[ ]supply|pdl|prm|pce|point[ ]de[ ]livraison|pdr|punto[ ]di[ ]riconsegna|"
    r"ean(?:-?code)?(?=[^\d\n]{0,24}\d{18}(?!\d))|ppe|punktu[ ]poboru(?:[ ]energii)?|(?:markt|mess)lokation(?:s-?id|snummer)?|m[ae]lo(?:-?id)?|zählpunkt(?:bezeichnung)?"
)
_NUMBER: Final = r"(?:[ ](?:core|top[ ]line|bottom[ ]line|number|no|nr|code|id|gas|elektriciteit|stroom|électricité|gaz)\.?){0,2}"
_DIGITS: Final = r"(?:S[ ]?)?\d(?:[ \-]?\d){5,21}"
_LETTER_GROUPS: Final = (
    r"(?-i:ES|PT)[ ]?\d{4}[ ]?\d{4}[ ]?\d{4}[ ]?\d{4}[ ]?(?-i:[A-Z]{2})(?:[ ]?\d(?-i:[FPRCXYZ]))?"
)


def supply_point_patterns() -> tuple[ValuePattern, ...]:
    """The patterns of supply points, for account numbers."""
    return (
        ValuePattern(
            "label and number of a supply point",
            labelled(rf"(?:{_LABEL}){_NUMBER}", _DIGITS, after=r"(?![\w\-]|[.,]\d)"),
            0.85,
            _LABEL,
        ),
        ValuePattern(
            "supply point of Spain or Portugal",
            rf"(?<![^\W_])(?P<value>{_LETTER_GROUPS})(?![^\W_])",
            0.85,
            r"(?:ES|PT)[ ]?\d{4}[ ]?\d{4}[ ]?\d{4}[ ]?\d{4}[ ]?[A-Z]{2}",
            28,
        ),
        ValuePattern(
            "supply point of Italy",
            r"(?<![^\W_])(?P<value>(?-i:IT)[ ]?\d{3}[ ]?(?-i:E)[ ]?\d{8}(?-i:[A-Z\d])?)(?![^\W_])",
            0.85,
            r"IT[ ]?\d{3}[ ]?E[ ]?\d{8}",
            18,
        ),
        ValuePattern(
            "metering point of Germany or Austria",
            r"(?<![^\W_])(?P<value>(?-i:DE|AT)\d{11}(?-i:[A-Z\d]{20}))(?![^\W_])",
            0.85,
            r"(?:DE|AT)\d{11}",
            16,
        ),
    )
