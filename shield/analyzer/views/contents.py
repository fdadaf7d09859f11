"""Tells what decoded bytes hold: text that can be read, or content that cannot be inspected.

Formats are recognized by their signatures (the registries' "magic numbers"). Compressed data is inflated
(gzip, zlib, zstd and raw deflate: RFC 1950-1952, 8878) where it holds text and nothing else.

Law: the work is bounded by the text: for all its runs together, including nested ones, no more is inflated
than `_RATIO` times its length, plus a spare (`Allowance`).
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Callable
from typing import Final, NamedTuple

import zstandard

from shield.errors import DetectionIncompleteError

UNKNOWN: Final = "unknown"
"""The form of content without a known signature."""

_RATIO: Final = 20  # text is rarely compressed by more than 10
_SPARE: Final = 4096  # bytes, for a run
_SPARE_OF_ALL: Final = 256 * 1024
_MOST: Final = 1024 * 1024  # bytes inflated of one run
_WINDOW: Final = 8 * 1024 * 1024
_SIGNATURES: Final = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"PK\x03\x04", "zip"),  # also OOXML, OpenDocument, EPUB
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),  # .doc, .xls, .msg
    (b"{\\rtf", "rtf"),
    (b"ID3\x02", "audio"),
    (b"ID3\x03", "audio"),
    (b"ID3\x04", "audio"),
    (b"OggS", "audio"),
    (b"fLaC", "audio"),
    (b"#!AMR", "audio"),
    (b"\x1aE\xdf\xa3", "video"),  # Matroska, WebM
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video"),  # ASF, WMA
    (b"SQLite format 3\0", "sqlite"),
    (b"PAR1", "parquet"),
)
_STARTS: Final = tuple(signature for signature, _ in _SIGNATURES)
_RIFF: Final = {b"WEBP": "webp", b"WAVE": "audio", b"AVI ": "video"}
_BZIP2_BLOCK: Final = b"1AY&SY"
_POINTS: Final = 4  # of a picture that shows nothing
_LEGIBLE: Final = 0.75  # least share of printable bytes in text with other bytes between
_LEAST_LEGIBLE: Final = 48  # bytes; less is so by chance
# How valid UTF-8 begins: with two characters of at most four bytes. In fewer bytes the end may be cut off.
_TWO_OF_UTF8: Final = re.compile(
    rb"(?:[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}){2}"
)
_LEAST_TOLD: Final = 7  # bytes; in one more, two whole characters fit
_PRINTABLE: Final = bytes([*range(0x20, 0x7F), 9, 10, 13])
_BLANKED: Final = bytes([each if each in _PRINTABLE else 0x20 for each in range(256)])
_GZIP_HEAD: Final = 10  # bytes (RFC 1952, 2.3)
_GZIP_FLAGS: Final = 3  # the byte of it that has the flags
_GZIP_NAME: Final = 0b01000  # the flag of a file's name behind it
_GZIP_OTHER: Final = 0b11110110  # all flags but the hint and the name


class Content(NamedTuple):
    """`text` is what can be read; `form` is that of content that cannot, empty where all was read."""

    text: str = ""
    form: str = ""


class Allowance:
    """How much may still be inflated for one text."""

    __slots__ = ("_left",)

    def __init__(self, length: int) -> None:
        """`length` is the text's, in code points."""
        self._left = _RATIO * length + _SPARE_OF_ALL

    def take(self, size: int) -> None:
        """Use up `size` bytes. Raises DetectionIncompleteError where fewer are left."""
        self._left -= size
        if self._left < 0:
            raise DetectionIncompleteError("The text inflates to more than is read.", recognizer="decoded")


def content_of(data: bytes, allowance: Allowance) -> Content:
    """What `data` holds. Bytes that are neither text nor of a known form have the form UNKNOWN."""
    form = form_of(data)
    if not form and (text := printable(data)):
        return Content(text)
    inflate = _INFLATE.get(form)
    if inflate is not None:
        inflated = _inflated(inflate, data)
        allowance.take(len(inflated or b""))
        text = (printable(inflated) or legible(inflated)) if inflated else ""
        if text:
            return Content(text)
    text = legible(data)
    return Content(text, form or ("" if text else UNKNOWN))


def form_of(head: bytes) -> str:
    """The form that the first 24 bytes show; empty where none is known.

    A picture of one or two pixels does not count: mails have them as trackers and spacers.
    """
    if head.startswith(_STARTS):
        form = next(form for signature, form in _SIGNATURES if head.startswith(signature))
        return "" if (form == "bzip2" and head[4:10] != _BZIP2_BLOCK) or _is_point(head, form) else form
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return "video"  # MP4, MOV, M4A; HEIC
    return ""


