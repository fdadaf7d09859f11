"""The decoded view: base64, hexadecimal and quoted-printable runs that hold printable text (UTF-8, UTF-16).

A run is read in place of its encoded form, so a finding in it covers the encoded characters that it was
decoded from: for base64 and hexadecimal the whole run, for quoted-printable the escape sequence. Base64 of
base64 is read, other layers inside are not.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re

from shield.analyzer.views.view import Draft, View

NAME = "decoded"
_BASE64 = re.compile(
    r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{12,}(?:\r?\n[A-Za-z0-9+/_-]{4,76})*={0,2}(?![A-Za-z0-9+/_-])"
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
_TELLING = re.compile(r"[0-9@]")


def decoded(text: str, over: View | None = None) -> View | None:
    """The view of `text` with its encoded runs decoded; `None` where there are none."""
    changes = [(match.start(), match.end(), _from_base64(match.group())) for match in _BASE64.finditer(text)]
    changes += [(match.start(), match.end(), _from_hex(match.group())) for match in _HEX_RUN.finditer(text)]
    quoted = list(_QUOTED.finditer(text)) if "=" in text else []
    changes += [(match.start(), match.end(), _from_quoted(match.group())) for match in quoted]
    draft = Draft(text)
    for start, end, reading in sorted(changes, key=lambda change: (change[0], -change[1])):
        if reading is not None and start >= draft.position:
            draft.put(start, end, reading)
    return draft.view(NAME, over)


def _from_base64(run: str, layers: int = _LAYERS) -> str | None:
    run = "".join(run.split())
    # The first bytes of nearly all that is not text (images, keys, words) are no printable text.
    if _printable(_bytes(run[:_FIRST].rstrip("=")[: len(run[:_FIRST].rstrip("=")) // 4 * 4])) is None:
        return None
    stripped = run.rstrip("=")
    text = _printable(_bytes(stripped + "=" * (-len(stripped) % 4)))
    if text is not None and layers > 1 and _BASE64.fullmatch(text):
        inner = _from_base64(text, layers - 1)
        if inner is not None:
            return inner
    return text if text is not None and len(text) >= _LEAST and _TELLING.search(text) else None


def _bytes(run: str) -> bytes | None:
    try:
        return base64.b64decode(run.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        return None


def _from_hex(run: str) -> str | None:
    digits = re.sub("[ :]", "", run).removeprefix("0x").removeprefix("0X")
    if len(digits) % 2 or not _printable(bytes.fromhex(digits[:_FIRST])):
        return None
    text = _printable(bytes.fromhex(digits))
    return text if text is not None and len(text) >= _LEAST and _TELLING.search(text) else None


def _from_quoted(run: str) -> str | None:
    if run[1:2] in "\r\n":
        return ""
    data = bytes.fromhex(run.replace("=", ""))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text if text.isprintable() or text.isspace() else None


def _printable(data: bytes | None) -> str | None:
    if not data:
        return None
    if b"\0" in data:
        data = _narrow(data)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        # The first bytes of a longer run may end inside a character.
        if error.start < len(data) - 3:
            return None
        text = data[: error.start].decode("utf-8")
    return text if text and all(c.isprintable() or c in "\t\r\n" for c in text) else None


def _narrow(data: bytes) -> bytes:
    """The characters of ASCII text in UTF-16 (as PowerShell's base64 has it), one byte each."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data[2:]
    for zeros, characters in ((data[1::2], data[::2]), (data[::2], data[1::2])):
        if not zeros.strip(b"\0"):
            return characters
    return data
