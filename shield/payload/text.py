"""Reads `text/plain` and other text for people: the whole body is one segment.

A charset is decoded only where its bytes have one reading and can be written back exactly. UTF-16
without a byte order mark has two (RFC 2781 says big-endian, browsers little-endian): text inspected in
the wrong one would pass unseen, so it is refused. So is a text that declares a single-byte charset, or none,
and looks like UTF-16, UTF-32 or ISO-2022 (RFC 1468): readers that guess would read another text.
A single-byte charset has a character for nearly every byte, so a picture, document or archive could pass
uninspected as a text in it: they hold NULs, which no such text does, and are refused.

Where the text's format has a syntax of its own, replacements are escaped (`write`), lest they read as tags.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Final, NamedTuple

from shield.domain import Edit, FieldAction, FieldRule, Limits, Location, Segment
from shield.errors import MalformedBodyError, UnsupportedMediaTypeError
from shield.payload.document import File
from shield.payload.selectors import NO_RULE, FieldRules
from shield.payload.splice import boundaries, replace_spans

_UTF16: Final = "utf-16"
_CODECS: Final[Mapping[str | None, str]] = {
    None: "utf-8",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "latin-1",
    "latin1": "latin-1",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "utf-16": _UTF16,
    "utf-16be": "utf-16-be",
    "utf-16le": "utf-16-le",
}
_MARKS: Final = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-16-le": codecs.BOM_UTF16_LE,
}
_BYTES: Final = frozenset({"latin-1", "cp1252"})
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # that no text in UTF-8 holds
_NO_TEXT: Final = bytes({*range(0x20)} - {*b"\t\n\x0c\r\x1b"})  # text may hold form feeds and escapes
_SHORTEST: Final = 2  # characters of UTF-16; a single one is not personal data
_SHIFT: Final = re.compile(rb"\x1b\$[(-/]?[@-~]")  # switches to two bytes per character (ISO/IEC 2022, 13.3)
_UTF32_MARK: Final = codecs.BOM_UTF16_LE + b"\0\0"  # of UTF-32; no text in UTF-16 begins with a NUL


Write = Callable[[str, str], str]
Check = Callable[[str, str], str]


def _as_it_is(replacement: str, replaced: str) -> str:  # noqa: ARG001  says what others need
    return replacement


def _says_nothing(text: str, codec: str) -> str:  # noqa: ARG001  says what others need
    """The `check` of plain text, which does not declare its charset."""
    return codec


class Decoded(NamedTuple):
    """A text, the byte order mark before it (kept, not part of the text), and Python's codec of both."""

    mark: bytes
    text: str
    codec: str

    def writable(self, replacement: str) -> str:
        """The replacement with `?` for each character that the charset lacks."""
        return replacement.encode(self.codec, "replace").decode(self.codec)

    def encode(self, text: str) -> bytes:
        return self.mark + text.encode(self.codec)


class TextDocument:
    """A decoded text; see `Document`."""

    __slots__ = ("_body", "_decoded", "_write", "drops", "rules", "segments")

    files: Sequence[File] = ()

    def __init__(self, body: bytes, decoded: Decoded, write: Write, rule: FieldRule | None) -> None:
        self._body = body
        self._decoded = decoded
        self._write = write
        dropped = rule is not None and rule.action is FieldAction.DROP
        listed = bool(decoded.text) and not dropped
        self.segments: Sequence[Segment] = (Segment(0, decoded.text),) if listed else ()
        self.rules: Mapping[int, FieldRule] = {0: rule} if listed and rule is not None else {}
        self.drops: Sequence[tuple[str, Location]] = (("$", ()),) if dropped else ()

    def encode(self, edits: Mapping[int, Sequence[Edit]]) -> bytes:
        if self.drops:
            return b""
        own = edits.get(0, ())
        if not own:
            return self._body
        text = self._decoded.text
        boundaries(own, len(text))  # raises where edits are not disjoint and within the text
        spans = ((it.start, it.end, self._writable(it)) for it in own)
        return self._decoded.encode(replace_spans(text, spans))

    def _writable(self, edit: Edit) -> str:
        return self._decoded.writable(
            self._write(edit.replacement, self._decoded.text[edit.start : edit.end])
        )


