"""Finds passports, visas and identity cards by their machine-readable zone."""

# ruff: noqa: ARG002, PLR2004  # an interface; lengths of the format
from __future__ import annotations

from shield.analyzer.recognizers.labelled import Match, Sort, ValuePattern, ValuePatternRecognizer
from shield.analyzer.recognizers.national.checks import mrz

_SURE = 0.95
_TD3 = r"P[A-Z<][A-Z<]{42}\s{1,3}[A-Z\d<]{9}\d[A-Z<]{3}\d{7}[MFX<]\d{7}[A-Z\d<]{14}[\d<]\d"
_TD2 = r"[ACIP][A-Z<][A-Z<]{34}\s{1,3}[A-Z\d<]{9}[\d<][A-Z<]{3}\d{7}[MFX<]\d{7}[A-Z\d<]{7}\d"
_TD1 = r"[ACI][A-Z\d<][A-Z<]{3}[A-Z\d<]{25}\s{1,3}\d{7}[MFX<]\d{7}[A-Z<]{3}[A-Z\d<]{11}\d\s{1,3}[A-Z<]{30}"


class MachineReadableZoneRecognizer(ValuePatternRecognizer):
    """Its two or three lines as a whole (ICAO Doc 9303); number, birth and expiry must check."""

    ENTITY = "TRAVEL_DOCUMENT"
    PATTERNS = (
        ValuePattern("TD3", r"(?<![\w<])" + _TD3 + r"(?![\w<])", _SURE),
        ValuePattern("TD2", r"(?<![\w<])" + _TD2 + r"(?![\w<])", _SURE),
        ValuePattern("TD1", r"(?<![\w<])" + _TD1 + r"(?![\w<])", _SURE),
    )
    CONTEXT = ("passport", "mrz")

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        if not value.isascii():
            return 0.0
        lines = value.upper().split()
        if len(lines) == 3:
            number, dates = lines[0][5:15], lines[1]
            fields = (number, dates[0:7], dates[8:15])
        else:
            dates = lines[1]
            fields = (dates[0:10], dates[13:20], dates[21:28])
        # A long number continues in the optional field, with a filler in place of its check digit.
        held = [mrz(field[:-1], field[-1]) for field in fields if field[-1] != "<"]
        return _SURE if len(held) > 1 and all(held) else 0.0
