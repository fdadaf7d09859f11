"""Finds device identifiers: IMEI by Luhn and label, and the identifiers of phones after a label.

MAC addresses are Presidio's own recognizer.
"""

# ruff: noqa: E501  # patterns, one a line
from __future__ import annotations

from shield.analyzer.luhn import luhn
from shield.analyzer.recognizers.labelled import (
    LABEL_START,
    Match,
    Sort,
    ValuePattern,
    ValuePatternRecognizer,
    labelled,
)

_LABEL = r"imei(?:\s?[12])?(?:\s(?:number|no|num|code))?|meid|imsi|iccid|sim\s(?:number|card\snumber)"
_DEVICE = (
    r"(?:device|hardware|phone|handset|android|advertising|installation)[\s_\-]?(?:serial|id|identifier)s?(?:\s?(?:number|no))?|"
    r"serial(?:\s?(?:number|no|num|nr|#))|s/n|udid|idfa|idfv|gaid|aaid|seriennummer|serienummer|numer seryjny|número de serie|número de série|numéro de série|numero di serie|"
    r"(?:electric(?:ity)?\s|gas\s|water\s)?meter\s(?:number|no|id)|zähler-?(?:nummer|nr)\.?|meternummer|(?:numéro|n°) de compteur|número (?:de|do) contador|(?:numer|nr) licznika"
)
_IMEI_DIGITS = 15
_AMERICAN_EXPRESS = ("34", "37")
_GROUPED = 0.6  # the score of an IMEI in groups, which no other number has


class DeviceIdRecognizer(ValuePatternRecognizer):
    """IMEI numbers, and serial numbers and identifiers of devices."""

    ENTITY = "DEVICE_ID"
    PATTERNS = (
        ValuePattern(
            "IMEI",
            r"(?<![\w.,+\-])(?P<imei>\d{15}|\d{2}[ \-]\d{6}[ \-]\d{6}[ \-]\d|\d{6}[ \-]\d{2}[ \-]\d{6}[ \-]\d)(?![\w\-]|[.,]\d)",
            0.4,
        ),
        ValuePattern("label and digits", labelled(_LABEL, r"\d[\d \-]{12,21}\d"), 0.85, _LABEL),
        ValuePattern(
            "label and UUID", labelled(_DEVICE, r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"), 0.85, _DEVICE
        ),
        ValuePattern(
            "label and letters with digits",
            labelled(_DEVICE, r"(?=[A-Z\-]{0,16}\d)[A-Z0-9][A-Z0-9\-]{6,38}[A-Z0-9]"),
            0.7,
            _DEVICE,
        ),
        ValuePattern(
            "serial, letters and digits",
            rf"{LABEL_START}serial[:#]?\s{{1,2}}(?P<value>(?-i:(?=[A-Z]{{0,11}}\d)(?=\d{{0,11}}[A-Z])[A-Z\d]{{8,20}}))(?![\w\-])",
            0.7,
            r"serial",
        ),
        ValuePattern(
            "device, letters and digits",
            rf"{LABEL_START}device[:#]?\s{{1,2}}(?P<value>(?-i:(?=[A-Z]{{0,11}}\d)(?=\d{{0,11}}[A-Z])[A-Z\d]{{10,20}}))(?![\w\-])",
            0.7,
            r"device",
        ),
        ValuePattern(
            "serial is, letters and digits in groups",
            rf"{LABEL_START}serial(?:\s(?:is|was|=)\s|\s?[:#]\s?|\s(?=(?-i:[A-Z]{{1,4}})-[A-Z\d]))(?P<value>(?=(?:[A-Z\-]{{0,16}}\d){{5}})[A-Z\d](?:[A-Z\d]|-(?=[A-Z\d])){{7,30}})(?![\w\-])",
            0.7,
            r"serial",
        ),
    )
    CONTEXT = ("imei", "device", "handset", "phone's", "serial")

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        if "imei" not in match.groupdict():
            return sort.score
        number = "".join(c for c in value if c.isdigit())
        if (
            len(number) != _IMEI_DIGITS
            or not value.isascii()
            or not luhn(number)
            or number.startswith(_AMERICAN_EXPRESS)
        ):
            return 0.0
        return sort.score if value.isdigit() else _GROUPED
