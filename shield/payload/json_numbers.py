"""Writes JSON numbers (RFC 8259, section 6) in the plain form that detectors read.

`4.111111111111111e15` and `4111111111111111.0` are the card number 4111111111111111 to every reader, so
detectors read that. The document keeps its literal.
"""

from __future__ import annotations

import re
from typing import Final

_PARTS: Final = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,4}))?")
_MOST_DIGITS: Final = 40  # no value of interest has more; 1e9999 must not be written out


def plain(literal: str) -> str:
    """`literal` without its exponent and without a fraction of zeros.

    Returned unchanged where it has neither, or more than `_MOST_DIGITS` digits before or after the point.
    """
    if not literal.endswith("0") and "e" not in literal and "E" not in literal:
        return literal
    match = _PARTS.fullmatch(literal)
    if match is None:
        return literal
    sign, whole, fraction, exponent = match[1], match[2], match[3] or "", match[4]
    if exponent is None and fraction.strip("0"):
        return literal
    digits, point = whole + fraction, len(whole) + int(exponent or 0)
    if not 0 < point <= _MOST_DIGITS or len(digits) - point > _MOST_DIGITS:
        return literal
    before = digits[:point].ljust(point, "0").lstrip("0") or "0"
    behind = digits[point:].rstrip("0")
    return f"{sign}{before}.{behind}" if behind else sign + before
