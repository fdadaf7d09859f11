"""Admission on the real server: who is admitted, who waits, who is refused, and what is recorded."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import replace

from shield.audit.record import Kind
from shield.config.path_template import parse_path_template
from shield.config.settings_callers import Rate, Tenant
from shield.config.settings_route import OnError
from shield.proxy.admission_kinds import SLOTS
from shield.proxy.callers import key_digest
from shield.proxy.exchange import BACKLOG
from shield.proxy.tickets import LARGE_BYTES
from tests.integration.proxy.harness import MODEL, POLICY, Answer, Raw, Stack, post
from tests.integration.proxy.raw_upstream import CREATED, Received

BODY = json.dumps({"comment": "secret-sauce"}).encode()
QUEUED = "shield_admission_queue_length"


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0)


def split(stack: Stack, **tickets: object) -> None:
    """A second route, `calls`, beside `tickets`."""
    main = stack.settings.routes[0]
    calls = replace(main, name="calls", path=parse_path_template("/api/calls/{rest...}"))
    stack.swap(replace(stack.settings, routes=(replace(main, **tickets), calls)))


async def sent(stack: Stack, count: int = 1, path: str = "/api/tickets", body: bytes = BODY) -> list[Raw]:
    clients = [await stack.connect() for _ in range(count)]
    for client in clients:
        await client.send(post(body, path=path))
    return clients


def in_flight(stack: Stack) -> float:
    return stack.metric("shield_requests_in_flight")


def refusals(stack: Stack, reason: str, route: str = "tickets") -> float:
    return stack.metric("shield_admission_refusals_total", route=route, reason=reason)


def assert_told_no(stack: Stack, answer: Answer, status: int = 503, code: str = "saturated") -> None:
    """The answer is a problem with a Retry-After, and the refusal is recorded."""
    assert answer.status == status
    assert json.loads(answer.body)["code"] == code
    assert 1 <= int(answer.get("Retry-After") or 0) <= 30
    request_id = answer.get("X-Shield-Request-Id")
    assert [it["reason"] for it in stack.evidence.of(Kind.REJECT) if it["request_id"] == request_id] == [code]
    assert not [it for it in stack.evidence.of(Kind.INTENT) if it["request_id"] == request_id]


async def test_a_flood_of_one_route_does_not_hold_up_another(stack: Stack) -> None:
    split(stack, policy=replace(POLICY, detector=MODEL))
    let_go = threading.Event()

    def held(_check: object) -> None:
        assert let_go.wait(10)

    stack.heart.before = held
    flood = await sent(stack, 40)
    await until(lambda: stack.metric(QUEUED) == 40 - SLOTS)
    mine = (await sent(stack, path="/api/calls/1"))[0]
    await until(lambda: stack.metric(QUEUED) == 40 - SLOTS + 1)
    let_go.set()
    assert (await mine.answer()).status == 201
    assert {(await client.answer()).status for client in flood} == {201}
    order = [it["route"] for it in stack.evidence.of(Kind.INTENT)]
    assert order.index("calls") <= SLOTS + 1
    assert in_flight(stack) == stack.metric(QUEUED) == stack.metric("shield_body_bytes_in_flight") == 0


async def test_a_slow_upstream_of_one_route_leaves_places_for_another(stack: Stack) -> None:
    split(stack)
    stack.reserve(max_in_flight=8, queue_timeout=10.0)
    stack.evidence.gate = asyncio.Event()
    flood = await sent(stack, 30)
    await until(lambda: in_flight(stack) == 6)
    mine = (await sent(stack, path="/api/calls/1"))[0]
    await until(lambda: in_flight(stack) == 7)
    assert stack.metric(QUEUED) == 24
    stack.evidence.gate.set()
    for client in (mine, *flood):
        assert (await client.answer()).status == 201


async def test_what_waits_too_long_is_told_no_and_nothing_of_it_is_forwarded(stack: Stack) -> None:
    stack.reserve(max_in_flight=1, queue_timeout=0.05)
    stack.evidence.gate = asyncio.Event()
    first = (await sent(stack))[0]
    await stack.evidence.committing.wait()
    late = (await sent(stack))[0]
    assert_told_no(stack, await late.answer())
    assert refusals(stack, "waited") == 1
    assert stack.upstream.heads == 0
    stack.evidence.gate.set()
    assert (await first.answer()).status == 201
    # The connection goes on.
    await late.send(post(BODY))
    assert (await late.answer()).status == 201


async def test_the_queue_is_bounded_and_each_refusal_is_on_record(stack: Stack) -> None:
    stack.reserve(max_in_flight=1, max_queued=2, queue_timeout=10.0)
    stack.evidence.gate = asyncio.Event()
    await sent(stack)
    await stack.evidence.committing.wait()
    waiting = await sent(stack, 2)
    await until(lambda: stack.metric(QUEUED) == 2)
    # One request too many is refused before even its head is read.
    for route, reason in (("none", "crowded"), ("none", "crowded")):
        client = (await sent(stack))[0]
        assert_told_no(stack, await client.answer())
        assert refusals(stack, reason, route) >= 1
    assert len(stack.evidence.of(Kind.REJECT)) == 2
    stack.evidence.gate.set()
    for client in waiting:
        assert (await client.answer()).status == 201


async def test_a_client_that_is_gone_leaves_the_queue(stack: Stack) -> None:
    stack.reserve(max_in_flight=1, queue_timeout=10.0)
    stack.evidence.gate = asyncio.Event()
    first = (await sent(stack))[0]
    await stack.evidence.committing.wait()
    gone = (await sent(stack))[0]
    await until(lambda: stack.metric(QUEUED) == 1)
    gone.abort()
    await until(lambda: stack.metric(QUEUED) == 0)
    reject = (await stack.evidence.wait_for(Kind.REJECT))[0]
    assert (reject["reason"], reject["route"]) == ("client_gone", "tickets")
    stack.evidence.gate.set()
    assert (await first.answer()).status == 201
    assert len(stack.upstream.requests) == 1
    assert in_flight(stack) == 0


async def test_a_refusal_comes_before_the_client_is_asked_for_its_body(stack: Stack) -> None:
    stack.reserve(max_in_flight=1, queue_timeout=0.05)
    stack.evidence.gate = asyncio.Event()
    await sent(stack)
    await stack.evidence.committing.wait()
    client = await stack.connect()
    await client.send(post(BODY, "Expect: 100-continue")[: -len(BODY)])
    answer = await client.answer()
    assert_told_no(stack, answer)
    assert answer.get("Connection") == "close"  # its body may or may not come now
    stack.evidence.gate.set()


async def test_a_small_body_behind_a_refusal_is_dropped_and_the_connection_goes_on(stack: Stack) -> None:
    stack.reserve(max_in_flight=1, queue_timeout=0.05)
    stack.evidence.gate = asyncio.Event()
    first = (await sent(stack))[0]
    await stack.evidence.committing.wait()
    client = await stack.connect()
    await client.send(post(BODY)[: -len(BODY)])
    answer = await client.answer()
    assert_told_no(stack, answer)
    assert answer.get("Connection") is None
    stack.evidence.gate.set()
    assert (await first.answer()).status == 201
    await client.send(BODY + post(b"{}"))
    assert (await client.answer()).status == 201
    assert [request.body for request in stack.upstream.requests][1:] == [b"{}"]


async def test_a_large_body_behind_a_refusal_is_not_waited_for(stack: Stack) -> None:
    stack.reserve(max_in_flight=1, queue_timeout=0.05)
    stack.evidence.gate = asyncio.Event()
    await sent(stack)
    await stack.evidence.committing.wait()
    client = await stack.connect()
    await client.send(post(b" " * 1_000_000)[:-1_000_000])
    answer = await client.answer()
    assert_told_no(stack, answer)
    assert answer.get("Connection") == "close"
    stack.evidence.gate.set()


async def test_a_declared_length_over_the_limit_is_refused_without_waiting(stack: Stack) -> None:
    stack.reserve(max_in_flight=1, queue_timeout=10.0)
    stack.evidence.gate = asyncio.Event()
    await sent(stack)
    await stack.evidence.committing.wait()
    client = await stack.connect()
    await client.send(post(b" " * 11_000_000)[:-11_000_000])
    assert (await client.answer()).status == 413
    stack.evidence.gate.set()


async def test_bodies_wait_for_room(stack: Stack) -> None:
    stack.reserve(max_bytes_in_flight=400_000, queue_timeout=10.0)
    stack.evidence.gate = asyncio.Event()
    large = json.dumps(["x" * 200_000]).encode()
    clients = await sent(stack, 2, body=large)
    await until(lambda: stack.metric(QUEUED) == 1)
    small = (await sent(stack))[0]
    await until(lambda: in_flight(stack) == 2)  # small ones have separate room
    assert stack.metric("shield_body_bytes_in_flight") == len(large) + len(BODY)
    stack.evidence.gate.set()
    for client in (*clients, small):
        assert (await client.answer()).status == 201
    assert stack.metric("shield_body_bytes_in_flight") == 0


CHUNKED = post(b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")


async def test_a_chunked_upload_holds_little_room_until_it_has_grown(stack: Stack) -> None:
    client = await stack.connect()
    await client.send(CHUNKED + b'a\r\n["abcdefg"\r\n')
    await until(lambda: stack.metric("shield_body_bytes_in_flight") == LARGE_BYTES - 1)
    await client.send(b"8000\r\n" + b" " * LARGE_BYTES + b"\r\n")
    limit = stack.settings.routes[0].limits.body_bytes
    await until(lambda: stack.metric("shield_body_bytes_in_flight") == limit)
    stack.evidence.gate = asyncio.Event()
    await client.send(b"1\r\n]\r\n0\r\n\r\n")
    await stack.evidence.committing.wait()
    assert stack.metric("shield_body_bytes_in_flight") == LARGE_BYTES + 11
    stack.evidence.gate.set()
    assert (await client.answer()).status == 201


async def test_slow_chunked_uploads_do_not_shut_out_others(stack: Stack) -> None:
    stack.reserve(max_bytes_in_flight=20 * 1024 * 1024, queue_timeout=0.001)
    slow = [await stack.connect() for _ in range(30)]
    for client in slow:
        await client.send(CHUNKED + b"1\r\n[\r\n")
    await until(lambda: in_flight(stack) == len(slow))
    other = await stack.connect()
    await other.send(CHUNKED + b"1\r\n{\r\n")
    await other.send(b"1\r\n}\r\n0\r\n\r\n")
    assert (await other.answer()).status == 201


async def test_a_chunked_upload_that_finds_no_room_to_grow_is_refused(stack: Stack) -> None:
    stack.reserve(max_bytes_in_flight=20 * 1024 * 1024)
    first, second = [await stack.connect() for _ in range(2)]
    grown = b"8000\r\n" + b" " * LARGE_BYTES + b"\r\n"
    await first.send(CHUNKED + grown)
    limit = stack.settings.routes[0].limits.body_bytes
    await until(lambda: stack.metric("shield_body_bytes_in_flight") == limit)
    await second.send(CHUNKED + grown)
    answer = await second.answer()
    assert (answer.status, answer.get("Connection")) == (503, "close")
    assert answer.get("Retry-After") is not None
    assert stack.metric("shield_body_bytes_in_flight") == limit
    await first.send(b"2\r\n{}\r\n0\r\n\r\n")
    assert (await first.answer()).status == 201


async def test_slow_bodies_hold_no_slot(stack: Stack) -> None:
    slow = [await stack.connect() for _ in range(SLOTS * 2)]
    for client in slow:
        await client.send(post(BODY)[:-1])
    await until(lambda: in_flight(stack) == SLOTS * 2)
    quick = (await sent(stack))[0]
    assert (await quick.answer()).status == 201
    for client in slow:
        await client.send(BODY[-1:])
        assert (await client.answer()).status == 201


async def test_small_bodies_that_come_together_are_not_inspected_in_a_row(stack: Stack) -> None:
    waiting: list[float] = []
    stack.heart.before = lambda _check: waiting.append(stack.metric(QUEUED))
    clients = [await stack.connect() for _ in range(SLOTS * 4)]
    await asyncio.gather(*(client.send(post(BODY)) for client in clients))
    for client in clients:
        assert (await client.answer()).status == 201
    assert max(waiting) >= SLOTS


async def test_a_route_has_its_own_concurrency(stack: Stack) -> None:
    split(stack, concurrency=2)
    stack.evidence.gate = asyncio.Event()
    flood = await sent(stack, 5)
    await until(lambda: stack.metric(QUEUED) == 3)
    other = (await sent(stack, path="/api/calls/1"))[0]
    await until(lambda: in_flight(stack) == 3)
    stack.evidence.gate.set()
    for client in (*flood, other):
        assert (await client.answer()).status == 201


async def test_a_route_at_its_rate_is_answered_with_429(stack: Stack) -> None:
    split(stack, rate=Rate(0.1, 2))
    statuses = [(await (await sent(stack))[0].answer()).status for _ in range(2)]
    assert statuses == [201, 201]
    answer = await (await sent(stack))[0].answer()
    assert_told_no(stack, answer, 429, "rate_limited")
    assert 9 <= int(answer.get("Retry-After") or 0) <= 10
    assert refusals(stack, "route_rate") == 1
    assert (await (await sent(stack, path="/api/calls/1"))[0].answer()).status == 201


async def test_a_tenant_has_its_own_rate_over_all_routes(stack: Stack) -> None:
    split(stack)
    tenant = Tenant("acme", frozenset([key_digest(b"k1")]), rate=Rate(0.1, 1))
    stack.swap(replace(stack.settings, tenants={"acme": tenant}))
    client = await stack.connect()
    key = "X-Shield-Api-Key: k1"
    await client.send(post(BODY, key))
    assert (await client.answer()).status == 201
    await client.send(post(BODY, key, path="/api/calls/1"))
    answer = await client.answer()
    assert_told_no(stack, answer, 429, "rate_limited")
    assert stack.evidence.of(Kind.REJECT)[-1]["tenant"] == "acme"
    assert refusals(stack, "tenant_rate", "calls") == 1
    await client.send(post(BODY))
    assert (await client.answer()).status == 201


async def test_a_reload_loses_nobody_who_waits(stack: Stack) -> None:
    stack.reserve(max_in_flight=1, queue_timeout=10.0)
    stack.evidence.gate = asyncio.Event()
    first = (await sent(stack))[0]
    await stack.evidence.committing.wait()
    waiting = await sent(stack, 3)
    await until(lambda: stack.metric(QUEUED) == 3)
    stack.reserve(max_in_flight=3)
    await until(lambda: stack.metric(QUEUED) == 1)
    stack.evidence.gate.set()
    for client in (first, *waiting):
        assert (await client.answer()).status == 201


async def test_a_drain_serves_those_who_wait(stack: Stack) -> None:
    stack.reserve(max_in_flight=1, queue_timeout=10.0)
    stack.evidence.gate = asyncio.Event()
    first = (await sent(stack))[0]
    await stack.evidence.committing.wait()
    waiting = (await sent(stack))[0]
    await until(lambda: stack.metric(QUEUED) == 1)
    draining = asyncio.create_task(stack.exchange.drain())
    stack.evidence.gate.set()
    for client in (first, waiting):
        assert (await client.answer()).status == 201
    await draining


async def test_the_wait_is_measured_and_counts_against_the_deadline(stack: Stack) -> None:
    stack.reserve(max_in_flight=1, queue_timeout=10.0)
    stack.evidence.gate = asyncio.Event()
    first = (await sent(stack))[0]
    await stack.evidence.committing.wait()
    second = (await sent(stack))[0]
    await until(lambda: stack.metric(QUEUED) == 1)
    stack.evidence.gate.set()
    await first.answer()
    await second.answer()
    assert stack.metric("shield_admission_wait_seconds_count", route="tickets") == 2
    intents = stack.evidence.of(Kind.INTENT)
    assert intents[0]["stages_us"]["admission"] == 0
    assert intents[1]["stages_us"]["admission"] > 0


async def test_refusals_wait_for_their_records_where_the_disk_cannot_follow(stack: Stack) -> None:
    split(stack, rate=Rate(0.1, 1))
    await (await sent(stack))[0].answer()
    stack.evidence.gate, stack.evidence.backlog = asyncio.Event(), BACKLOG + 1
    client = (await sent(stack))[0]
    await stack.evidence.wait_for(Kind.REJECT)
    answering = asyncio.create_task(client.answer())
    other = (await sent(stack, path="/api/calls/1"))[0]
    await stack.evidence.committing.wait()
    assert not answering.done()
    stack.evidence.gate.set()
    assert (await answering).status == 429
    assert (await other.answer()).status == 201


async def test_a_bypass_gives_its_slot_back_before_the_upstream_answers(stack: Stack) -> None:
    stack.reroute(on_error=OnError.BYPASS)
    proceed = asyncio.Event()

    async def slow(request: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if request.get("Content-Encoding") is not None:
            await proceed.wait()
        await CREATED(request, reader, writer)

    stack.upstream.script = slow
    clients = [await stack.connect() for _ in range(SLOTS)]
    for client in clients:
        await client.send(post(BODY, "Content-Encoding: x-unknown"))
    await until(lambda: stack.upstream.heads == SLOTS)
    assert (await (await sent(stack))[0].answer()).status == 201
    proceed.set()
    for client in clients:
        assert (await client.answer()).status == 201


async def test_a_whole_request_is_refused_at_once_and_the_next_one_served(stack: Stack) -> None:
    """Each is neither forwarded nor read, and is recorded and counted once; the next request is handled."""
    split(stack, rate=Rate(0.1, 1))
    client = (await sent(stack))[0]
    assert (await client.answer()).status == 201
    for _ in range(3):
        await client.send(post(BODY))
        answer = await client.answer()
        assert_told_no(stack, answer, 429, "rate_limited")
        assert answer.get("Connection") is None
    await client.send(post(BODY) + post(BODY) + post(b"{}", path="/api/calls/1"))
    assert [(await client.answer()).status for _ in range(3)] == [429, 429, 201]
    assert [request.target for request in stack.upstream.requests] == ["/api/tickets", "/api/calls/1"]
    rejects = stack.evidence.of(Kind.REJECT)
    assert [(it["route"], it["reason"], it["body_before"]) for it in rejects] == [
        ("tickets", "rate_limited", None)
    ] * 5
    assert refusals(stack, "route_rate") == 5
    assert stack.metric("shield_requests_total", route="tickets", outcome="unavailable") == 0
    assert stack.metric("shield_requests_total", route="tickets", outcome="rejected") == 5
    assert in_flight(stack) == stack.exchange.in_flight == 0
    assert stack.exchange.started == stack.exchange.finished == 7
    await client.send(post(BODY, "Connection: close"))
    assert (await client.answer()).get("Connection") == "close"
    assert await client.ended()
