"""Finds where the parts of a `multipart/form-data` body begin and end (RFC 2046, section 5.1), unambiguously.

Receivers do not agree on bodies that deviate from the standard: some accept a bare LF as the end of a line,
some a boundary in the middle of one, some blanks after it, and some a body without an end. Whatever any of
them takes for a part must have been inspected as one. So each occurrence of the boundary must be a
delimiter to all of them, and each header line one line to all; anything else is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NoReturn

from shield.errors import MalformedBodyError, TooLargeError, TooManySegmentsError, UnsupportedMediaTypeError
from shield.payload.disposition import TOKEN
from shield.payload.json_codec import UTF8_CHARSETS
from shield.payload.media_type import MediaType

MAX_PARTS: Final = 1000
"""The default limit of most receivers."""
MAX_HEADER_BYTES: Final = 16 * 1024
"""The limit for all header lines of a part together."""

# As in RFC 2046, but without blanks, on which receivers differ; of dashes alone, the end would be unclear.
_BOUNDARY: Final = re.compile(r"(?!-*\Z)[0-9A-Za-z'()+_,\-./:=?]{1,70}")
_PARAMETERS: Final = frozenset({"boundary", "charset"})
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_LINE: Final = re.compile(rb"(%b):[ \t]*(.*?)[ \t]*" % TOKEN, re.DOTALL)
_NEWLINE: Final = b"\r\n"


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """A header line of a part: its name in lower case, and the position of its value in the body."""

    name: bytes
    value: bytes
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A part: `[start, end)` of the body, from its delimiter to the next; its content lies within."""

    start: int
    end: int
    content: int
    content_end: int
    lines: tuple[HeaderLine, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """The parts of a body. `mark` is what each delimiter begins with.

    The text before the first part ends at `preamble_end`, the text after the last begins at `epilogue`.
    """

    mark: bytes
    preamble_end: int
    pieces: tuple[Piece, ...]
    epilogue: int


def boundary_of(media_type: MediaType) -> bytes:
    """The boundary that a Content-Type names. Raises MalformedBodyError and UnsupportedMediaTypeError."""
    if not media_type.parameters.keys() <= _PARAMETERS:
        raise UnsupportedMediaTypeError("a multipart form has no parameters other than boundary and charset")
    if media_type.charset not in UTF8_CHARSETS:
        raise UnsupportedMediaTypeError("forms must be in UTF-8")
    boundary = media_type.parameters.get("boundary", "")
    if _BOUNDARY.fullmatch(boundary) is None:
        raise MalformedBodyError("the Content-Type has no valid boundary")
    return boundary.encode()


def read_frame(body: bytes, boundary: bytes) -> Frame:
    """The parts of `body`. Raises MalformedBodyError, TooManySegmentsError and TooLargeError."""
    mark = b"--" + boundary
    starts, close = _delimiters(body, mark)
    ends = [*starts[1:], close]
    pieces = tuple(
        _piece(body, number, start + len(mark) + len(_NEWLINE), start, end)
        for number, (start, end) in enumerate(zip(starts, ends, strict=False))
    )
    return Frame(mark, starts[0] if starts else close, pieces, close + len(mark) + 2)


def _delimiters(body: bytes, mark: bytes) -> tuple[list[int], int]:
    """The positions of the delimiters, and that of the last one, which closes the body."""
    starts: list[int] = []
    close = -1
    position = body.find(mark)
    while position >= 0:
        end = position + len(mark)
        behind = body[end : end + 4]
        if close >= 0:
            _refuse("a boundary follows the last one", position)
        if position and body[position - 2 : position] != _NEWLINE:
            _refuse("a boundary is not at the beginning of a line", position)
        if behind[:2] == b"--" and behind[2:] in {b"", _NEWLINE}:
            close = position
        elif behind[:2] != _NEWLINE:
            _refuse("a boundary is not alone on its line", position)
        elif len(starts) == MAX_PARTS:
            raise TooManySegmentsError(f"more than {MAX_PARTS} parts")
        else:
            starts.append(position)
        position = body.find(mark, end)
    if close < 0:
        _refuse("the last boundary is missing", len(body))
    return starts, close


def _piece(body: bytes, number: int, header: int, start: int, end: int) -> Piece:
    content_end = end - len(_NEWLINE)
    blank = body.find(b"\r\n\r\n", header, min(content_end, header + MAX_HEADER_BYTES))
    if blank < 0:
        if content_end - header > MAX_HEADER_BYTES and body[header : header + 2] != _NEWLINE:
            raise TooLargeError(f"part {number}: its header lines are longer than {MAX_HEADER_BYTES} bytes")
        _refuse(f"part {number}: its header lines do not end, or there are none", header)
    lines = []
    position = header
    for line in body[header:blank].split(_NEWLINE):
        match = None if _CONTROLS.search(line) is not None else _LINE.fullmatch(line)
        if match is None:
            _refuse(f"part {number}: a header line is not valid", position)
        at = position + match.start(2), position + match.end(2)
        lines.append(HeaderLine(match[1].lower(), match[2], *at))
        position += len(line) + len(_NEWLINE)
    return Piece(start, end, blank + 4, content_end, tuple(lines))


def _refuse(detail: str, offset: int) -> NoReturn:
    raise MalformedBodyError(f"{detail} (byte {offset})", offset=offset)
