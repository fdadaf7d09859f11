"""Each fault after the intent is durable, and each setting that bypasses a request, ends in an outcome."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from dataclasses import replace
from typing import Any

import pytest

from shield.audit.record import Kind
from shield.config.settings_route import Mode, OnError
from shield.config.settings_upstream import Upstream
from shield.domain import Check
from shield.errors import DetectionIncompleteError
from shield.proxy import forwarding
from shield.proxy.replies import Sent
from tests.integration.proxy.harness import Answer, Stack, post, running
from tests.integration.proxy.raw_upstream import Received, Script, answering

BODY = b'{"comment": "secret-zebra"}'
REDACTED = b'{"comment": "<SECRET>"}'


def assert_failed(stack: Stack, answer: Answer, status: int, code: str) -> None:
    assert (answer.status, json.loads(answer.body)["code"]) == (status, code)
    (intent,) = stack.evidence.of(Kind.INTENT)
    (outcome,) = stack.evidence.of(Kind.OUTCOME)
    assert intent["request_id"] == outcome["request_id"]
    assert (outcome["intent"], outcome["upstream_status"], outcome["result"]) == (0, None, code)
    assert not stack.evidence.of(Kind.REJECT)
    assert stack.metric("shield_requests_total", route="tickets", outcome="upstream_failed") == 1
    assert "zebra" not in stack.log.getvalue()
    assert all(request.body == REDACTED for request in stack.upstream.requests)


async def hang_up(request: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def reset(request: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def silence(request: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def half_a_head(request: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-")
    await writer.drain()
    writer.close()


FAULTS: dict[str, tuple[Script, int, str]] = {
    "hang up": (hang_up, 502, "upstream_reset"),
    "reset": (reset, 502, "upstream_reset"),
    "half a head": (half_a_head, 502, "upstream_reset"),
    "silence": (silence, 504, "upstream_timeout"),
    "garbage": (answering(b"secret-zebra\r\n\r\n"), 502, "upstream_protocol_error"),
    "101": (
        answering(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
        502,
        "upstream_protocol_error",
    ),
    "101 alone": (answering(b"HTTP/1.1 101 Switching\r\n\r\n"), 502, "upstream_protocol_error"),
    "no status": (answering(b"HTTP/1.1 000 OK\r\n\r\n"), 502, "upstream_protocol_error"),
    "endless head": (
        answering(b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 200_000 + b"\r\n\r\n"),
        502,
        "upstream_protocol_error",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_faults_before_the_answer(stack: Stack, name: str) -> None:
    stack.upstream.script, status, code = FAULTS[name]
    # Only silence may run into the limit, however slow the machine is.
    upstream = replace(stack.settings.routes[0].upstream, read_timeout=0.1 if name == "silence" else 60.0)
    stack.reroute(upstream=upstream)
    client = await stack.connect()
    await client.send(post(BODY))
    assert_failed(stack, await client.answer(), status, code)
    assert len(stack.upstream.requests) == 1  # sent once


@pytest.mark.parametrize(
    "framing",
    [
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip, chunked",
        "Content-Length : 2",
        "Transfer-Encoding : chunked",
    ],
)
async def test_an_answer_whose_framing_would_mean_another_thing_to_the_client(
    stack: Stack, framing: str
) -> None:
    head = f"HTTP/1.1 200 OK\r\nConnection: close\r\n{framing}\r\n\r\n"
    stack.upstream.script = answering(head.encode() + b"2\r\nhi\r\n0\r\n\r\n")
    client = await stack.connect()
    await client.send(post(BODY))
    answer = await client.answer()
    assert (answer.status, json.loads(answer.body)["code"]) == (502, "upstream_protocol_error")
    assert len(stack.evidence.of(Kind.OUTCOME)) == 1


async def test_connection_refused(stack: Stack) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    stack.reroute(upstream=Upstream("store", f"http://127.0.0.1:{port}"))
    client = await stack.connect()
    await client.send(post(BODY))
    assert_failed(stack, await client.answer(), 502, "upstream_unreachable")


async def test_no_connection_in_time(stack: Stack) -> None:
    """All connections of the pool are busy; nothing was sent, so the upstream counts as unreachable."""
    upstream = replace(stack.settings.routes[0].upstream, pool_size=1, connect_timeout=0.5)
    stack.reroute(upstream=upstream)
    stack.upstream.script = silence
    first, second = await stack.connect(), await stack.connect()
    await first.send(post(b"{}"))
    await stack.upstream.arrived.wait()
    await second.send(post(BODY))
    answer = await second.answer()
    assert (answer.status, json.loads(answer.body)["code"]) == (502, "upstream_unreachable")
    assert len(stack.upstream.requests) == 1


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST", "PATCH", "GET"])
async def test_a_request_on_a_stale_connection_is_not_sent_again(stack: Stack, method: str) -> None:
    client = await stack.connect()
    await client.send(post(BODY))
    assert (await client.answer()).status == 201
    stack.upstream.script = reset  # the kept connection dies with the next request in it
    body = b"" if method == "GET" else BODY
    await client.send(post(body, method=method))
    answer = await client.answer()
    assert json.loads(answer.body)["code"] == "upstream_reset"
    assert [request.method for request in stack.upstream.requests] == ["POST", method]
    outcomes = stack.evidence.of(Kind.OUTCOME)
    assert [outcome["result"] for outcome in outcomes] == ["answered", "upstream_reset"]


@pytest.mark.parametrize(
    "framing", [b"Content-Length: 100\r\n\r\nabc", b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"]
)
async def test_an_answer_that_breaks_off_is_not_made_whole(stack: Stack, framing: bytes) -> None:
    async def script(request: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n" + framing)
        await writer.drain()
        writer.close()

    stack.upstream.script = script
    client = await stack.connect()
    await client.send(post(BODY))
    with pytest.raises((asyncio.IncompleteReadError, ConnectionError, ValueError)):
        await client.answer()
    (outcome,) = stack.evidence.of(Kind.OUTCOME)
    assert (outcome["upstream_status"], outcome["result"]) == (200, "answered")


async def test_a_client_that_leaves_while_the_upstream_works(stack: Stack) -> None:
    proceed = asyncio.Event()

    async def script(request: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await proceed.wait()
        writer.write(b"HTTP/1.1 201 OK\r\nContent-Length: 0\r\n\r\n")

    stack.upstream.script = script
    client = await stack.connect()
    await client.send(post(BODY))
    await stack.upstream.arrived.wait()
    client.abort()
    await connection_lost(stack)
    proceed.set()
    (outcome,) = await stack.evidence.wait_for(Kind.OUTCOME)
    assert (outcome["upstream_status"], outcome["result"]) == (201, "client_gone")
    await stack.exchange.drain()
    assert stack.metric("shield_requests_total", route="tickets", outcome="client_gone") == 1


async def connection_lost(stack: Stack) -> None:
    """Wait until the server's loop, which is this one, has seen it."""
    while any(connection.transport is not None for connection in stack.connections()):
        await asyncio.sleep(0)


