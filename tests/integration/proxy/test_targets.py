"""Paths and queries: which are forwarded unchanged, redacted, blocked or kept."""

from __future__ import annotations

import gc
import json
from dataclasses import replace
from functools import partial

import pytest
from aiohttp.web import BaseRequest

from shield.audit.record import Kind
from shield.config.path_template import parse_path_template
from shield.config.settings_route import TargetAction
from tests.integration.proxy.harness import POLICY, Stack, post
from tests.integration.proxy.raw_upstream import answering

BODY = b'{"comment": "call secret-abc  now", "n": 1e400}'


async def test_reads_pass_and_their_query_is_inspected(stack: Stack) -> None:
    stack.upstream.script = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")
    client = await stack.connect()
    await client.send(b"GET /api/tickets/7?q=secret-abc&p=a+b%20c HTTP/1.1\r\nHost: s\r\nAccept: */*\r\n\r\n")
    assert (await client.answer("GET")).body == b"[]"
    (request,) = stack.upstream.requests
    assert request.target == "/api/tickets/7?q=%3CSECRET%3E&p=a+b%20c"
    assert request.get("Content-Length") is None
    (intent,) = stack.evidence.of(Kind.INTENT)
    assert intent["decision"] == "forward_redacted"
    assert (intent["body_before"], intent["size_before"]) == (None, 0)