class TextCodec:
    """Text in UTF-8, US-ASCII, ISO-8859-1, windows-1252 or UTF-16. A DROP rule on `$` empties it.

    `write` escapes a replacement for the format; `check` gives Python's codec to write the text with, or
    raises where the text declares another charset than it was read with. `charsets` are those accepted.
    """

    __slots__ = ("_charsets", "_check", "_write")

    def __init__(
        self,
        *,
        write: Write = _as_it_is,
        check: Check = _says_nothing,
        charsets: Container[str | None] = _CODECS,
    ) -> None:
        self._write = write
        self._check = check
        self._charsets = charsets

    def decode(
        self,
        body: bytes,
        *,
        limits: Limits,  # noqa: ARG002  # one segment is within any limit
        rules: FieldRules,
        charset: str | None,
    ) -> TextDocument:
        """See `Codec.decode`. Offsets are bytes of `body`."""
        if charset not in self._charsets:
            raise UnsupportedMediaTypeError("the charset of the text is not supported")
        decoded = decode_text(body, charset)
        text = decoded.text
        decoded = decoded._replace(codec=self._check(text, decoded.codec))
        number = max((number for number, _ in rules.select(text)), default=NO_RULE) if rules else NO_RULE
        return TextDocument(body, decoded, self._write, rules.in_force(number))


def decode_text(body: bytes, charset: str | None) -> Decoded:
    """Decode a body in that charset (lower case). Offsets in errors are its bytes.

    Raises UnsupportedMediaTypeError and MalformedBodyError as the module's docstring says.
    """
    codec = _CODECS.get(charset)
    if codec is None:
        raise UnsupportedMediaTypeError("the charset of the text is not supported")
    if codec == _UTF16:
        codec = _utf16_order(body)
    mark = _MARKS.get(codec, b"")
    mark = mark if body.startswith(mark) else b""
    _check_readings(body, mark, codec)
    return Decoded(mark, _decode(body, len(mark), codec), codec)


def _utf16_order(body: bytes) -> str:
    if not body or body.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    if body.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    raise MalformedBodyError("UTF-16 text needs a byte order mark (byte 0)", offset=0)


def _check_readings(body: bytes, mark: bytes, codec: str) -> None:
    """Refuse a text that a reader could take for text in another encoding."""
    if not mark and body.startswith(tuple(_MARKS.values())):
        raise MalformedBodyError("the byte order mark does not fit the charset (byte 0)", offset=0)
    if not body:
        return
    if not codec.startswith(_UTF16):
        other = _is_wide(body) or _SHIFT.search(body) is not None
        if codec in _BYTES and b"\0" in body and not other:
            raise MalformedBodyError("the body contains a NUL, so it is not text in its charset")
    elif body.startswith(_UTF32_MARK):
        raise MalformedBodyError("the byte order mark is that of UTF-32 (byte 0)", offset=0)
    else:
        other = not mark and (_is_utf8(body) or _is_latin_swapped(body, codec))
    if other:
        raise MalformedBodyError("the text appears to be in another encoding than its charset")


def _is_wide(body: bytes) -> bool:
    """Whether every second byte is mostly a control that no text holds, and the bytes between are not.

    UTF-16 and UTF-32 look so in most alphabets, but not in Chinese, Japanese and Korean.
    """
    if len(body) < 2 * _SHORTEST or len(body.translate(None, _NO_TEXT)) == len(body):
        return False
    halves = body[0::2], body[1::2]
    first, second = (2 * len(half.translate(None, _NO_TEXT)) < len(half) for half in halves)
    return first != second


def _is_utf8(body: bytes) -> bool:
    if _CONTROLS.search(body) is not None:
        return False
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_latin_swapped(body: bytes, codec: str) -> bool:
    """Whether, in the other byte order, most characters are below U+0100."""
    high = body[0::2] if codec == "utf-16-le" else body[1::2]
    return 2 * high.count(0) > len(high)


def _decode(body: bytes, start: int, codec: str) -> str:
    try:
        return body[start:].decode(codec)
    except UnicodeDecodeError as error:
        offset = start + error.start
    raise MalformedBodyError(f"not valid in its charset at byte {offset}", offset=offset)


def of_bytes(body: bytes) -> TextDocument:
    """Bytes as a text in which each byte is a character, for content that is replaced whole."""
    return TextDocument(body, Decoded(b"", body.decode("latin-1"), "latin-1"), _as_it_is, None)
