"""The decoded view: base64, hexadecimal and quoted-printable runs that hold text, compressed or not.

A run is read in place of its encoded form, so a finding in it covers the encoded characters that it was
decoded from: for base64 and hexadecimal the whole run, for quoted-printable the escape sequence. What is
encoded within the text of a run is read too, two layers deep; other layers inside are not. What the run holds
is told by `contents`.
"""

from __future__ import annotations

import base64
import binascii
import re
from bisect import bisect_left
from typing import Final

from shield.analyzer.views.contents import Allowance, content_of, form_of, printable
from shield.analyzer.views.view import Draft, View

NAME = "decoded"
_BASE64 = re.compile(
    r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{12,}(?:\r?\n[A-Za-z0-9+/_-]{4,76})*={0,2}(?![A-Za-z0-9+/_-])"
)
# What may stand before is asked after the first digit: what begins with a class is found faster.
_HEX_RUN = re.compile(
    r"[0-9A-Fa-f](?<![0-9A-Za-z].)"
    r"(?:(?<=0)[xX][0-9A-Fa-f]{16,}|[0-9A-Fa-f]{15,}|[0-9A-Fa-f](?:[ :][0-9A-Fa-f]{2}){7,})(?![0-9A-Za-z])"
)
_QUOTED = re.compile(r"(?:=[0-9A-F]{2})+|=\r?\n")
_FIRST = 64  # characters decoded first: what is not text shows there
_LAYERS = 2  # of base64
_LEAST = 6  # characters of text that a run must hold
_CERTAIN = 16  # from here on nothing but text reads as text
_TELLING = re.compile(r"[0-9@]")
LEAST_BINARY: Final = 32
"""Characters of a run from which on it is asked for more than text: shorter ones are words and tokens."""


def decoded(text: str, over: View | None = None) -> View | None:
    """The view of `text` with its encoded runs decoded; `None` where there are none."""
    allowance = Allowance(len(text))
    changes = [(it.start(), it.end(), _from_base64(it.group(), allowance)) for it in _BASE64.finditer(text)]
    changes += [(it.start(), it.end(), _from_hex(it.group(), allowance)) for it in _HEX_RUN.finditer(text)]
    runs = sorted((change for change in changes if change[2] is not None), key=lambda it: (it[0], -it[1]))
    quoted = list(_QUOTED.finditer(text)) if "=" in text else []
    if quoted:
        # The `=` before a run, or at its end, is none of an escape sequence.
        starts = [start for start, _, _ in runs]
        for match in quoted:
            place = bisect_left(starts, match.end())
            if not place or runs[place - 1][1] <= match.start():
                changes.append((match.start(), match.end(), _from_quoted(match.group())))
        runs = sorted((it for it in changes if it[2] is not None), key=lambda it: (it[0], -it[1]))
    draft = Draft(text)
    for start, end, reading in runs:
        if reading is not None and start >= draft.position:
            draft.put(start, end, reading)
    return draft.view(NAME, over)


def base64_bytes(run: str) -> bytes | None:
    """The bytes of a run of base64 or base64url without blanks; of one that is cut short all whole ones."""
    run = run.rstrip("=")
    if len(run) % 4 == 1:
        run = run[:-1]
    try:
        return base64.b64decode(
            run.replace("-", "+").replace("_", "/") + "=" * (-len(run) % 4), validate=True
        )
    except (binascii.Error, ValueError):
        return None


def hex_bytes(run: str) -> bytes | None:
    """The bytes of hexadecimal digits, also of pairs with blanks or colons between, or behind `0x`."""
    digits = re.sub("[ :]", "", run).removeprefix("0x").removeprefix("0X")
    return None if len(digits) % 2 else bytes.fromhex(digits)


def _from_base64(run: str, allowance: Allowance, layers: int = _LAYERS) -> str | None:
    run = "".join(run.split())
    # The first bytes of nearly all that is not text (words, keys) are no printable text.
    head = base64_bytes(run[:_FIRST])
    if head is None:
        return None
    if not printable(head) and not form_of(head) and len(run) < LEAST_BINARY:
        return None
    text = _text_of(base64_bytes(run), allowance)
    if text and layers > 1:
        return _BASE64.sub(
            lambda match: _from_base64(match.group(), allowance, layers - 1) or match.group(), text
        )
    return text


def _from_hex(run: str, allowance: Allowance) -> str | None:
    return _text_of(hex_bytes(run), allowance)


def _text_of(data: bytes | None, allowance: Allowance) -> str | None:
    if not data:
        return None
    text = content_of(data, allowance).text
    if len(text) >= _CERTAIN or (len(text) >= _LEAST and _TELLING.search(text)):
        return text
    return None


def _from_quoted(run: str) -> str | None:
    if run[1:2] in "\r\n":
        return ""
    data = bytes.fromhex(run.replace("=", ""))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text if text.isprintable() or text.isspace() else None
