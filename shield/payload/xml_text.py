"""Reads pieces of XML character data, decoding references, and writes them so that they stay well-formed."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from shield.payload.splice import replace_spans

_REFERENCE: Final = re.compile(r"&(?:#([0-9]+)|#x([0-9a-fA-F]+)|(amp|lt|gt|quot|apos));")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_NO_CHARACTER: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
_ESCAPES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_IN_VALUE: Final = _ESCAPES | {'"': "&quot;", "'": "&apos;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
_SPECIAL: Final = re.compile("[&<>]")
_SPECIAL_IN_VALUE: Final = re.compile("[&<>\"'\t\n\r]")
_CLOSING: Final = "]]>"


class Form(enum.Enum):
    """The construct that a piece stands in; it determines what may be written there."""

    TEXT = enum.auto()
    VALUE = enum.auto()  # of an attribute, without its quotes
    CDATA = enum.auto()
    COMMENT = enum.auto()
    INSTRUCTION = enum.auto()
    TARGET = enum.auto()  # of an instruction: a name
    BREAK = enum.auto()  # a sign that is not in the document, for a tag between two words


class Piece(NamedTuple):
    """Character data: `[start, end)` of the document, which decodes to `text`."""

    start: int
    end: int
    form: Form
    text: str


def piece_of(document: str, start: int, end: int, form: Form) -> Piece:
    """The piece with its references decoded, where its form has any."""
    raw = document[start:end]
    if "&" in raw and (form is Form.TEXT or form is Form.VALUE):
        raw = _REFERENCE.sub(_character, raw)
    return Piece(start, end, form, raw)


def _character(match: re.Match[str]) -> str:
    decimal, hexadecimal, named = match.groups()
    if named is not None:
        return _NAMED[named]
    return chr(int(decimal) if decimal is not None else int(hexadecimal, 16))


class Change(NamedTuple):
    """`[start, end)` of a piece's text becomes `replacement`."""

    start: int
    end: int
    replacement: str


def changed(document: str, piece: Piece, changes: Sequence[Change], codec: str) -> str:
    """The new raw form of the piece; characters that are not changed keep their raw form."""
    raw = document[piece.start : piece.end]
    at = _offsets(raw, piece)
    spans = [
        (it.start, it.end, _rendered(it.replacement, piece.form, codec))
        if at is None
        else (at[it.start], at[it.end], _rendered(it.replacement, piece.form, codec))
        for it in changes
    ]
    written = replace_spans(raw, spans)
    if piece.form is Form.TEXT:
        return written.replace(_CLOSING, "]]&gt;")
    if piece.form is Form.CDATA:
        return written.replace(_CLOSING, "]]]]><![CDATA[>")
    if piece.form is Form.INSTRUCTION:
        return written.replace("?>", "? >")
    if piece.form is Form.COMMENT:
        written = re.sub("-(?=-)", "-_", written)
        return written + "_" if written.endswith("-") else written
    return written


def _offsets(raw: str, piece: Piece) -> list[int] | None:
    """Where each character of the text begins in `raw`, and the end; None where the two are equal."""
    if len(raw) == len(piece.text):
        return None
    offsets: list[int] = []
    position = 0
    for match in _REFERENCE.finditer(raw):
        offsets += range(position, match.start() + 1)
        position = match.end()
    offsets += range(position, len(raw) + 1)
    return offsets


def _rendered(replacement: str, form: Form, codec: str) -> str:
    text = _NO_CHARACTER.sub("?", replacement)
    if form is Form.TEXT:
        text = _SPECIAL.sub(lambda match: _ESCAPES[match[0]], text)
    elif form is Form.VALUE:
        text = _SPECIAL_IN_VALUE.sub(lambda match: _IN_VALUE[match[0]], text)
    else:
        return text.encode(codec, "replace").decode(codec)
    return text.encode(codec, "xmlcharrefreplace").decode(codec)
