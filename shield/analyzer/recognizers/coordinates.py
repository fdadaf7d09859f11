"""Finds coordinates exact enough to show a home: four decimals (11 m) or degrees, minutes and seconds."""

# ruff: noqa: ARG002, E501, RUF001  # an interface; patterns, one a line; signs of degrees
from __future__ import annotations

from shield.analyzer.recognizers.labelled import (
    LABEL_START,
    LINK,
    Match,
    Sort,
    ValuePattern,
    ValuePatternRecognizer,
)

_LATITUDE = r"[+\-]?(?:90(?:\.0{1,9})?|[0-8]?\d(?:\.\d{4,15}))"
_LONGITUDE = r"[+\-]?(?:180(?:\.0{1,9})?|(?:1[0-7]\d|\d{1,2})\.\d{4,15})"
_DECIMAL = Sort("decimal degrees", 0.6)
_DOUBTFUL = 0.3
_DMS = r"\d{1,3}\s?°\s?\d{1,2}\s?['′’]\s?(?:\d{1,2}(?:[.,]\d{1,4})?\s?(?:\"|″|''|”)\s?)?"


class CoordinatesRecognizer(ValuePatternRecognizer):
    """Pairs of coordinates, and one of the two behind its label."""

    ENTITY = "COORDINATES"
    PATTERNS = (
        ValuePattern(
            "decimal degrees",
            rf"(?<![\w.,+\-])(?P<value>{_LATITUDE}(?:\s?°\s?[NS]?)?\s?[,;/ ]\s?{_LONGITUDE}(?:\s?°?\s?[EW])?)(?![\w]|[.,]\d)",
            _DECIMAL,
        ),
        ValuePattern(
            "degrees, minutes, seconds",
            rf"(?<![\w.])(?P<value>{_DMS}[NS][\s,;]{{0,3}}{_DMS}[EWO])(?![\w])",
            0.9,
            r"\d\s?°",
        ),
        ValuePattern(
            "geo URI (RFC 5870)", rf"(?<![\w])geo:(?P<value>{_LATITUDE},{_LONGITUDE})", 0.9, r"geo:"
        ),
        ValuePattern(
            "in a map's URL",
            rf"(?:[?&]q=|[?&]ll=|/@|[?&]query=)(?P<value>{_LATITUDE}(?:,|%2C){_LONGITUDE})",
            0.9,
            r"q=|ll=|/@|query=",
        ),
        ValuePattern(
            "label and one of the two",
            rf"{LABEL_START}(?:lat|latitude|lng|lon|long|longitude)[\"']?{LINK}(?P<value>[+\-]?\d{{1,3}}\.\d{{4,15}})(?![\w])",
            0.8,
            r"lat|latitude|lng|lon|long|longitude",
        ),
    )
    CONTEXT = ("location", "coordinates", "gps", "latitude", "longitude", "lat", "position", "geo", "map")

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        # At this length, two measurements with the same number of decimals are more common.
        if sort == _DECIMAL and not any(c in value for c in ",;/°"):
            return _DOUBTFUL
        return sort.score
