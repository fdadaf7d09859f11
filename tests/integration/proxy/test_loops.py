"""A request that has passed this deployment is refused at once, by whatever way it comes back."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from shield.audit.record import Kind
from shield.config.secret import Secret
from shield.config.settings_route import HeaderAction, HeaderRule, HeaderSettings
from shield.proxy.loops import mark_of
from tests.integration.proxy.harness import Answer, Stack, post, running

BODY = b'{"comment": "secret-zebra"}'


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@contextlib.asynccontextmanager
async def relay(port: int) -> AsyncIterator[str]:
    """The URL of a relay of TCP connections to `port`: an address that no configuration can know."""

    async def joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        their_reader, their_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(_pipe(reader, their_writer), _pipe(their_reader, writer))

    server = await asyncio.start_server(joined, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


def lead(stack: Stack, url: str) -> None:
    """Have its upstream be at this address."""
    store = replace(stack.settings.upstreams["store"], url=url)
    stack.swap(replace(stack.settings, upstreams={"store": store}))
    stack.reroute(upstream=store)


async def sent(stack: Stack, *fields: str) -> Answer:
    client = await stack.connect()
    await client.send(post(BODY, *fields))
    answer = await client.answer()
    client.abort()
    return answer


def code(answer: Answer) -> str:
    return str(json.loads(answer.body)["code"])


def marks(stack: Stack) -> list[str]:
    return [mark for request in stack.upstream.requests for mark in request.all("cdn-loop")]


async def test_a_loop_through_a_relay_ends_where_it_comes_back(stack: Stack) -> None:
    async with relay(stack.site.port) as url:
        lead(stack, url)
        answer = await sent(stack)
        await stack.pool.close()
    assert answer.status == 508
    assert code(answer) == "loop_detected"
    (intent,) = stack.evidence.of(Kind.INTENT)  # it was forwarded once
    assert intent["route"] == "tickets"
    (reject,) = stack.evidence.of(Kind.REJECT)
    assert reject["reason"] == "loop_detected"
    (outcome,) = stack.evidence.of(Kind.OUTCOME)
    assert outcome["result"] == "answered"
    assert stack.metric("shield_refusals_total", code="loop_detected") == 1


async def test_two_deployments_in_a_chain_go_on_to_work(stack: Stack) -> None:
    async with running() as first:
        lead(first, stack.site.url)
        assert (await sent(first)).status == 201
        assert marks(stack) == [mark_of(first.settings), mark_of(stack.settings)]
        assert len(set(marks(stack))) == 2
        await first.pool.close()


async def test_a_loop_over_two_deployments_ends_where_it_began(stack: Stack) -> None:
    async with running() as first:
        lead(first, stack.site.url)
        async with relay(first.site.port) as url:
            lead(stack, url)
            answer = await sent(first)
            await stack.pool.close()
        assert code(answer) == "loop_detected"
        assert [len(it.evidence.of(Kind.INTENT)) for it in (first, stack)] == [1, 1]
        assert len(first.evidence.of(Kind.REJECT)) == 1
        await first.pool.close()


@pytest.mark.parametrize(
    "fields",
    [
        ("CDN-Loop: {mark}",),
        ("cdn-loop: other,{mark} ; a=b, more",),
        ("CDN-Loop: other", "CDN-Loop: {mark}"),
        ("CDN-Loop: {mark}", "Connection: cdn-loop, keep-alive"),
    ],
)
async def test_the_mark_is_known_wherever_it_stands(stack: Stack, fields: tuple[str, ...]) -> None:
    mark = mark_of(stack.settings)
    assert code(await sent(stack, *(field.format(mark=mark) for field in fields))) == "loop_detected"
    stack.assert_nothing_forwarded()


@pytest.mark.parametrize(
    "value", ["cloudflare", "{mark}0", "x{mark}", "a={mark}", "{MARK}", "other; a={mark}", ""]
)
async def test_any_other_value_goes_on_and_the_mark_comes_behind(stack: Stack, value: str) -> None:
    mark = mark_of(stack.settings)
    value = value.format(mark=mark, MARK=mark.upper())
    assert (await sent(stack, f"CDN-Loop: {value}")).status == 201
    assert marks(stack) == [value, mark]


async def test_naming_the_field_as_one_of_this_hop_does_not_take_it_away(stack: Stack) -> None:
    assert (await sent(stack, "CDN-Loop: other", "Connection: CDN-Loop")).status == 201
    assert marks(stack) == ["other", mark_of(stack.settings)]


async def test_a_rule_may_drop_the_mark(stack: Stack) -> None:
    stack.reroute(headers=HeaderSettings(rules=(HeaderRule("cdn-loop", HeaderAction.DROP, ""),)))
    assert (await sent(stack)).status == 201
    assert marks(stack) == []


async def test_the_mark_is_the_same_for_workers_and_replicas_and_tells_nothing(stack: Stack) -> None:
    settings = stack.settings
    mark = mark_of(settings)
    assert mark.partition("-")[0] == "shield"
    assert not set(mark.partition("-")[2]) - set("0123456789abcdef")
    replica = replace(
        settings,
        digest="sha256:another",
        proxy=replace(settings.proxy, port=1),
        audit=replace(settings.audit, origin="shield.example/other"),
    )
    assert mark_of(replica) == mark
    others: list[dict[str, Any]] = [
        {"upstreams": {"store": replace(settings.upstreams["store"], url="http://192.0.2.1")}},
        {"routes": tuple(replace(it, name="other") for it in settings.routes)},
        {"keys": {"pseudonyms": Secret(b"k" * 32)}},
        {"keys": {"pseudonyms": Secret(b"l" * 32)}},
    ]
    assert len({mark, *(mark_of(replace(settings, **other)) for other in others)}) == 5
