"""The pieces that make up a header field's value, each a document of its own: see `header_value`.

A replacement is written as its piece demands, never breaks the line, and has non-ASCII bytes only where the
piece had some before.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Final

from shield.domain import Edit, FieldRule, Location, Segment
from shield.payload.disposition import ANY_WORD, TOKEN
from shield.payload.document import Document, File
from shield.payload.percent import edit_percent, encode_percent
from shield.payload.splice import boundaries, splice

_TOKEN: Final = re.compile(TOKEN)
_UNIT: Final = re.compile(r"\\.|.", re.DOTALL)
_BYTE: Final = re.compile(rb"%[0-9A-Fa-f]{2}|.", re.DOTALL)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_OTHERS: Final = re.compile(r"[^\x20-\x7e]")
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")  # of JSON, where a tab between two values stays
IN_QUOTES: Final = re.compile(r'[^"\\]*')
IN_TEXT: Final = re.compile(r'[^"\\;,=()]*')
IN_PARAMETER: Final = re.compile(TOKEN.decode())
"""What the text of encoded words may hold to stand unencoded in a place of this sort."""
_WORD_BYTES: Final = 45  # of text in one encoded word: 60 of base64 (RFC 2047, section 2)


class _OneText:
    """A piece that is one text: no rule of the route names a part of it."""

    __slots__ = ("segments",)

    files: Sequence[File] = ()
    drops: Sequence[tuple[str, Location]] = ()

    def __init__(self, segment: Segment) -> None:
        self.segments = (segment,)

    @property
    def rules(self) -> Mapping[int, FieldRule]:
        return {}


class TextPiece(_OneText):
    """A piece of literal text, or of text escaped in a quoted string."""

    __slots__ = ("_charset", "_escaped", "_raw")

    def __init__(self, raw: bytes, segment: Segment, charset: str, *, escaped: bool = False) -> None:
        """`segment.text` has the same length as the text of `raw`."""
        super().__init__(segment)
        self._raw = raw
        self._charset = charset
        self._escaped = escaped

    def encode(self, edits: Mapping[int, Sequence[Edit]]) -> bytes:
        made = edits.get(0)
        if not made:
            return self._raw
        raw = self._raw.decode(self._charset)
        points = boundaries(made, len(self.segments[0].text))
        if self._escaped:
            starts = [unit.start() for unit in _UNIT.finditer(raw)]
            starts.append(len(raw))
            points = [starts[point] for point in points]
        write = _in_quotes if self._escaped else _plain
        return splice(raw, made, points, lambda text: _writable(write(text), self._raw)).encode(
            self._charset, "replace"
        )


class UnquotedPiece(_OneText):
    """The value of a parameter that is a token (RFC 9110, section 5.6.2)."""

    __slots__ = ("_text",)

    def __init__(self, text: TextPiece) -> None:
        super().__init__(*text.segments)
        self._text = text

    def encode(self, edits: Mapping[int, Sequence[Edit]]) -> bytes:
        written = self._text.encode(edits)
        if not edits.get(0) or _TOKEN.fullmatch(written) is not None:
            return written
        return b'"%b"' % written.replace(b"\\", b"\\\\").replace(b'"', b'\\"')


class PercentPiece(_OneText):
    """A percent-encoded piece."""

    __slots__ = ("_raw", "_text")

    def __init__(self, raw: bytes, text: str, segment: Segment) -> None:
        super().__init__(segment)
        self._raw = raw
        self._text = text

    def encode(self, edits: Mapping[int, Sequence[Edit]]) -> bytes:
        made = edits.get(0)
        return edit_percent(self._raw, self._text, made) if made else self._raw


class BytesPiece(_OneText):
    """A percent-encoded piece in any charset that holds ASCII; `segment` has a character for each byte."""

    __slots__ = ("_raw",)

    def __init__(self, raw: bytes, segment: Segment) -> None:
        super().__init__(segment)
        self._raw = raw

    def encode(self, edits: Mapping[int, Sequence[Edit]]) -> bytes:
        made = edits.get(0)
        if not made:
            return self._raw
        starts = [unit.start() for unit in _BYTE.finditer(self._raw)]
        starts.append(len(self._raw))
        points = [starts[point] for point in boundaries(made, len(self.segments[0].text))]
        return splice(
            self._raw, made, points, lambda text: encode_percent(_OTHERS.sub("*", _CONTROL.sub(" ", text)))
        )


class WordsPiece(_OneText):
    """A run of encoded words: rewritten as a whole where anything in it is replaced.

    It stays encoded where its text holds anything that `plain` does not match, so that what was one text to
    the reader becomes no quote, list or parameter.
    """

    __slots__ = ("_plain", "_raw", "_text")

    def __init__(self, raw: bytes, text: str, segment: Segment, plain: re.Pattern[str]) -> None:
        super().__init__(segment)
        self._plain = plain
        self._raw = raw
        self._text = text

    def encode(self, edits: Mapping[int, Sequence[Edit]]) -> bytes:
        made = edits.get(0)
        if not made:
            return self._raw
        return _as_words(splice(self._text, made, boundaries(made, len(self._text)), str), self._plain)


class JsonPiece:
    """A value that is JSON. It stays ASCII where it was."""

    __slots__ = ("_document", "_raw")

    files: Sequence[File] = ()

    def __init__(self, raw: bytes, document: Document) -> None:
        self._raw = raw
        self._document = document

    @property
    def segments(self) -> Sequence[Segment]:
        return self._document.segments

    @property
    def rules(self) -> Mapping[int, FieldRule]:
        return self._document.rules

    @property
    def drops(self) -> Sequence[tuple[str, Location]]:
        return self._document.drops

    def encode(self, edits: Mapping[int, Sequence[Edit]]) -> bytes:
        made = self._document.encode(edits)
        if made.isascii() or not self._raw.isascii():
            return made
        return _NOT_ASCII.sub(lambda match: json.dumps(match[0])[1:-1], made.decode()).encode("ascii")


def _plain(text: str) -> str:
    return text.replace('"', "'")


def _in_quotes(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _writable(text: str, raw: bytes) -> str:
    """A replacement within one line, in ASCII where all of the piece was."""
    return _OTHERS.sub("*", _CONTROL.sub(" ", text)) if raw.isascii() else _CONTROL.sub(" ", text)


def _as_words(text: str, plain: re.Pattern[str]) -> bytes:
    """A text as encoded words, or unchanged where it needs none."""
    text = _CONTROL.sub(" ", text)
    if text.isascii() and plain.fullmatch(text) is not None and ANY_WORD.search(text.encode()) is None:
        return text.encode()
    parts: list[bytes] = [b""]
    for sign in text:
        coded = sign.encode("utf-8", "replace")
        if len(parts[-1]) + len(coded) > _WORD_BYTES:
            parts.append(b"")
        parts[-1] += coded
    return b" ".join(b"=?utf-8?b?%b?=" % b64encode(part) for part in parts)
