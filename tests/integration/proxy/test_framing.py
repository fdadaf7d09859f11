"""A body with broken framing is refused at once, in whichever pieces it arrives."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from shield.audit.record import Kind
from tests.integration.proxy.harness import Raw, Stack, post

HEAD = b"POST /api/tickets HTTP/1.1\r\nHost: shield.example\r\nContent-Type: application/json\r\n"
BROKEN = {
    "size": b"zebra\r\n{}\r\n0\r\n\r\n",
    "chunk longer than its size": b"2\r\n{}XX\r\n0\r\n\r\n",
    "second chunk": b"2\r\n{}\r\nzebra\r\n",
    "trailer": b"2\r\n{}\r\n0\r\nA B: c\r\n\r\n",
}


async def begun(stack: Stack) -> None:
    """Wait until the server handles a request."""
    async with asyncio.timeout(10):
        while not stack.exchange.in_flight:
            await asyncio.sleep(0)


async def refused(stack: Stack, client: Raw) -> None:
    """The client gets a 400, the connection ends, the refusal is recorded, and nothing was forwarded."""
    answer = await client.answer()
    assert (answer.status, answer.get("Connection")) == (400, "close")
    assert b'"code":"request_invalid"' in answer.body
    assert await client.ended()
    assert [reject["reason"] for reject in stack.evidence.of(Kind.REJECT)] == ["request_invalid"]
    stack.assert_nothing_forwarded()


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("last", [b"Connection: close\r\n", b""], ids=["closing", "open"])
@pytest.mark.parametrize("apart", [False, True], ids=["whole", "head and body"])
async def test_broken_chunks_are_refused_and_not_waited_for(
    stack: Stack, broken: str, last: bytes, apart: bool
) -> None:
    stack.reroute(body_timeout=3600.0)  # nobody waits for it
    head, body = HEAD + last + b"Transfer-Encoding: chunked\r\n\r\n", BROKEN[broken]
    client = await stack.connect()
    if apart:
        await client.send(head)
        await begun(stack)
    await client.send(body if apart else head + body)
    await refused(stack, client)


async def test_who_sends_its_body_unasked_is_not_asked_for_it(stack: Stack) -> None:
    """RFC 9110, 10.1.1: no 100 (Continue) is needed for a body that has already begun to arrive."""
    client = await stack.connect()
    sent = post(b'{"a": 1}', "Expect: 100-continue")
    await client.send(sent[:-3])
    await begun(stack)
    await client.send(sent[-3:])
    assert await client.reader.readuntil(b"\r\n") == b"HTTP/1.1 201 Made It\r\n"


@pytest.mark.parametrize("target", [b"http://xn--/", b"http://u@xn--a/"])
@pytest.mark.parametrize("body", [b"", b"Content-Length: 5\r\n"], ids=["whole", "body to come"])
async def test_a_target_whose_host_no_codec_reads_is_refused_and_recorded(
    stack: Stack, target: bytes, body: bytes
) -> None:
    client = await stack.connect()
    await client.send(b"POST " + target + b" HTTP/1.1\r\nHost: shield.example\r\n" + body + b"\r\n")
    await refused(stack, client)


MORE = b" " * 3_000_000  # more than socket buffers hold
ENDING = {
    "bad head": (b"GET / HTTP/1.1\r\nHost: s\r\nzebra zebra: 1\r\n\r\n", 400),
    "large head": (b"GET / HTTP/1.1\r\nHost: s\r\nX: " + b"z" * 40_000 + b"\r\n\r\n", 400),
    "both lengths": (HEAD + b"Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    "bad chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzebra\r\n", 400),
    "trailer": (
        HEAD
        + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nA: b\r\n\r\n"
        + HEAD
        + b"Content-Length: 3000000\r\n\r\n",
        201,
    ),
}


@pytest.mark.parametrize("name", ENDING)
async def test_who_still_sends_can_read_the_last_answer(stack: Stack, name: str) -> None:
    """The connection is not reset before its client has the whole answer."""
    sent, status = ENDING[name]
    client = await stack.connect()
    client.writer.write(sent + MORE)
    await client.writer.drain()
    answer = await client.answer()
    assert (answer.status, answer.get("Connection")) == (status, "close")
    assert await client.reader.read() == b""  # closed, not reset
    client.writer.close()
    async with asyncio.timeout(10):
        while stack.connections():
            await asyncio.sleep(0)
    assert len(stack.upstream.requests) == (1 if status == 201 else 0)


async def test_who_does_not_stop_sending_is_cut_off(stack: Stack) -> None:
    client = await stack.connect()
    await client.send(ENDING["bad head"][0])
    assert (await client.answer()).status == 400
    async with asyncio.timeout(10):
        with contextlib.suppress(ConnectionError):
            while True:
                await client.send(b"more")
                await asyncio.sleep(0)


OFFER = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAAAAI")
OFFERS = {
    "Java": OFFER,
    "Apache": ("Connection: Upgrade", "Upgrade: TLS/1.2"),
    "several": ("Connection: Upgrade", "Upgrade: TLS/1.3, TLS/1.2"),
}


@pytest.mark.parametrize("name", OFFERS)
@pytest.mark.parametrize("first", [b"", b'{"a": "first"}'], ids=["no body", "body"])
@pytest.mark.parametrize("end", [-3, 0, 5, None], ids=["before its end", "at its end", "behind it", "whole"])
async def test_what_comes_behind_an_offer_to_upgrade_is_served_however_it_is_cut(
    stack: Stack, name: str, first: bytes, end: int | None
) -> None:
    """Some clients offer an upgrade with their requests; the parser drops what arrives in the same piece."""
    second, third = b'{"a": "second"}', b'{"a": "third"}'
    offer = post(first, *OFFERS[name])
    whole = offer + post(second) + post(third)
    cut = len(whole) if end is None else len(offer) + (min(end, 0) if first else abs(end))
    client = await stack.connect()
    await client.send(whole[:cut])
    if whole[cut:]:
        await begun(stack)
        await client.send(whole[cut:])
    assert [(await client.answer()).status for _ in range(3)] == [201] * 3
    assert [it.body for it in stack.upstream.requests] == [first, second, third]


@pytest.mark.parametrize("chunked", [True, False], ids=["chunked", "behind another"])
async def test_where_the_end_of_an_offer_is_not_certain_it_is_the_last_of_its_connection(
    stack: Stack, chunked: bool
) -> None:
    client = await stack.connect()
    if chunked:
        fields = "\r\n".join(OFFER).encode() + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
        await client.send(HEAD + fields + b"2\r\n{}\r\n0\r\n\r\n" + post(b'{"a": 1}'))
    else:
        await client.send(post(b"{}") + post(b"{}", *OFFER) + post(b'{"a": 1}'))
        assert (await client.answer()).get("Connection") is None
    answer = await client.answer()
    assert (answer.status, answer.get("Connection")) == (201, "close")
    assert await client.ended()
    assert {it.body for it in stack.upstream.requests} == {b"{}"}
