"""Encoded words (RFC 2047; RFC 2231, section 5, for a language), in the charsets that mail is written in."""

from __future__ import annotations

import re
from base64 import b64decode
from typing import Final

_CHARSETS: Final = (
    rb"utf-8|us-ascii|iso-8859-(?:1[013-6]?|[2-9])|windows-125[0-8]|koi8-[ru]|iso-2022-(?:jp|kr)|shift_jis"
    rb"|euc-(?:jp|kr)|gb2312|gbk|gb18030|big5"
)
_WORD: Final = re.compile(rb"=\?(%b)(?:\*[a-z0-9-]*)?\?([bq])\?([^?\x20]*)\?=" % _CHARSETS, re.IGNORECASE)
ENCODED: Final = re.compile(rb"%b(?:[ \t]+%b)*" % (_WORD.pattern, _WORD.pattern), re.IGNORECASE)
"""A run of encoded words; use it with `re.IGNORECASE`."""
_ESCAPE: Final = re.compile(rb"=([0-9A-Fa-f]{2})")


def read_encoded(raw: bytes) -> str | None:
    """The text of encoded words, without the blanks between two of them. None where it is not to be read.

    A character may be split between two words of one charset, as some senders do.
    """
    runs: list[tuple[str, bytes]] = []
    for match in _WORD.finditer(raw):
        charset = match[1].decode().lower()
        try:
            part = _undone(match[2], match[3])
        except ValueError:
            return None
        if runs and runs[-1][0] == charset:
            runs[-1] = charset, runs[-1][1] + part
        else:
            runs.append((charset, part))
    try:
        return "".join([part.decode(charset) for charset, part in runs])
    except UnicodeDecodeError:
        return None


def _undone(coding: bytes, coded: bytes) -> bytes:
    """The bytes that one word stands for; base64 may lack its padding. Raises ValueError."""
    if coding in b"bB":
        return b64decode(coded + b"=" * (-len(coded) % 4), validate=True)
    return _ESCAPE.sub(lambda match: bytes.fromhex(match[1].decode()), coded.replace(b"_", b" "))
