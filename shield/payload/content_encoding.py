"""Content codings (RFC 9110, section 8.4.1; RFC 1950-1952, 7932, 8878): undone under bounds, and done again.

Law: no more than the limit is ever decompressed, whatever the body claims; the bounds hold while
decompressing, for each coding of a stack. A body that ends early or has data after its end is refused.

The formats have room for text besides the content: gzip for a file's name and a comment (the command `gzip`
writes the name), zstd for skippable frames. Nobody inspects such text, so `decode_plain` says whether a body
has any. Brotli's metadata could be seen only by decoding once more; it is not looked for.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Final, NamedTuple

import brotli  # type: ignore[import-untyped]  # ships no types; wrapped here alone
import zstandard

from shield.domain import Limits
from shield.errors import (
    DecompressionRatioError,
    MalformedContentEncodingError,
    TooLargeError,
    UnsupportedContentEncodingError,
)

MAX_STACK: Final = 4
"""How many codings one body may have; senders use one, rarely two."""

_CHUNK: Final = 64 * 1024
_FEED: Final = 16 * 1024  # compressed bytes handed to a decoder at a time
_MAX_MEMBERS: Final = 10_000  # of a gzip body; a member costs time even where it decodes to nothing
_WINDOW: Final = 8 * 1024 * 1024  # zstd's window, as RFC 9659 bounds it for content codings
_ALIASES: Final = {"x-gzip": "gzip"}
_ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_ZSTD_SKIPPABLE: Final = tuple(bytes((first, 0x2A, 0x4D, 0x18)) for first in range(0x50, 0x60))
_GZIP_TEXT: Final = 0b11100  # FEXTRA, FNAME, FCOMMENT (RFC 1952, section 2.3.1)
_GZIP_FLAGS: Final = 3  # the place of the byte

Decoder = Callable[[bytes], Generator[bytes, None, bool]]
"""Yields a body's decoded chunks, each of at most a few times `_CHUNK`; raises `_BrokenError`.

