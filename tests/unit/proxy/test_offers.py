"""The end, in the received bytes, of a request that offers an upgrade is found."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpRequestParser
from aiohttp.web import BaseRequest

from shield.proxy.offers import rest_of_offer
from shield.proxy.replies import Reply
from tests.unit.proxy.test_at_once import GET, Stage, answered

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


WEBSOCKET = NONE.replace(b"h2c", b"websocket")
INNER = b"before\r\n\r\nGET /inner HTTP/1.1\r\nHost: a\r\n\r\n"
OUTER = b"POST /outer HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(INNER)
LARGE = b"x" * (2**19 + 1)  # more than is buffered for a slow reader


async def whole(request: BaseRequest) -> Reply:
    await asyncio.sleep(0)
    return Reply(201, b"%d" % len(await request.content.read()))


@pytest.mark.parametrize("before", [b"", WEBSOCKET], ids=["first", "behind a declined upgrade"])
async def test_what_a_body_holds_is_no_request_though_an_offer_comes_with_its_end(before: bytes) -> None:
    stage = await Stage(whole).open()
    stage.protocol.data_received(before + OUTER + INNER[:3])
    async with asyncio.timeout(10):
        while "/outer" not in stage.asked:
            await asyncio.sleep(0)
    stage.protocol.data_received(INNER[3:] + NONE)
    known = stage.asked[:-1]
    await answered(stage, len(known) + 2)
    async with asyncio.timeout(10):
        while not stage.transport.closed:
            await asyncio.sleep(0)
    assert stage.asked == [*known, "/outer", "/"]
    assert b"\r\nConnection: close\r\n" in stage.transport.written[-1]
    stage.protocol.connection_lost(None)


async def test_an_offer_behind_a_declined_upgrade_is_the_last_of_its_connection() -> None:
    stage = await Stage(whole).open()
    stage.protocol.data_received(WEBSOCKET + NONE + GET)
    await answered(stage, 2)
    assert b"\r\nConnection: close\r\n" in stage.transport.written[-1]
    stage.protocol.connection_lost(None)


@pytest.mark.parametrize("apart", [True, False])
async def test_behind_a_large_body_that_nobody_has_read_yet_no_request_is_lost(apart: bool) -> None:
    head = BODY.replace(b"Content-Length: 4", b"Content-Length: %d" % len(LARGE))
    stage = await Stage(whole).open()
    if apart:
        stage.protocol.data_received(head + LARGE[:9])
        stage.protocol.data_received(LARGE[9:] + GET)
        await answered(stage, 2)
        assert stage.asked == ["/", "/a"]
    else:
        stage.protocol.data_received(head + LARGE + GET)
        await answered(stage, 1)
        assert b"\r\nConnection: close\r\n" in stage.transport.written[0]
    assert stage.transport.written[0].endswith(b"\r\n\r\n%d" % len(LARGE))
    stage.protocol.connection_lost(None)


@pytest.mark.parametrize("body", [b"", b"body"])
async def test_where_more_offers_come_than_are_kept_none_is_lost_unsaid(body: bytes) -> None:
    offer = (BODY if body else NONE) + body
    stage = await Stage(whole).open()
    stage.protocol.data_received(offer * 40 + GET)
    async with asyncio.timeout(10):
        while not stage.transport.closed:
            await asyncio.sleep(0)
    assert stage.asked == ["/"] * len(stage.transport.written)
    assert [b"\r\nConnection: close\r\n" in it for it in stage.transport.written].index(True) == len(
        stage.asked
    ) - 1
    stage.protocol.connection_lost(None)


async def test_an_offer_that_is_the_last_that_is_kept_ends_where_its_body_does() -> None:
    stage = await Stage(whole).open()
    stage.protocol.data_received(GET * 31)
    stage.protocol.data_received(BODY + b"bo")
    stage.protocol.data_received(b"dy" + GET)
    await answered(stage, 33)
    assert stage.asked == ["/a"] * 31 + ["/", "/a"]
    stage.protocol.connection_lost(None)
