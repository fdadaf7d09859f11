"""Percent-encoded text (RFC 3986, section 2.1; WHATWG URL, application/x-www-form-urlencoded), in place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote, unquote_to_bytes

from shield.domain import Edit
from shield.payload.splice import boundaries, splice

_UNIT = re.compile(rb"%[0-9A-Fa-f]{2}|.", re.DOTALL)
_CONTINUATION = range(0x80, 0xC0)  # bytes of UTF-8 that do not begin a code point


def decode_percent(raw: bytes, *, plus: bool) -> str | None:
    """The text of `raw`; with `plus`, `+` is a space. None where it is not UTF-8.

    A `%` that two hexadecimal digits do not follow stands for itself.
    """
    if plus:
        raw = raw.replace(b"+", b" ")
    if b"%" in raw:
        raw = unquote_to_bytes(raw)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def encode_percent(text: str) -> bytes:
    """`text` with all but RFC 3986's unreserved characters escaped; every reader takes `%20` for a space."""
    return quote(text, safe="", errors="replace").encode()


def edit_percent(raw: bytes, text: str, edits: Sequence[Edit]) -> bytes:
    """`raw` after `edits`, whose offsets are code points of `text`, its decoded form."""
    points = boundaries(edits, len(text))
    starts = [
        unit.start()
        for unit in _UNIT.finditer(raw)
        if (int(unit[0][1:], 16) if len(unit[0]) == len(b"%00") else unit[0][0]) not in _CONTINUATION
    ]
    starts.append(len(raw))
    return splice(raw, edits, [starts[point] for point in points], encode_percent)
