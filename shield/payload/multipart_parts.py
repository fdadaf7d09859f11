"""Determines from its header lines what a part of a form is: a field's text, a codec's document, or a file.

A part without a Content-Type is text (RFC 7578, section 4.4), of its own charset or UTF-8. Where the content
is not what its type says, a part with a file name is a file that no codec reads; without one, it is an error.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as NoBase64Error
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from shield.domain import Limits
from shield.errors import MalformedBodyError, UnsupportedMediaTypeError
from shield.payload.disposition import Disposition, read_disposition
from shield.payload.document import Codec, Document
from shield.payload.media_type import MediaType
from shield.payload.multipart_frame import HeaderLine, Piece, boundary_of, read_frame
from shield.payload.selectors import NO_RULES, FieldRules
from shield.payload.text import TextCodec, of_bytes

CodecOf = Callable[[MediaType], Codec]
"""The codec of a part's media type; raises UnsupportedMediaTypeError where there is none."""

_SPECIAL: Final = frozenset(
    {b"content-disposition", b"content-type", b"content-transfer-encoding", b"content-length"}
)
_TEXTS: Final = frozenset(
    {b"content-id", b"content-description", b"content-language", b"content-location", b"mime-version"}
)
_IDENTITIES: Final = frozenset({b"7bit", b"8bit", b"binary"})
_TEXT: Final = MediaType("text", "plain")
# Types in the form of registered ones, which can say nothing about anybody.
_PLAIN_TYPE: Final = re.compile(
    r"(?:application|audio|font|image|message|model|text|video)/(?!.*[0-9]{5})[a-z0-9.+_-]{1,100}"
)


@dataclass(frozen=True, slots=True)
class Transfer:
    """The layout of base64 content (RFC 2045, section 6.8): the line length, 0 for one line, and its end."""

    line: int
    end: bytes

    def encode(self, content: bytes) -> bytes:
        text = b64encode(content)
        step = self.line or len(text) or 1
        return b"\r\n".join(text[at : at + step] for at in range(0, len(text), step)) + self.end


@dataclass(frozen=True, slots=True)
class Part:
    """A part as its header lines describe it. `texts` are the lines whose values are inspected as texts.

    `length` is the Content-Length line. `is_typed` says whether it has a Content-Type. `codec` is None for
    bytes that no codec reads; `content` is without its transfer encoding.
    """

    piece: Piece
    disposition: Disposition
    texts: tuple[HeaderLine, ...]
    length: HeaderLine | None
    media_type: MediaType
    is_typed: bool
    codec: Codec | None
    content: bytes
    transfer: Transfer | None

    @property
    def is_text(self) -> bool:
        return isinstance(self.codec, TextCodec)

    def read(self, limits: Limits, rules: FieldRules = NO_RULES) -> Document | None:
        """The content as a document; None where it is a file that no codec reads.

        Raises RequestError for a field that is not what its type says, or that exceeds a limit.
        """
        if not self.content:
            return of_bytes(self.content)
        if self.codec is None:
            return None
        try:
            return self.codec.decode(
                self.content, limits=limits, rules=rules, charset=self.media_type.charset
            )
        except (MalformedBodyError, UnsupportedMediaTypeError):
            if not self.disposition.is_file:
                raise
            return None

    def as_bytes(self) -> Document:
        """The content as a text in which each character is a byte, to be replaced whole."""
        return of_bytes(self.content)


def read_part(body: bytes, piece: Piece, codec_of: CodecOf) -> Part:
    """Read the part at `piece`. Raises MalformedBodyError and UnsupportedMediaTypeError."""
    lines = _by_name(piece)
    line = lines.get(b"content-disposition")
    if line is None:
        raise MalformedBodyError("it has no Content-Disposition")
    disposition = read_disposition(line.value, line.start)
    typed = lines.get(b"content-type")
    media_type = _TEXT if typed is None else MediaType.parse(typed.value.decode("latin-1"))
    texts = [each for each in piece.lines if each.name in _TEXTS]
    if typed is not None and not _says_nothing(media_type):
        texts.append(typed)
    length = lines.get(b"content-length")
    size = piece.content_end - piece.content
    if length is not None and length.value != b"%d" % size:
        raise MalformedBodyError("its Content-Length does not match its content")
    content = body[piece.content : piece.content_end]
    transfer = None
    encoding = lines.get(b"content-transfer-encoding")
    if encoding is not None:
        content, transfer = _decoded(content, encoding.value.lower())
    return Part(
        piece,
        disposition,
        tuple(texts),
        length,
        media_type,
        typed is not None,
        _codec(media_type, codec_of),
        content,
        transfer,
    )


def fields(body: bytes, media_type: MediaType, may_be: re.Pattern[bytes]) -> Iterator[tuple[str, bytes]]:
    """Name and content of the fields of which a header line matches `may_be` or holds encoded words.

    Raises RequestError as `MultipartCodec.decode` does.
    """
    for piece in read_frame(body, boundary_of(media_type)).pieces:
        if any(may_be.search(line.value) or b"=?" in line.value for line in piece.lines):
            part = read_part(body, piece, _no_codec)
            yield part.disposition.name.text, part.content


def _no_codec(_media_type: MediaType) -> Codec:
    raise UnsupportedMediaTypeError


def _by_name(piece: Piece) -> Mapping[bytes, HeaderLine]:
    lines: dict[bytes, HeaderLine] = {}
    for line in piece.lines:
        if line.name in lines:
            raise MalformedBodyError("it gives a header line twice")
        if line.name not in _SPECIAL and line.name not in _TEXTS:
            raise MalformedBodyError("it has a header that forms do not use")
        lines[line.name] = line
    return lines


def _says_nothing(media_type: MediaType) -> bool:
    if not media_type.parameters.keys() <= {"charset"}:
        return False
    return _PLAIN_TYPE.fullmatch(media_type.essence) is not None


def _codec(media_type: MediaType, codec_of: CodecOf) -> Codec | None:
    if media_type.type == "multipart":
        raise MalformedBodyError("it has parts itself (RFC 7578, section 4.3)")
    try:
        return codec_of(media_type)
    except UnsupportedMediaTypeError:
        return None


def _decoded(content: bytes, encoding: bytes) -> tuple[bytes, Transfer | None]:
    """The decoded content. Some receivers decode it, most do not; both must see what was inspected."""
    if encoding in _IDENTITIES or (encoding == b"quoted-printable" and b"=" not in content):
        return content, None
    if encoding != b"base64":
        raise MalformedBodyError("its Content-Transfer-Encoding is not supported")
    first, newline, _ = content.partition(b"\r\n")
    text = content.replace(b"\r\n", b"")
    try:
        decoded = b64decode(text, validate=True)
    except NoBase64Error:
        decoded = b""
    if b64encode(decoded) != text:
        raise MalformedBodyError("its content is not base64, though it says so")
    end = b"\r\n" if content.endswith(b"\r\n") else b""
    return decoded, Transfer(len(first) if newline and len(first) < len(text) else 0, end)
