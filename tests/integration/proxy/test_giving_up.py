"""At the end of a drain, each exchange still in flight is answered and nothing more is forwarded.

Rows say where an exchange stands when the drain's time is over, and how it must end.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from shield.audit.record import Kind
from shield.config.settings_route import OnDeadline, OnError
from shield.errors import DetectionIncompleteError
from shield.proxy.exchange import BACKLOG
from tests.integration.proxy.harness import MODEL, POLICY, Answer, Raw, Stack, post
from tests.integration.proxy.raw_upstream import Received
from tests.integration.proxy.test_admission import QUEUED, in_flight, until

BODY = json.dumps({"comment": "secret-sauce"}).encode()
LARGE = json.dumps({"comment": "secret-sauce " + "x " * 2_000_000}).encode()
Reached = Callable[[Stack, Raw], Awaitable[None]]


async def coming(stack: Stack, client: Raw) -> None:
    await client.send(post(BODY)[:-5])
    await until(lambda: in_flight(stack) == 1)


async def waiting(stack: Stack, client: Raw) -> None:
    """Waiting for admission, behind a request that is at the upstream."""
    stack.reserve(max_in_flight=1, queue_timeout=10.0)
    stack.upstream.script = never
    await (await stack.connect()).send(post(b"{}"))
    await asyncio.wait_for(stack.upstream.arrived.wait(), 10)
    stack.upstream.requests.clear()
    stack.upstream.heads = 0
    stack.evidence.drafts.clear()
    await client.send(post(BODY))
    await until(lambda: stack.metric(QUEUED) == 1)


async def inspected(stack: Stack, client: Raw) -> None:
    stack.reroute(policy=replace(POLICY, detector=MODEL))
    await begun(stack, client)


async def reduced(stack: Stack, client: Raw) -> None:
    stack.reroute(policy=replace(POLICY, detector=MODEL), on_deadline=OnDeadline.PATTERNS_ONLY)
    await begun(stack, client)


async def begun(stack: Stack, client: Raw) -> None:
    began = threading.Event()
    HELD.clear()

    def held(_check: object) -> None:
        began.set()
        assert HELD.wait(10)

    stack.heart.before = held
    await client.send(post(BODY))
    await asyncio.to_thread(began.wait, 10)


def failing(_check: object) -> None:
    raise DetectionIncompleteError


async def recorded(stack: Stack, client: Raw) -> None:
    """Its intent is being written and will become durable."""
    stack.evidence.gate = asyncio.Event()
    await client.send(post(BODY))
    await asyncio.wait_for(stack.evidence.committing.wait(), 10)


async def sent(stack: Stack, client: Raw) -> None:
    stack.upstream.script = never
    await client.send(post(BODY))
    await asyncio.wait_for(stack.upstream.arrived.wait(), 10)


async def half_sent(stack: Stack, client: Raw) -> None:
    """The upstream takes the head of a large write and no more."""
    arrived = asyncio.Event()

    async def stalls(_writer: asyncio.StreamWriter) -> bool:
        arrived.set()
        await asyncio.Event().wait()
        return True

    stack.upstream.on_head = stalls
    stack.reroute(limits=replace(stack.settings.routes[0].limits, body_bytes=len(LARGE)))
    await client.send(post(LARGE))
    await asyncio.wait_for(arrived.wait(), 10)


async def never(_request: Received, _reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


HELD = threading.Event()


@asynccontextmanager
async def drained(stack: Stack) -> AsyncIterator[None]:
    """What a stop does once the drain's time is over."""
    stack.exchange.draining = True
    stack.exchange.give_up()
    stack.exchange.give_up()
    try:
        yield
    finally:
        HELD.set()


def last(stack: Stack, kind: Kind) -> dict[str, object]:
    return stack.evidence.of(kind)[-1]


def code(answer: Answer) -> str:
    assert answer.get("Connection") == "close"
    return str(json.loads(answer.body)["code"])


