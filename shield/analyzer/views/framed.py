"""Decodes encodings with delimiters: uuencode (POSIX, `begin 644 name`) and Ascii85 (Adobe, `<~ … ~>`).

The decoded text is read in place of the encoded in the `decoded` view. That is a reading of the raw text, as
`folded` would change the characters of both encodings.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from shield.analyzer.views.contents import Allowance
from shield.analyzer.views.decoded import NAME, text_of
from shield.analyzer.views.view import Draft, View

_BEGIN: Final = re.compile(r"begin [0-7]{3,4} [^\r\n]{1,200}\r?\n")
_ENDS: Final = frozenset(("", "`", " ", "end"))
_LONGEST_LINE: Final = 90  # 61 characters by the standard, and a checksum that some programs add
_ASCII85: Final = re.compile(r"<~[!-uz\s]{5,}+~>")


class Framed(NamedTuple):
    """`[start, end)` of a text, in code points, without the marks of uuencode, and its bytes."""

    start: int
    end: int
    data: bytes


def may_be_framed(text: str) -> bool:
    """Whether a text has a mark with which such a run begins; most have none."""
    return "<~" in text or "begin " in text


def framed_runs(text: str) -> Iterator[Framed]:
    """All such runs of a text, in order for each encoding."""
    done = 0
    for match in _BEGIN.finditer(text):
        if match.start() >= done:
            run = _uuencoded(text, match.end())
            done = run.end
            if run.data:
                yield run
    for match in _ASCII85.finditer(text):
        try:
            data = base64.a85decode(match.group(), adobe=True, ignorechars=b" \t\n\r\v\f\x1c\x1d\x1e\x1f")
        except ValueError:
            continue
        if data:
            yield Framed(match.start(), match.end(), data)


def framed(text: str) -> View | None:
    """The view of `text` with these runs decoded; `None` where none of them holds text."""
    allowance = Allowance(len(text))
    draft = Draft(text)
    for run in sorted(framed_runs(text)):
        reading = text_of(run.data, allowance)
        if reading is not None and run.start >= draft.position:
            draft.put(run.start, run.end, reading)
    return draft.view(NAME)


def _uuencoded(text: str, start: int) -> Framed:
    data = bytearray()
    position = end = start
    while position < len(text):
        stop = text.find("\n", position, position + _LONGEST_LINE)
        if stop < 0:  # searched only as far as it takes to know that the line is too long
            stop = min(len(text), position + _LONGEST_LINE + 1)
        line = text[position:stop].rstrip("\r")
        if line in _ENDS or len(line) > _LONGEST_LINE:
            break
        try:
            data += binascii.a2b_uu(line.encode("ascii"))
        except (binascii.Error, UnicodeEncodeError):
            break
        end = position + len(line)
        position = stop + 1
    return Framed(start, end, bytes(data))
