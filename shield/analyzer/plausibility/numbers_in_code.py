"""Recognizes numbers and codes of the model that are settings, codes of errors, records and rows of a table.

Each test reads a bounded number of characters.
"""

from __future__ import annotations

import re
from typing import Final

_REACH: Final = 40  # code points before a number that are read
_SETTING: Final = re.compile(
    r"(?<![^\W_])(?:(?:max|min)[\-_][a-z]{2,16}|(?:content[\-_])?length|size|bytes|timeout|ttl|mtu|rss|port|seq"
    r"|width|height|lineno|colno|duration(?:_ms)?|limit|offset)[\"']?[ ]?[=:][ ]?\Z",
    re.IGNORECASE,
)
"""Names of settings and measures before their value: "max-age=31536000"."""
_CODE_OF_ERROR: Final = re.compile(r"[A-Z]{2,8}-\d{2,5}")
_SQL: Final = re.compile(r"\b(?:from|into|update|join|table|index|on|references)\s\Z", re.IGNORECASE)
_OF_TABLES: Final = re.compile(r"\w{1,63}(?:\.\w{1,63})?\s{0,2}(?:\(|\bset\b|\bwhere\b|;)", re.IGNORECASE)
_SALESFORCE: Final = re.compile(
    r"(?=\d{0,17}[A-Za-z])[05a][0-9A-Za-z]{2}[0-9A-Za-z]{2}0[0-9A-Za-z]{9}(?:[A-Z0-5]{3})?"
)
"""The id of a record: object, instance, a reserved zero, number; three characters for its case."""
_RANGE_IN_COLUMNS: Final = re.compile(r"(?<!\d)(\d{1,3})-(\d{1,3})(?!\d)")
_APART: Final = re.compile(r"\d[ ]{2,}\d")


def is_of_code(text: str, start: int, end: int, label: str) -> bool:
    """Whether a number or code is a setting's value, a record's id, a table's name or an error's code."""
    before = text[start - 1 : start] if start else ""
    if before and before in "=: " and _SETTING.search(text, max(0, start - _REACH), start) is not None:
        return True
    if label == "PASSWORD":
        return _CODE_OF_ERROR.fullmatch(text, start, end) is not None and (
            before in {"|", ">", "\n"} or text.endswith("| ", max(0, start - 2), start)
        )
    if label == "USERNAME":
        return _OF_TABLES.match(text, start) is not None and (
            _SQL.search(text, max(0, start - _REACH), start) is not None
        )
    if end - start in {15, 18} and _SALESFORCE.fullmatch(text, start, end) is not None:
        return True
    return _is_row(text, start, end)


def _is_row(text: str, start: int, end: int) -> bool:
    """Whether it is cells of a table in columns, with ranges among them: "6  34   2  80-82   62-64"."""
    if _APART.search(text, start, end) is None:
        return False
    ranges = _RANGE_IN_COLUMNS.findall(text[start:end])
    return bool(ranges) and all(int(low) < int(high) for low, high in ranges)
