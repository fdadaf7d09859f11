"""Slow, silent and too many clients: each has a limit, and each cut-off is recorded or counted."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from shield.audit.record import Kind
from shield.config.settings import ListenerTls
from shield.proxy.connection_limits import ConnectionLimits, ConnectionWatch
from shield.proxy.http_server import ShieldProtocol, make_server
from shield.proxy.replies import Reply
from shield.telemetry.connection_series import Closed
from tests.integration.proxy.certificates import Certificates
from tests.integration.proxy.harness import Raw, Stack, post, running
from tests.integration.proxy.raw_upstream import Received

BODY = b'{"comment": "secret-zebra"}'
SHORT = 0.05
LONG = 60.0
HEAD = b"POST /api/tickets HTTP/1.1\r\nHost: s\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"


def limits(**changes: Any) -> ConnectionLimits:
    base = {"keepalive_timeout": LONG, "max_field_bytes": 16 * 1024, "header_timeout": LONG, "patience": LONG}
    return ConnectionLimits(**{**base, **changes})


@pytest.fixture
async def hasty() -> AsyncIterator[Stack]:
    async with running(limits(header_timeout=SHORT)) as made:
        yield made


async def assert_timed_out(stack: Stack, client: Raw) -> None:
    answer = await client.answer()
    assert (answer.status, answer.get("Connection")) == (408, "close")
    assert json.loads(answer.body)["code"] == "header_timeout"
    assert await client.ended()
    (reject,) = await stack.evidence.wait_for(Kind.REJECT)
    assert (reject["reason"], reject["request_id"]) == ("header_timeout", answer.get("X-Shield-Request-Id"))
    assert stack.metric("shield_refusals_total", code="header_timeout") == 1
    assert "zebra" not in stack.log.getvalue() + repr(stack.evidence.drafts) + answer.body.decode()


async def test_a_head_that_stays_unfinished(hasty: Stack) -> None:
    client = await hasty.connect()
    await client.send(HEAD + b"X-Zebra: zebra")
    await assert_timed_out(hasty, client)
    hasty.assert_nothing_forwarded()


async def test_more_bytes_give_a_head_no_more_time(hasty: Stack) -> None:
    client = await hasty.connect()
    await client.send(HEAD + b"X-Zebra: ")
    answer = asyncio.create_task(assert_timed_out(hasty, client))
    while not answer.done():
        with contextlib.suppress(ConnectionError):
            await client.send(b"z")
        await asyncio.wait([answer], timeout=SHORT / 10)
    await answer


async def test_a_second_head_has_a_limit_of_its_own(hasty: Stack) -> None:
    client = await hasty.connect()
    await client.send(post(b"{}"))
    assert (await client.answer()).status == 201
    await client.send(HEAD)
    await assert_timed_out(hasty, client)
    assert len(hasty.upstream.requests) == 1


async def test_an_idle_connection_is_no_slow_head(hasty: Stack) -> None:
    """More than `header_timeout` passes between two requests, and idle time does not count towards it."""
    client = await hasty.connect()
    for _ in range(2):
        await client.send(post(b"{}"))
        assert (await client.answer()).status == 201
        slow = await hasty.connect()
        assert await slow.ended()


async def test_a_slow_body_is_no_slow_head(hasty: Stack) -> None:
    client, silent = await hasty.connect(), await hasty.connect()
    await client.send(post(BODY)[:-5])
    assert await silent.ended()
    await client.send(post(BODY)[-5:])
    assert (await client.answer()).status == 201


async def test_a_connection_that_never_asks_is_closed_and_counted(hasty: Stack) -> None:
    client = await hasty.connect()
    assert await client.ended()
    assert hasty.metric("shield_connections_closed_total", reason="no_request") == 1
    assert hasty.evidence.drafts == []


async def test_a_head_may_take_longer_than_an_idle_connection_may_stay() -> None:
    async with running(limits(keepalive_timeout=SHORT, header_timeout=4 * SHORT)) as stack:
        client = await stack.connect()
        await client.send(HEAD)
        await assert_timed_out(stack, client)


async def test_an_idle_connection_is_closed_without_a_word() -> None:
    async with running(limits(keepalive_timeout=SHORT)) as stack:
        client = await stack.connect()
        await client.send(post(b"{}"))
        assert (await client.answer()).status == 201
        assert await client.ended()
        assert stack.evidence.of(Kind.REJECT) == []


async def test_an_old_connection_ends_with_its_next_answer_and_loses_no_request() -> None:
    async with running(limits(max_duration=0.0)) as stack:
        for asked in (1, 2):
            client = await stack.connect()
            await client.send(post(b"{}"))
            answer = await client.answer()
            assert (answer.status, answer.get("Connection")) == (201, "close")
            assert await client.ended()
            assert len(stack.upstream.requests) == asked


async def test_what_an_old_connection_asks_behind_its_last_answer_is_not_forwarded() -> None:
    """Its client knows by `Connection: close` that it has to ask again (RFC 9112, 9.3.2)."""
    async with running(limits(max_duration=0.0)) as stack:
        client = await stack.connect()
        await client.send(post(b"{}") + post(b"{}"))
        assert (await client.answer()).get("Connection") == "close"
        assert await client.ended()
        assert len(stack.upstream.requests) == 1


async def test_a_refusal_ends_an_old_connection_too() -> None:
    async with running(limits(max_duration=0.0)) as stack:
        client = await stack.connect()
        await client.send(b"POST /nowhere HTTP/1.1\r\nHost: s\r\nContent-Length: 0\r\n\r\n")
        answer = await client.answer()
        assert (answer.status, answer.get("Connection")) == (404, "close")
        assert await client.ended()


async def test_a_connection_that_is_not_old_goes_on() -> None:
    async with running(limits(max_duration=LONG)) as stack:
        client = await stack.connect()
        for _ in range(3):
            await client.send(post(b"{}"))
            assert (await client.answer()).get("Connection") is None


async def test_a_body_below_the_least_rate(stack: Stack) -> None:
    stack.reserve(min_body_rate=1000, rate_grace=SHORT)
    client = await stack.connect()
    await client.send(post(BODY)[:-5])
    answer = await client.answer()
    assert (answer.status, json.loads(answer.body)["code"]) == (408, "body_too_slow")
    (reject,) = stack.evidence.of(Kind.REJECT)
    assert reject["reason"] == "body_too_slow"
    assert stack.metric("shield_refusals_total", code="body_too_slow") == 1
    stack.assert_nothing_forwarded()


async def test_without_a_least_rate_only_the_time_of_the_body_counts(stack: Stack) -> None:
    stack.reserve(min_body_rate=0, rate_grace=SHORT / 10)
    stack.reroute(body_timeout=SHORT)
    client = await stack.connect()
    await client.send(post(BODY)[:-5])
    assert json.loads((await client.answer()).body)["code"] == "body_timeout"


async def test_an_answer_that_is_not_taken() -> None:
    async def endless(_: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not reader.at_eof():
            writer.write(b"10000\r\n" + b"." * 0x10000 + b"\r\n")
            await writer.drain()

    async with running(limits(rate_grace=SHORT)) as stack:
        stack.upstream.script = endless
        client = await stack.connect()
        await client.send(post(b"{}"))
        await stack.evidence.wait_for(Kind.OUTCOME)
        await stack.exchange.drain()  # returns once the exchange was abandoned
        assert stack.metric("shield_connections_closed_total", reason="slow_answer") == 1
        assert stack.metric("shield_requests_total", route="tickets", outcome="client_gone") == 1


class SlowTransport(asyncio.Transport):
    """A transport whose client leaves `left` bytes in the buffer, look by look."""

    def __init__(self, left: Iterator[int]) -> None:
        super().__init__()
        self._left = left
        self.aborted = asyncio.Event()

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        assert high == 1

    def get_write_buffer_size(self) -> int:
        return next(self._left)

    def is_closing(self) -> bool:
        return False

    def close(self) -> None: ...

    def abort(self) -> None:
        self.aborted.set()


async def test_an_answer_may_be_taken_slowly_while_it_is_taken() -> None:
    """Checked after each grace period: 500 of 1000 left, then 100 of 500, then 100 of 100: none was taken."""
    closed: list[Closed] = []
    server = make_server(
        lambda _request: asyncio.sleep(0, Reply(200, b"")),
        lambda error, _cause: Reply(error.status, b""),
        limits(min_rate=1000, rate_grace=0.01),
        ConnectionWatch(closed=closed.append),
    )
    protocol = server()
    assert isinstance(protocol, ShieldProtocol)
    sizes = iter([1000, 500, 500, 100, 100, 100])
    transport = SlowTransport(sizes)
    protocol.connection_made(transport)
    protocol.pause_writing()
    async with asyncio.timeout(10):
        await transport.aborted.wait()
    assert closed == [Closed.SLOW_ANSWER]
    assert list(sizes) == []
    protocol.connection_lost(None)


async def emptied(count: Callable[[], float], wanted: float) -> None:
    async with asyncio.timeout(10):
        while count() != wanted:
            await asyncio.sleep(0)


async def test_the_connections_have_a_bound() -> None:
    async with running(limits(max_connections=2)) as stack:
        first, second = await stack.connect(), await stack.connect()
        for client in (first, second):
            await client.send(post(b"{}"))
            assert (await client.answer()).status == 201
        third = await stack.connect()
        answer = await third.answer()
        assert (answer.status, answer.get("Retry-After"), answer.get("Connection")) == (503, "1", "close")
        assert json.loads(answer.body)["code"] == "saturated"
        assert await third.ended()
        (reject,) = stack.evidence.of(Kind.REJECT)
        assert reject["reason"] == "saturated"
        first.abort()
        await emptied(lambda: stack.metric("shield_connections"), 1)
        fourth = await stack.connect()
        for client in (second, fourth):
            await client.send(post(b"{}"))
            assert (await client.answer()).status == 201
        stack.site.limit(limits(max_connections=3))
        fifth = await stack.connect()
        await fifth.send(post(b"{}"))
        assert (await fifth.answer()).status == 201


async def test_one_too_many_that_has_sent_its_request_is_answered_and_not_reset() -> None:
    async with running(limits(max_connections=1)) as stack:
        await (first := await stack.connect()).send(post(b"{}"))
        assert (await first.answer()).status == 201
        with socket.create_connection(("127.0.0.1", stack.site.port)) as early:  # before the loop takes it
            early.sendall(post(BODY))
            early.setblocking(False)  # noqa: FBT003  the standard library's own
            received = b""
            while more := await asyncio.get_running_loop().sock_recv(early, 65536):
                received += more
        assert received.startswith(b"HTTP/1.1 503 ")
        assert b'"code":"saturated"' in received.replace(b": ", b":")
        assert b"zebra" not in received


async def test_who_sent_no_request_makes_way_for_who_comes_and_then_who_is_idle() -> None:
    async with running(limits(max_connections=4, patience=0.0)) as stack:
        under_way, idle, silent, begun = [await stack.connect() for _ in range(4)]
        await emptied(lambda: stack.metric("shield_connections"), 4)
        await idle.send(post(b"{}"))
        assert (await idle.answer()).status == 201
        await under_way.send(post(BODY)[:-1])
        await emptied(lambda: stack.metric("shield_requests_in_flight"), 1)
        await begun.send(HEAD + b"X-Zebra: zebra")

        async def come() -> Raw:
            client = await stack.connect()
            await client.send(post(BODY)[:-1])
            return client

        clients = [await come()]
        assert await silent.ended()
        clients.append(await come())
        answer = await begun.answer()
        assert (answer.status, json.loads(answer.body)["code"]) == (503, "saturated")
        assert await begun.ended()
        clients.append(await come())
        assert await idle.ended()
        await emptied(lambda: stack.metric("shield_requests_in_flight"), 4)
        refused = await stack.connect()
        assert (await refused.answer()).status == 503
        for client in (under_way, *clients):  # no request was abandoned
            await client.send(post(BODY)[-1:])
            assert (await client.answer()).status == 201
        assert stack.metric("shield_connections_closed_total", reason="gave_way") == 2
        assert [it["reason"] for it in stack.evidence.of(Kind.REJECT)] == ["saturated", "saturated"]
        assert "zebra" not in stack.log.getvalue()


async def test_who_still_takes_an_answer_is_not_idle() -> None:
    """Its end would wait for that, and its descriptor be held by a connection that counts no more."""
    async with running(limits(max_connections=1, patience=0.0)) as stack:
        await (client := await stack.connect()).send(post(b"{}"))
        assert (await client.answer()).status == 201
        assert stack.site._http is not None
        (protocol,) = stack.site._http.connections
        assert isinstance(protocol, ShieldProtocol)
        assert protocol.transport is not None
        protocol.transport.write(bytes(1 << 24))
        refused = await stack.connect()
        assert (await refused.answer()).status == 503
        assert stack.metric("shield_connections") == 1
        protocol.transport.abort()


async def test_a_lower_bound_is_kept_by_as_many_as_make_way() -> None:
    async with running(limits(max_connections=4, patience=0.0)) as stack:
        idle = [await stack.connect() for _ in range(3)]
        for client in idle:
            await client.send(post(b"{}"))
            assert (await client.answer()).status == 201
        stack.site.limit(limits(max_connections=1, patience=0.0))
        client = await stack.connect()
        await client.send(post(b"{}"))
        assert (await client.answer()).status == 201
        for each in idle:
            assert await each.ended()
        assert stack.metric("shield_connections") == 1


@pytest.mark.parametrize("patience", [0.0, LONG])
async def test_handshakes_that_do_not_come_have_the_same_bound(
    certificates: Certificates, patience: float
) -> None:
    """Each holds a file descriptor, and clients must not take the last one."""
    tls = ListenerTls(certificates.certificate, certificates.key)
    async with running(limits(max_connections=1, patience=patience), tls=tls) as stack:
        silent = await stack.connect()
        trust = ssl.create_default_context(cafile=certificates.ca)
        speaking = asyncio.open_connection(
            "127.0.0.1", stack.site.port, ssl=trust, server_hostname="localhost"
        )
        if patience:
            with pytest.raises((ConnectionError, ssl.SSLError)):
                await speaking
            (reject,) = stack.evidence.of(Kind.REJECT)
            assert reject["reason"] == "saturated"
            return
        client = Raw(*await speaking)
        stack.clients.append(client)
        await client.send(post(b"{}"))
        assert (await client.answer()).status == 201
        assert await silent.ended()
        assert stack.metric("shield_connections_closed_total", reason="gave_way") == 1


@pytest.mark.parametrize(
    "trailer", ["Host: zebra", "X: 1\r\nhOsT: zebra", "Connection: x", "content_length: 1", "X-Real-IP: ::1"]
)
async def test_a_trailer_cannot_frame_or_route(stack: Stack, trailer: str) -> None:
    client = await stack.connect()
    await client.send(CHUNKED + f"{trailer}\r\n\r\n".encode())
    answer = await client.answer()
    assert (answer.status, answer.get("Connection")) == (400, "close")
    (reject,) = stack.evidence.of(Kind.REJECT)
    assert reject["reason"] == "request_invalid"
    stack.assert_nothing_forwarded()


async def test_a_trailer_in_pieces_is_seen_as_well(stack: Stack) -> None:
    client = await stack.connect()
    for byte in CHUNKED + b"A: 0\r\nHost: zebra\r\n\r\n":
        await client.send(bytes([byte]))
        await asyncio.sleep(0)
    assert (await client.answer()).status == 400
    stack.assert_nothing_forwarded()


async def test_a_harmless_trailer_is_dropped(stack: Stack) -> None:
    client = await stack.connect()
    await client.send(CHUNKED + b"Vary: *\r\nContent-Type: zebra\r\n\r\n")
    assert (await client.answer()).status == 201
    (request,) = stack.upstream.requests
    assert request.get("Vary") is None
    assert request.all("Content-Type") == ["application/json"]


@pytest.mark.parametrize(("trailer", "status"), [(b"", 201), (b"Vary: *\r\n", 201), (b"Host: x\r\n", 400)])
async def test_a_body_may_look_like_the_last_chunk(stack: Stack, trailer: bytes, status: int) -> None:
    client = await stack.connect()
    body = b"\r\n0\r\n\r\n"  # a JSON number with blanks around it
    framed = HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n000;a=b\r\n" % (len(body), body)
    await client.send(framed + trailer + b"\r\n")
    assert (await client.answer()).status == status
    assert [request.body for request in stack.upstream.requests] == [body] * (status == 201)


async def test_a_trailer_larger_than_a_head_may_be() -> None:
    async with running(limits(max_field_bytes=200)) as stack:
        client = await stack.connect()
        fields = b"".join(b"X-%d: %b\r\n" % (number, b"z" * 50) for number in range(10))
        await client.send(CHUNKED + fields + b"\r\n")
        assert (await client.answer()).status == 400
        stack.assert_nothing_forwarded()