@pytest.mark.parametrize("on_error", [OnError.BLOCK, OnError.BYPASS])
@pytest.mark.parametrize("reach", [coming, waiting, inspected, reduced])
async def test_what_is_not_on_record_yet_is_refused_and_never_sent(
    stack: Stack, reach: Reached, on_error: OnError
) -> None:
    stack.reroute(on_error=on_error)
    client = await stack.connect()
    await reach(stack, client)
    async with drained(stack):
        answer = await client.answer()
        assert (answer.status, code(answer)) == (503, "draining")
        assert last(stack, Kind.REJECT)["reason"] == "draining"
    stack.upstream.drop_connections()
    await until(lambda: in_flight(stack) == 0)
    stack.assert_nothing_forwarded()
    assert stack.metric("shield_requests_total", route="tickets", outcome="unavailable") >= 1


@pytest.mark.parametrize("kind", [Kind.INTENT, Kind.BYPASS])
async def test_what_is_on_its_way_to_the_log_is_not_sent_once_it_is_there(stack: Stack, kind: Kind) -> None:
    if kind is Kind.BYPASS:
        stack.reroute(on_error=OnError.BYPASS)
        stack.heart.before = failing
    client = await stack.connect()
    await recorded(stack, client)
    async with drained(stack):
        assert stack.evidence.gate is not None
        stack.evidence.gate.set()
        answer = await client.answer()
    assert (answer.status, code(answer)) == (503, "draining")
    assert stack.upstream.heads == 0
    assert last(stack, Kind.OUTCOME)["result"] == "draining"
    assert last(stack, Kind.OUTCOME)["intent"] == 0
    assert len(stack.evidence.of(kind)) == 1
    assert not stack.evidence.of(Kind.REJECT)
    reason = DetectionIncompleteError.code
    assert not stack.metric("shield_bypasses_total", route="tickets", reason=reason)  # nothing was bypassed


@pytest.mark.parametrize("reach", [sent, half_sent])
async def test_what_is_at_the_upstream_is_of_an_unknown_outcome(stack: Stack, reach: Reached) -> None:
    client = await stack.connect()
    await reach(stack, client)
    async with drained(stack):
        answer = await client.answer()
    assert (answer.status, code(answer)) == (504, "upstream_timeout")
    assert stack.upstream.heads == 1  # once, and its unsent rest is not sent
    assert [it["result"] for it in stack.evidence.of(Kind.OUTCOME)] == ["outcome_unknown"]
    assert len(stack.evidence.of(Kind.INTENT)) == 1
    assert stack.metric("shield_requests_total", route="tickets", outcome="unavailable") == 1
    assert stack.metric("shield_upstream_failures_total", upstream="store") == 0


async def test_an_answer_that_has_begun_goes_on(stack: Stack) -> None:
    more = asyncio.Event()

    async def slowly(_request: Received, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 4\r\n\r\nok")
        await more.wait()
        writer.write(b"ok")

    stack.upstream.script = slowly
    client = await stack.connect()
    await client.send(post(BODY))
    await stack.evidence.wait_for(Kind.OUTCOME)
    async with drained(stack):
        more.set()
        answer = await client.answer()
    assert (answer.status, answer.body) == (201, b"okok")
    assert last(stack, Kind.OUTCOME)["result"] == "answered"


async def test_a_refusal_that_waits_for_its_record_is_answered(stack: Stack) -> None:
    stack.evidence.gate, stack.evidence.backlog = asyncio.Event(), BACKLOG + 1
    client = await stack.connect()
    await client.send(post(b"{"))
    await stack.evidence.wait_for(Kind.REJECT)
    async with drained(stack):
        stack.evidence.gate.set()
        answer = await client.answer()
    assert (answer.status, json.loads(answer.body)["code"]) == (400, "body_malformed")
    assert len(stack.evidence.of(Kind.REJECT)) == 1
    stack.assert_nothing_forwarded()


async def test_a_task_that_is_cancelled_as_well_ends(stack: Stack) -> None:
    """The server ends the connection in the same turn of the loop, so there is nobody to answer."""
    client = await stack.connect()
    await sent(stack, client)
    async with drained(stack):
        for connection in stack.connections():
            assert connection._task_handler is not None
            connection._task_handler.cancel()
        assert await client.ended()
    assert [it["result"] for it in stack.evidence.of(Kind.OUTCOME)] == ["outcome_unknown"]