Returns `Decoded.plain`.
"""


class _BrokenError(Exception):
    """The body is not what its coding says. It is never raised out of this module."""


class Decoded(NamedTuple):
    """A body with its codings undone. `plain`: no coding held anything besides the content."""

    body: bytes
    plain: bool


def parse_content_encoding(header_values: Sequence[str]) -> tuple[str, ...]:
    """The codings of all `Content-Encoding` fields in the order they were applied, without `identity`.

    Raises UnsupportedContentEncodingError for an unknown coding, or for more than `MAX_STACK`.
    """
    codings = []
    for element in ",".join(header_values).split(","):
        name = element.strip(" \t").lower()
        name = _ALIASES.get(name, name)
        if name in {"", "identity"}:
            continue
        if name not in _DECODERS:
            raise UnsupportedContentEncodingError("only gzip, deflate, br and zstd are supported")
        codings.append(name)
    if len(codings) > MAX_STACK:
        raise UnsupportedContentEncodingError(f"more than {MAX_STACK} content codings")
    return tuple(codings)


def decode_content(body: bytes, codings: Sequence[str], limits: Limits) -> bytes:
    """Undo `codings`, the last first.

    Raises TooLargeError above `limits.decoded_bytes`, DecompressionRatioError above
    `limits.decompression_ratio` times the body's size, MalformedContentEncodingError for a broken body.
    """
    return decode_plain(body, codings, limits).body


def decode_plain(body: bytes, codings: Sequence[str], limits: Limits) -> Decoded:
    """As `decode_content`, and also whether the body held nothing besides its content."""
    by_ratio = int(len(body) * limits.decompression_ratio)
    plain = True
    for coding in reversed(codings):
        decoder = _DECODERS.get(coding)
        if decoder is None:
            raise UnsupportedContentEncodingError("only gzip, deflate, br and zstd are supported")
        decoded = _bounded(decoder, body, by_ratio, limits)
        body, plain = decoded.body, plain and decoded.plain
    return Decoded(body, plain)


def encode_content(body: bytes, codings: Sequence[str]) -> bytes:
    """Apply `codings` in order. The result depends on nothing but the body."""
    for coding in codings:
        encoder = _ENCODERS.get(coding)
        if encoder is None:
            raise UnsupportedContentEncodingError("only gzip, deflate, br and zstd are supported")
        body = encoder(body)
    return body


def _bounded(decoder: Decoder, body: bytes, by_ratio: int, limits: Limits) -> Decoded:
    chunks: list[bytes] = []
    size = 0
    plain = True

    def decoded() -> Iterator[bytes]:
        nonlocal plain
        plain = yield from decoder(body)

    try:
        for chunk in decoded():
            size += len(chunk)
            if size > limits.decoded_bytes:
                raise TooLargeError(f"decompresses to more than {limits.decoded_bytes} bytes")
            if size > by_ratio:
                raise DecompressionRatioError(
                    f"decompresses to more than {limits.decompression_ratio:g} times its size"
                )
            chunks.append(chunk)
    except (_BrokenError, zlib.error, brotli.error, zstandard.ZstdError):
        broken = True
    else:
        broken = False
    if broken:
        # Raised out here so that the decoder's own error, which may quote the body, is not chained.
        raise MalformedContentEncodingError(
            "the compressed body is damaged, cut short, or continues after its end"
        )
    return Decoded(b"".join(chunks), plain)


def _gzip(body: bytes) -> Generator[bytes, None, bool]:
    """All members of the body (RFC 1952, section 2.2), each with its checksum verified."""
    rest: bytes | memoryview = body
    plain = True
    for _ in range(_MAX_MEMBERS):
        member = rest
        rest = yield from _inflate(member, zlib.MAX_WBITS | 16)
        plain = plain and not member[_GZIP_FLAGS] & _GZIP_TEXT
        if not rest:
            return plain
    raise _BrokenError


def _deflate(body: bytes) -> Generator[bytes, None, bool]:
    """The zlib format, as RFC 9110 demands, or raw deflate, as some senders use."""
    # No raw deflate encoder begins a stream so: it would mean that padding bits of a stored block are set.
    zlib_header = len(body) > 1 and body[0] & 0x0F == zlib.DEFLATED and (body[0] << 8 | body[1]) % 31 == 0
    rest = yield from _inflate(body, zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS)
    if rest:
        raise _BrokenError
    return True


def _inflate(body: bytes | memoryview, window: int) -> Generator[bytes, None, memoryview]:
    """Decode one stream of `body`; returns what follows it."""
    decoder = zlib.decompressobj(window)
    view = memoryview(body)
    position = 0
    pending: bytes | memoryview = b""
    while not decoder.eof:
        if not pending:
            pending = view[position : position + _FEED]
            position += len(pending)
        chunk = decoder.decompress(pending, _CHUNK)
        if not chunk and not pending and not decoder.eof:
            raise _BrokenError  # the stream is cut short
        pending = decoder.unconsumed_tail
        yield chunk
    return view[position - len(decoder.unused_data) :]


def _brotli(body: bytes) -> Generator[bytes, None, bool]:
    decoder = brotli.Decompressor()
    position = 0
    while not decoder.is_finished():
        feed = b""
        if decoder.can_accept_more_data():
            feed = body[position : position + _FEED]
            position += len(feed)
            if not feed:
                raise _BrokenError
        yield decoder.process(feed, output_buffer_limit=_CHUNK)
    if position < len(body):
        raise _BrokenError
    return True


def _zstd(body: bytes) -> Generator[bytes, None, bool]:
    plain = _check_zstd_frames(body)
    decoder = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
    with decoder.stream_reader(io.BytesIO(body), read_across_frames=True) as reader:
        while chunk := reader.read(_CHUNK):
            yield chunk
    return plain


def _check_zstd_frames(body: bytes) -> bool:
    """Walk frames and blocks to the end (RFC 8878, section 3.1); returns whether no frame is skippable.

    The decoder takes a body that is cut short for a complete one; this check does not.
    """
    position = 0
    plain = True
    while True:
        magic = body[position : position + 4]
        if magic in _ZSTD_SKIPPABLE:
            plain = False
            position += 8 + _little_endian(body, position + 4, 4)
        elif magic == _ZSTD_MAGIC:
            position = _zstd_frame_end(body, position)
        else:
            raise _BrokenError
        if position > len(body):
            raise _BrokenError
        if position == len(body):
            return plain


def _zstd_frame_end(body: bytes, start: int) -> int:
    descriptor = _little_endian(body, start + 4, 1)
    single_segment = bool(descriptor & 0x20)
    size_flag = descriptor >> 6
    content_size = (1 if single_segment else 0, 2, 4, 8)[size_flag]
    position = start + 5 + (not single_segment) + (0, 1, 2, 4)[descriptor & 3] + content_size
    last = False
    while not last:
        header = _little_endian(body, position, 3)
        last = bool(header & 1)
        run_length = header >> 1 & 3 == 1
        position += 3 + (1 if run_length else header >> 3)
    return position + (4 if descriptor & 0x04 else 0)


def _little_endian(body: bytes, start: int, size: int) -> int:
    piece = body[start : start + size]
    if len(piece) < size:
        raise _BrokenError
    return int.from_bytes(piece, "little")


def _encode_gzip(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)


def _encode_brotli(body: bytes) -> bytes:
    compressed: bytes = brotli.compress(body, quality=4)
    return compressed


def _encode_zstd(body: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=3).compress(body)


_DECODERS: Final[dict[str, Decoder]] = {"gzip": _gzip, "deflate": _deflate, "br": _brotli, "zstd": _zstd}
_ENCODERS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "gzip": _encode_gzip,
    "deflate": zlib.compress,
    "br": _encode_brotli,
    "zstd": _encode_zstd,
}
