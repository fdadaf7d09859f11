"""Sets up aiohttp's parser of answers (llhttp) for one answer of an upstream, and translates its errors."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpResponseParser

from shield.errors import UpstreamError, UpstreamProtocolError

MAX_FIELD_BYTES = 64 * 1024
MAX_FIELDS = 256
BUFFER_BYTES = 256 * 1024
"""Bytes buffered of an answer that the client does not take; at twice as many, reading pauses."""

END_OF_HEAD = b"\r\n\r\n"


class BrokenOffError(Exception):
    """Raised by `UpstreamAnswer.content` where the answer's body breaks off, for `cause_`."""

    def __init__(self, cause_: UpstreamError) -> None:
        super().__init__(cause_.code)
        self.cause_ = cause_


class _BrokenFramingError(BrokenOffError):
    """Replaces the parser's exception, whose text may quote the answer."""

    def __init__(self, _text: str) -> None:
        super().__init__(UpstreamProtocolError())


def answer_parser(
    protocol: BaseProtocol, loop: asyncio.AbstractEventLoop, *, is_head: bool
) -> HttpResponseParser:
    """A parser for the answer to one request; with `is_head` it has no body, whatever its fields say."""
    return HttpResponseParser(
        protocol,
        loop,
        BUFFER_BYTES,
        payload_exception=_BrokenFramingError,
        response_with_body=not is_head,
        read_until_eof=True,
        auto_decompress=False,
        max_line_size=MAX_FIELD_BYTES,
        max_field_size=MAX_FIELD_BYTES,
        max_headers=MAX_FIELDS,
    )


def heads_apart(data: bytes) -> Iterator[bytes]:
    """Split the bytes into pieces that each end where a head could end."""
    start = 0
    while start < len(data):
        found = data.find(END_OF_HEAD, start)
        end = len(data) if found < 0 else found + len(END_OF_HEAD)
        yield data[start:end]
        start = end
