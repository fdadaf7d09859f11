"""Decodes runs of base64, base32 and hexadecimal (RFC 4648), and finds where in a run content begins."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

LEAST_PART: Final = 16
"""The least characters of a part of a run that may hold content."""
# Escapes before a run that read as its first characters: `\n` and `\u0022` of JSON, `%3D` of a URL.
_BEHIND: Final = re.compile(r"(?<=\\)(?:[nrt]|u[0-9A-Fa-f]{4})|(?<=%)[0-9A-Fa-f]{2}")
_APART: Final = re.compile(r"[/_+-]")
_SIGNS: Final = re.compile(r"[A-Za-z0-9+/_-]*")
BREAK: Final = re.compile(r"(?:\\r)?\\n|\s+")
"""Between two lines of a run: a line break, also escaped as in JSON within a string, and indentation."""
_FAR: Final = 512  # characters of a run in which a path may precede its content
_HEAD: Final = 64  # characters read where a content may begin
_MOST: Final = 32  # parts of such a path
_LETTERS_OF_32: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789abcdefghijklmnopqrstuv")
_BITS_OF_32: Final = 5


def base64_bytes(run: str) -> bytes | None:
    """The bytes of a run of base64 or base64url without blanks; all whole ones where it is cut short."""
    run = run.rstrip("=")
    if len(run) % 4 == 1:
        run = run[:-1]
    # `b64decode` would look the same up, in more steps.
    if _SIGNS.fullmatch(run) is None:
        return None
    return binascii.a2b_base64(run.replace("-", "+").replace("_", "/") + "=" * (-len(run) % 4))


def base32_bytes(run: str) -> bytes:
    """The bytes of an upper-case run of base32 without blanks; excess bits are left out."""
    run = run.rstrip("=")
    if not run:
        return b""
    bits = len(run) * _BITS_OF_32
    # For a base that is a power of two, `int` takes linear time.
    return (int(run.translate(_LETTERS_OF_32), 32) >> bits % 8).to_bytes(bits // 8, "big")


def hex_bytes(run: str) -> bytes | None:
    """The bytes of hexadecimal digits, also in pairs separated by blanks or colons, or after `0x`."""
    digits = re.sub("[ :]", "", run).removeprefix("0x").removeprefix("0X")
    return None if len(digits) % 2 else bytes.fromhex(digits)


def starts(text: str, start: int, end: int) -> Iterator[int]:
    """Where, besides `start`, content may begin in `[start, end)`, a run of base64; bounded work.

    `/`, `-`, `_` and `+` are base64 characters, but also separate it from a path or name before it.
    """
    behind = _BEHIND.match(text, start)
    if behind is not None:
        yield behind.end()
    for match in islice(_APART.finditer(text, start, min(end, start + _FAR)), _MOST):
        if end - match.end() < LEAST_PART:
            return
        yield match.end()


def heads(text: str, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    """`starts` in the first line of a run, and up to 48 bytes of the content at each."""
    line = BREAK.split(text[start : min(end, start + _FAR + _HEAD)], maxsplit=1)[0]
    aligned: dict[int, bytes] = {}  # one decoding serves every fourth place
    for place in starts(text, start, start + len(line)):
        offset = place - start
        shift = offset % 4
        data = aligned.get(shift)
        if data is None:
            data = aligned[shift] = base64_bytes(line[shift:]) or b""
        first = (offset - shift) // 4 * 3
        yield place, data[first : first + _HEAD // 4 * 3]


def parts(text: str, start: int, end: int) -> Iterator[tuple[int, int, bytes]]:
    """Spans within a run of base64 that may be content by themselves, and how each begins.

    Such a span is a line, or a part of a path in it: up to its end, or to the next `/`.
    """
    whole = True
    for line, stop in _lines(text, start, end):
        first = base64_bytes(text[line : min(stop, line + _HEAD)]) or b""
        if not (whole and stop == end):
            yield line, stop, first
        whole = False
        for place, head in ((line, first), *heads(text, line, stop)):
            if place > line:
                yield place, stop, head
            last = text.find("/", place + LEAST_PART, stop)
            if last > 0:
                yield place, last, head


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in BREAK.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end