@pytest.mark.parametrize(
    ("target", "forwarded"),
    [
        ("/api/tickets", "/api/tickets"),
        ("/api/tickets?", "/api/tickets?"),
        ("/api/tickets?&&", "/api/tickets?&&"),
        ("/api/tickets?a", "/api/tickets?a"),
        ("/api/tickets?a=?&b=%2f%2F", "/api/tickets?a=?&b=%2f%2F"),
        ("/api/tickets//x/%7Ey;v=1?", "/api/tickets//x/%7Ey;v=1?"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_a_target_without_findings_passes_byte_for_byte(
    stack: Stack, method: str, target: str, forwarded: str
) -> None:
    client = await stack.connect()
    await client.send(f"{method} {target} HTTP/1.1\r\nHost: shield.example\r\n\r\n".encode())
    assert (await client.answer(method)).status == 201
    (request,) = stack.upstream.requests
    assert (request.method, request.target) == (method, forwarded)


async def test_an_absolute_target_does_not_choose_the_upstream(stack: Stack) -> None:
    client = await stack.connect()
    await client.send(post(b"{}", path="http://shield.example/api/tickets?a=1"))
    assert (await client.answer()).status == 201
    assert stack.upstream.requests[0].target == "/api/tickets?a=1"
    await client.send(post(b"{}", path="http://evil.example/api/tickets"))
    assert (await client.answer()).status == 400
    assert len(stack.upstream.requests) == 1


@pytest.mark.parametrize("path", ["//api/tickets/1", "/api%2Ftickets/1", "/API/tickets/1", "/api/tickets;/1"])
async def test_another_spelling_of_a_path_takes_no_request_past_its_route(stack: Stack, path: str) -> None:
    (tickets,) = stack.settings.routes
    rest = replace(
        tickets, name="rest", path=parse_path_template("/{rest...}"), policy=replace(POLICY, operators={})
    )
    stack.swap(replace(stack.settings, routes=(rest, tickets)))
    client = await stack.connect()
    await client.send(post(b"{}", path="/other//path;a=b/"))
    assert (await client.answer()).status == 201
    await client.send(post(b'{"a": "secret-zebra"}', path=path))
    answer = await client.answer()
    assert (answer.status, json.loads(answer.body)["code"]) == (400, "target_malformed")
    assert [it["reason"] for it in stack.evidence.of(Kind.REJECT)] == ["target_malformed"]
    assert len(stack.upstream.requests) == 1


async def test_no_other_spelling_of_a_path_with_another_method_in_a_header_does_so(stack: Stack) -> None:
    (tickets,) = stack.settings.routes
    rest = replace(
        tickets, name="rest", path=parse_path_template("/{rest...}"), policy=replace(POLICY, operators={})
    )
    stack.swap(replace(stack.settings, routes=(rest, replace(tickets, methods=frozenset({"PUT"})))))
    client = await stack.connect()
    await client.send(post(b"{}", "X-HTTP-Method-Override: PATCH", path="//api/tickets/1"))
    assert (await client.answer()).status == 201
    await client.send(post(b'{"a": "secret-zebra"}', "X-HTTP-Method-Override: put", path="//api/tickets/1"))
    answer = await client.answer()
    assert (answer.status, json.loads(answer.body)["code"]) == (400, "target_malformed")
    assert [it["reason"] for it in stack.evidence.of(Kind.REJECT)] == ["target_malformed"]
    assert len(stack.upstream.requests) == 1


@pytest.mark.parametrize(
    "body", ["Content-Length: 1\r\n\r\nx", "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"]
)
@pytest.mark.parametrize("head", ["PUT {} HTTP/1.1", "POST {} HTTP/1.1\r\nX-HTTP-Method-Override: PUT"])
async def test_no_other_spelling_of_a_path_with_a_body_that_has_no_type_does_so(
    stack: Stack, head: str, body: str
) -> None:
    """Whether a chunked body is empty, and so which routes would take it, is known only at its end."""
    (tickets,) = stack.settings.routes
    octets = ("application/octet-stream",)
    puts = replace(tickets, methods=frozenset({"PUT"}))
    free = replace(puts, name="free", policy=replace(POLICY, operators={}))
    path = parse_path_template("/{rest...}")
    rest = replace(free, name="rest", path=path, methods=frozenset(), media_types=octets)
    files = replace(puts, name="files", media_types=octets)
    stack.swap(replace(stack.settings, routes=(rest, free, files)))
    client = await stack.connect()
    await client.send(f"{head.format('//api/tickets/1')}\r\nHost: s\r\n{body}".encode())
    answer = await client.answer()
    assert (answer.status, json.loads(answer.body)["code"]) == (400, "target_malformed")
    stack.assert_nothing_forwarded()


async def test_a_policy_may_block_or_keep_a_query_parameter(stack: Stack) -> None:
    stack.reroute(query={"b": TargetAction.BLOCK, "k": TargetAction.KEEP})
    client = await stack.connect()
    await client.send(post(b"{}", path="/api/tickets?a=secret-x&k=secret-y&b=fine"))
    assert (await client.answer()).status == 201
    (request,) = stack.upstream.requests
    assert request.target == "/api/tickets?a=%3CSECRET%3E&k=secret-y&b=fine"
    (intent,) = stack.evidence.of(Kind.INTENT)
    assert intent["uninspected_bytes"] == len("k" + "secret-y")
    metric = partial(stack.metric, "shield_uninspected_bytes_total", route="tickets")
    assert metric(reason="query") == len("k" + "secret-y")
    assert metric(reason="field_rule") == metric(reason="path") == metric(reason="bypass") == 0
    for name in ("b", "b[]", "b%5B%5d"):
        await client.send(post(b"{}", path=f"/api/tickets?{name}=secret-zebra"))
        answer = await client.answer()
        assert (answer.status, json.loads(answer.body)["code"]) == (422, "policy_blocked")
        reject = stack.evidence.of(Kind.REJECT)[-1]
        assert (reject["decision"], reject["findings"][0]["type"]) == ("block", "SECRET")
    assert len(stack.upstream.requests) == 1


async def test_a_kept_parameter_keeps_no_other_one_behind_a_semicolon(stack: Stack) -> None:
    """Some servers split a query at semicolons as well."""
    stack.reroute(query={"k": TargetAction.KEEP})
    client = await stack.connect()
    for target in ("?k=1;e=secret-x", "?k=secret-y;1", "?k=secret-y%3Be=1"):
        await client.send(post(b"{}", path=f"/api/tickets{target}"))
        assert (await client.answer()).status == 201
    assert [request.target.partition("?")[2] for request in stack.upstream.requests] == [
        "k=1;e=%3CSECRET%3E",
        "k=secret-y;1",
        "k=secret-y%3Be=1",
    ]


async def test_a_path_may_be_redacted(stack: Stack) -> None:
    stack.reroute(path_action=TargetAction.REDACT)
    client = await stack.connect()
    await client.send(post(b"{}", path="/api/tickets//secret-abc/x%20y"))
    assert (await client.answer()).status == 201
    assert stack.upstream.requests[0].target == "/api/tickets//%3CSECRET%3E/x%20y"


def requests_kept() -> int:
    return sum(type(it) is BaseRequest for it in gc.get_objects())


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (post(b"{}", path="/elsewhere"), 404),
        (post(b"{}").replace(b"application/json", b"image/png"), 415),
    ],
)
async def test_what_no_route_takes_leaves_nothing_for_the_collector(
    stack: Stack, sent: bytes, status: int
) -> None:
    """Otherwise a flood would fill memory until a garbage collection, just when the load is highest."""
    client = await stack.connect()
    gc.collect()
    gc.disable()
    before = requests_kept()
    try:
        for _ in range(2):
            await client.send(sent)
            assert (await client.answer()).status == status
        assert requests_kept() == before
    finally:
        gc.enable()