async def test_a_client_that_leaves_during_the_download(stack: Stack) -> None:
    proceed, ended = asyncio.Event(), asyncio.Event()

    async def script(request: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc")
        await writer.drain()
        await proceed.wait()
        writer.write(b"d" * 500)
        assert await reader.read() == b""  # the shield closes its connection to the upstream
        ended.set()

    stack.upstream.script = script
    client = await stack.connect()
    await client.send(post(BODY))
    await client.reader.readuntil(b"abc")
    client.abort()
    await connection_lost(stack)
    proceed.set()
    async with asyncio.timeout(10):
        await ended.wait()
    await stack.exchange.drain()
    assert stack.metric("shield_requests_total", route="tickets", outcome="client_gone") == 1


async def test_an_answer_that_cannot_be_passed_on_ends_the_connection(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> Sent:
        raise RuntimeError("secret-zebra")

    monkeypatch.setattr(forwarding, "pass_through", broken)
    client = await stack.connect()
    await client.send(post(BODY))
    with contextlib.suppress(ConnectionResetError):
        assert await client.reader.read() == b""
    await stack.exchange.drain()
    assert [outcome["result"] for outcome in stack.evidence.of(Kind.OUTCOME)] == ["answered"]
    assert stack.metric("shield_requests_total", route="tickets", outcome="upstream_failed") == 1
    assert "answer_failed" in stack.log.getvalue()
    assert "zebra" not in stack.log.getvalue()


async def test_stopping_the_server_while_the_upstream_works_leaves_the_outcome_unknown() -> None:
    async with running() as stack:
        stack.upstream.script = silence
        client = await stack.connect()
        await client.send(post(BODY))
        await stack.upstream.arrived.wait()
        await stack.site.stop()
        (outcome,) = await stack.evidence.wait_for(Kind.OUTCOME)
        assert outcome["result"] == "outcome_unknown"


async def test_observe_forwards_unchanged_and_records(stack: Stack) -> None:
    stack.reroute(mode=Mode.OBSERVE)
    client = await stack.connect()
    await client.send(post(BODY, "Digest: sha-256=abc", path="/api/tickets/secret-x?q=secret-y"))
    assert (await client.answer()).status == 201
    (request,) = stack.upstream.requests
    assert (request.body, request.target) == (BODY, "/api/tickets/secret-x?q=secret-y")
    assert request.get("Digest") == "sha-256=abc"
    (intent,) = stack.evidence.of(Kind.INTENT)
    assert (intent["decision"], intent["mode"]) == ("observe", "observe")
    assert intent["findings"][0]["count"] == 3
    assert stack.metric("shield_requests_total", route="tickets", outcome="observed") == 1


BYPASSES: dict[str, tuple[bytes, str]] = {
    "part of a document": (post(b'{"a": 1}', "Content-Range: bytes 0-7/20"), "body_partial"),
    "malformed": (post(b'{"a": zebra'), "body_malformed"),
    "coding": (post(BODY, "Content-Encoding: zebra"), "content_encoding_unsupported"),
    "broken coding": (post(BODY, "Content-Encoding: gzip"), "content_encoding_malformed"),
    "detector": (post(b'{"detector": "raises"}'), "detection_incomplete"),
}


@pytest.mark.parametrize("name", BYPASSES)
async def test_bypass_is_explicit_recorded_first_and_counted(stack: Stack, name: str) -> None:
    sent, code = BYPASSES[name]

    def before(_check: Check) -> None:
        if name == "detector":
            raise DetectionIncompleteError(recognizer="Broken")

    stack.heart.before = before
    stack.reroute(on_error=OnError.BYPASS)
    assert (
        stack.metrics.registry.get_sample_value("shield_bypasses_total", {"route": "tickets", "reason": code})
        == 0
    )  # so that the first one shows as an increase
    stack.evidence.gate = asyncio.Event()
    client = await stack.connect()
    await client.send(sent)
    await stack.evidence.committing.wait()
    assert stack.upstream.heads == 0
    stack.evidence.gate.set()
    assert (await client.answer()).status == 201
    body = sent.partition(b"\r\n\r\n")[2]
    assert stack.upstream.requests[0].body == body
    (bypass,) = stack.evidence.of(Kind.BYPASS)
    assert (bypass["reason"], bypass["uninspected_bytes"]) == (code, len(body))
    assert stack.evidence.of(Kind.OUTCOME)[0]["intent"] == 0
    assert stack.metric("shield_bypasses_total", route="tickets", reason=code) == 1
    assert stack.metric("shield_uninspected_bytes_total", route="tickets", reason="bypass") == len(body)
    errors = stack.metric("shield_recognizer_errors_total", recognizer="Broken")
    assert errors == (1 if name == "detector" else 0)


async def test_limits_are_not_bypassed(stack: Stack) -> None:
    stack.reroute(on_error=OnError.BYPASS)
    client = await stack.connect()
    await client.send(post(b"[" * 1000 + b"]" * 1000))
    answer = await client.answer()
    assert (answer.status, json.loads(answer.body)["code"]) == (413, "nesting_too_deep")
    stack.assert_nothing_forwarded()


async def test_a_swap_keeps_the_exchanges_under_way_on_their_configuration(stack: Stack) -> None:
    proceed = asyncio.Event()

    async def script(request: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await proceed.wait()
        writer.write(b"HTTP/1.1 201 OK\r\nContent-Length: 0\r\n\r\n")

    stack.upstream.script = script
    client = await stack.connect()
    await client.send(post(BODY))
    await stack.upstream.arrived.wait()
    other = replace(stack.settings.routes[0].upstream, read_timeout=1.0)
    stack.reroute(upstream=other)
    closing = asyncio.create_task(stack.pool.keep_only([other]))
    await asyncio.sleep(0)
    assert not closing.done()
    proceed.set()
    assert (await client.answer()).status == 201
    await closing


async def test_the_access_line_has_names_and_numbers_only(stack: Stack) -> None:
    client = await stack.connect()
    await client.send(post(BODY, "X-Request-Id: zebra", path="/api/tickets/zebra?zebra=zebra"))
    await client.answer()
    await stack.exchange.drain()
    (line,) = [json.loads(line) for line in stack.log.getvalue().splitlines()]
    values: dict[str, Any] = {
        name: line[name] for name in ("route", "status", "outcome", "findings", "record")
    }
    assert values == {"route": "tickets", "status": 201, "outcome": "redacted", "findings": 1, "record": 0}
    assert "zebra" not in json.dumps(line)
    assert stack.upstream.requests[0].get("X-Request-Id") == "zebra"


async def test_a_client_that_leaves_while_the_intent_is_written(stack: Stack) -> None:
    """The intent says that the write is sent, so it is, and the outcome records the result."""
    stack.evidence.gate = asyncio.Event()
    client = await stack.connect()
    await client.send(post(BODY))
    await stack.evidence.committing.wait()
    client.abort()
    await connection_lost(stack)
    stack.evidence.gate.set()
    (outcome,) = await stack.evidence.wait_for(Kind.OUTCOME)
    assert (outcome["upstream_status"], outcome["result"]) == (201, "client_gone")
    assert [request.body for request in stack.upstream.requests] == [REDACTED]


async def test_an_outcome_that_cannot_be_written_stops_what_comes_after(stack: Stack) -> None:
    async def script(request: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        stack.evidence.failure = "EIO"
        writer.write(b"HTTP/1.1 201 OK\r\nContent-Length: 0\r\n\r\n")

    stack.upstream.script = script
    client = await stack.connect()
    await client.send(post(BODY))
    assert (await client.answer()).status == 201  # the write is done and its intent durable: say so
    await client.send(post(BODY))
    assert (await client.answer()).status == 503
    assert len(stack.upstream.requests) == 1
    assert "outcome_not_recorded" in stack.log.getvalue()


async def test_a_swap_does_not_close_the_pool_of_a_request_that_is_still_read(stack: Stack) -> None:
    client = await stack.connect()
    await client.send(post(BODY)[: -len(BODY)])
    while not stack.exchange.in_flight:
        await asyncio.sleep(0)
    other = replace(stack.settings.routes[0].upstream, read_timeout=1.0)
    stack.reroute(upstream=other)
    closing = asyncio.create_task(stack.pool.keep_only([other]))
    await asyncio.sleep(0)
    await client.send(BODY)
    assert (await client.answer()).status == 201
    await closing


async def test_an_upstream_that_answers_before_the_body_ended(stack: Stack) -> None:
    async def early(writer: asyncio.StreamWriter) -> bool:
        writer.write(b"HTTP/1.1 413 Too Much\r\nContent-Length: 4\r\nConnection: close\r\n\r\nmuch")
        await writer.drain()
        return False

    stack.upstream.on_head = early
    stack.upstream.script = answering()
    client = await stack.connect()
    await client.send(post(b'"' + b"x" * 4_000_000 + b'"'))
    answer = await client.answer()
    assert (answer.status, answer.body) == (413, b"much")
    (outcome,) = stack.evidence.of(Kind.OUTCOME)
    assert (outcome["upstream_status"], outcome["result"]) == (413, "answered")
