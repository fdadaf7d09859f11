"""Clients that end their side of the connection right behind what they ask, and wait for the answers."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from shield.audit.record import Kind
from shield.domain import Check
from shield.proxy.at_once import ALL_ASKED_SECONDS, PromptProtocol
from tests.integration.proxy.harness import MODEL, POLICY, Stack, post
from tests.integration.proxy.raw_upstream import Received

BODY = b'{"comment": "secret-zebra"}'
REDACTED = b'{"comment": "<SECRET>"}'
OLD = b"GET /api/tickets/1 HTTP/1.0\r\nHost: shield.example\r\n\r\n"


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0)


def served(stack: Stack) -> PromptProtocol:
    (connection,) = stack.connections()
    assert isinstance(connection, PromptProtocol)
    return connection


def hold(stack: Stack) -> tuple[threading.Event, threading.Event]:
    """Have the inspection wait; returns the events that it has begun and that it may go on."""
    stack.reroute(policy=replace(POLICY, detector=MODEL))
    started, proceed = threading.Event(), threading.Event()

    def before(_check: Check) -> None:
        started.set()
        assert proceed.wait(10)

    stack.heart.before = before
    return started, proceed


async def test_who_ends_its_side_behind_a_request_gets_its_answer(stack: Stack) -> None:
    client = await stack.connect()
    client.writer.write(post(BODY))
    client.writer.write_eof()
    assert (await client.answer()).status == 201
    assert await client.ended()
    assert [request.body for request in stack.upstream.requests] == [REDACTED]
    (outcome,) = stack.evidence.of(Kind.OUTCOME)
    assert outcome["result"] == "answered"
    await until(lambda: stack.metric("shield_connections") == 0)


async def test_it_may_do_so_while_its_request_is_inspected(stack: Stack) -> None:
    started, proceed = hold(stack)
    client = await stack.connect()
    await client.send(post(BODY))
    assert await asyncio.to_thread(started.wait, 10)
    client.writer.write_eof()
    await until(lambda: served(stack)._has_asked_all)
    proceed.set()
    assert (await client.answer()).status == 201
    assert await client.ended()


async def test_all_that_it_asked_before_is_answered(stack: Stack) -> None:
    client = await stack.connect()
    client.writer.write(post(BODY) + post(b"{}", method="PUT") + post(b"", method="DELETE"))
    client.writer.write_eof()
    for _ in range(3):
        assert (await client.answer()).status == 201
    assert await client.ended()
    assert [request.method for request in stack.upstream.requests] == ["POST", "PUT", "DELETE"]


async def test_so_is_a_request_of_http_1_0(stack: Stack) -> None:
    client = await stack.connect()
    client.writer.write(OLD)
    client.writer.write_eof()
    assert (await client.answer("GET")).status == 201
    assert await client.ended()


async def test_a_refusal_arrives_too(stack: Stack) -> None:
    client = await stack.connect()
    client.writer.write(post(BODY, path="/nowhere"))
    client.writer.write_eof()
    assert (await client.answer()).status == 404
    assert await client.ended()


async def test_a_body_that_breaks_off_is_told_behind_what_was_whole(stack: Stack) -> None:
    client = await stack.connect()
    client.writer.write(post(BODY) + post(BODY)[:-1])
    client.writer.write_eof()
    assert (await client.answer()).status == 201
    answer = await client.answer()
    assert (answer.status, json.loads(answer.body)["code"]) == (400, "body_incomplete")
    assert await client.ended()
    assert [request.body for request in stack.upstream.requests] == [REDACTED]
    (reject,) = stack.evidence.of(Kind.REJECT)
    assert reject["reason"] == "body_incomplete"


@pytest.mark.parametrize("begun", [b"", post(BODY)[:20]])
async def test_where_nothing_whole_was_asked_the_connection_ends(begun: bytes, stack: Stack) -> None:
    client = await stack.connect()
    client.writer.write(begun)
    client.writer.write_eof()
    assert await client.ended()
    stack.assert_nothing_forwarded()


async def test_who_ends_its_side_after_a_while_has_given_up(stack: Stack) -> None:
    started, proceed = hold(stack)
    client = await stack.connect()
    await client.send(post(BODY))
    assert await asyncio.to_thread(started.wait, 10)
    served(stack)._read_at -= 2 * ALL_ASKED_SECONDS
    client.writer.write_eof()
    await until(lambda: not stack.connections() or stack.connections()[0].transport is None)
    proceed.set()
    (reject,) = await stack.evidence.wait_for(Kind.REJECT)
    assert reject["reason"] == "client_gone"
    stack.assert_nothing_forwarded()


async def test_who_is_gone_after_it_ended_its_side_is_noticed_before_anything_is_forwarded(
    stack: Stack,
) -> None:
    started, proceed = hold(stack)
    client = await stack.connect()
    await client.send(post(BODY))
    assert await asyncio.to_thread(started.wait, 10)
    client.writer.write_eof()
    protocol = served(stack)
    await until(lambda: protocol._has_asked_all)
    assert not protocol.is_gone
    client.abort()
    await until(lambda: protocol.is_gone)
    proceed.set()
    (reject,) = await stack.evidence.wait_for(Kind.REJECT)
    assert reject["reason"] == "client_gone"
    stack.assert_nothing_forwarded()
    await until(lambda: stack.metric("shield_connections") == 0)


async def test_who_is_gone_while_its_answer_comes_leaves_no_connection(stack: Stack) -> None:
    proceed = asyncio.Event()

    async def script(_: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\nabc")
        await proceed.wait()
        while not reader.at_eof():
            writer.write(b"." * 0x10000)
            await writer.drain()

    stack.upstream.script = script
    client = await stack.connect()
    client.writer.write(post(BODY))
    client.writer.write_eof()
    await client.reader.readuntil(b"abc")
    client.abort()
    proceed.set()
    await stack.exchange.drain()
    await until(lambda: stack.metric("shield_connections") == 0)
    assert stack.metric("shield_requests_total", route="tickets", outcome="client_gone") == 1