def _is_point(head: bytes, form: str) -> bool:
    match form:
        case "gif":  # GIF89a, 18: the logical screen
            points = int.from_bytes(head[6:8], "little") * int.from_bytes(head[8:10], "little")
        case "png":  # PNG, 11.2.1: the first chunk
            points = int.from_bytes(head[16:20], "big") * int.from_bytes(head[20:24], "big")
        case _:
            return False
    return 0 < points <= _POINTS


def is_zlib(head: bytes) -> bool:
    """Whether the first two bytes are a zlib header (RFC 1950, 2.2)."""
    return len(head) > 1 and head[0] & 0x0F == zlib.DEFLATED and (head[0] << 8 | head[1]) % 31 == 0


def printable(data: bytes | None) -> str:
    """`data` as text, in UTF-8 or UTF-16; empty where it is not all text."""
    if not data:
        return ""
    if b"\0" in data or data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        wide = _wide(data)
        if wide is None:
            return ""
        text = wide
    elif len(data) > _LEAST_TOLD and _TWO_OF_UTF8.match(data) is None:
        return ""  # as the decoder would find, but its error costs several times as much
    else:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            # The first bytes of a longer run may end inside a character.
            if error.start < len(data) - 3:
                return ""
            text = data[: error.start].decode("utf-8")
    return text if text.isprintable() or all(c.isprintable() or c in "\t\r\n" for c in text) else ""


def legible(data: bytes) -> str:
    """`data` as text, with a blank for each other byte; empty where it is not mostly text.

    So a NUL at its end, or the length bytes of a serialization, cannot hide text.
    """
    if len(data) < _LEAST_LEGIBLE:
        return ""
    others = len(data.translate(None, _PRINTABLE))
    if others > len(data) * (1 - _LEGIBLE):
        return ""
    return data.translate(_BLANKED).decode("ascii")


def _wide(data: bytes) -> str | None:
    """UTF-16, told by its byte order mark or by every other byte being 0 (as in PowerShell's base64)."""
    order = ""
    if data.startswith(codecs.BOM_UTF16_LE):
        order, data = "utf-16-le", data[2:]
    elif data.startswith(codecs.BOM_UTF16_BE):
        order, data = "utf-16-be", data[2:]
    elif not data[1::2].strip(b"\0"):
        order = "utf-16-le"
    elif not data[::2].strip(b"\0"):
        order = "utf-16-be"
    else:
        return None
    try:
        return data[: len(data) // 2 * 2].decode(order)
    except UnicodeDecodeError:
        return None


def _inflated(inflate: Callable[[bytes, int], bytes | None], data: bytes) -> bytes | None:
    """What `data` inflates to; None where it is broken, too large, or holds more than the content."""
    most = min(_RATIO * len(data) + _SPARE, _MOST)
    try:
        return inflate(data, most)
    except (zlib.error, zstandard.ZstdError):
        return None


def _gzip(data: bytes, most: int) -> bytes | None:
    flags = data[_GZIP_FLAGS] if len(data) > _GZIP_HEAD else _GZIP_OTHER
    if flags & _GZIP_OTHER:
        return None
    name = data[_GZIP_HEAD : data.find(b"\0", _GZIP_HEAD)] + b"\n" if flags & _GZIP_NAME else b""
    content = _whole(zlib.decompressobj(zlib.MAX_WBITS | 16), data, most)
    return None if content is None else name + content


def _zlib(data: bytes, most: int) -> bytes | None:
    """The zlib format, or raw deflate."""
    return _whole(zlib.decompressobj(zlib.MAX_WBITS if is_zlib(data) else -zlib.MAX_WBITS), data, most)


def _whole(decoder: zlib._Decompress, data: bytes, most: int) -> bytes | None:
    content = decoder.decompress(data, most)
    return content if decoder.eof and not decoder.unused_data else None


def _zstd(data: bytes, most: int) -> bytes | None:
    with zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(data) as reader:
        if len(reader.read(most + 1)) > most:
            return None
    decoder = zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()
    content = decoder.decompress(data)
    return content if decoder.eof and not decoder.unused_data else None


_INFLATE: Final[dict[str, Callable[[bytes, int], bytes | None]]] = {"": _zlib, "gzip": _gzip, "zstd": _zstd}
"""By form; data without a signature may be zlib or raw deflate."""
