"""Where a request that offers an upgrade ends in what was received."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpRequestParser

from shield.proxy.offers import rest_of_offer

OFFER = b"Host: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n"
BODY = b"POST / HTTP/1.1\r\nContent-Length: 4\r\n" + OFFER + b"\r\n"
NONE = b"GET / HTTP/1.1\r\n" + OFFER + b"\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + OFFER + b"\r\n"


@pytest.mark.parametrize(
    ("before", "data", "rest"),
    [
        (b"", NONE, 0),
        (b"", NONE + b"GET", -3),
        (b"", NONE + NONE, -len(NONE)),
        (b"", BODY, 4),
        (b"", BODY + b"ab", 2),
        (b"", BODY + b"abcd", 0),
        (b"", BODY + b"abcd\r\n\r\n", -4),
        (b"", CHUNKED + b"0\r\n\r\n", None),
        (NONE[:9], NONE[9:] + NONE, -len(NONE)),
        (NONE[:-4], NONE[-4:] + NONE, None),
        (NONE[:-3], NONE[-3:] + NONE, None),
        (NONE[:-2], NONE[-2:] + NONE, None),
        (NONE[:-1], NONE[-1:] + NONE, None),
    ],
)
async def test_rest(before: bytes, data: bytes, rest: int | None) -> None:
    loop = asyncio.get_running_loop()
    parser = HttpRequestParser(BaseProtocol(loop), loop, 2**16)
    if before:
        assert not parser.feed_data(before)[0]
    ((message, _),) = parser.feed_data(data)[0]
    assert message.upgrade
    assert rest_of_offer(message, data) == rest
