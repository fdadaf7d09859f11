"""A bypass route forwards unchanged what cannot be inspected, and nothing else."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace

import pytest

from shield.audit.record import Kind
from shield.config.settings_route import HeaderAction, HeaderRule, HeaderSettings, Mode, OnError, TargetAction
from shield.domain import Check
from shield.errors import DetectionIncompleteError
from tests.integration.proxy.harness import MODEL, POLICY, Stack, post

NOTED = "X-Note: secret-n"


async def test_a_bypass_is_for_what_could_not_be_inspected_alone(stack: Stack) -> None:
    stack.reroute(on_error=OnError.BYPASS, path_action=TargetAction.REDACT)
    client = await stack.connect()
    await client.send(post(b'{"a": secret-b', NOTED, path="/api/tickets/secret-p?q=secret-q"))
    assert (await client.answer()).status == 201
    (request,) = stack.upstream.requests
    assert request.target == "/api/tickets/%3CSECRET%3E?q=%3CSECRET%3E"
    assert (request.get("X-Note"), request.body) == ("<SECRET>", b'{"a": secret-b')
    (bypass,) = stack.evidence.of(Kind.BYPASS)
    assert (bypass["reason"], bypass["as_received"]) == ("body_malformed", ["body"])
    assert bypass["findings"][0]["paths"] == ["path", "query", "header"]
    assert bypass["uninspected_bytes"] == len(b'{"a": secret-b')
    assert bypass["body_after"] == bypass["body_before"]


async def test_where_another_part_fails_the_body_is_still_redacted(stack: Stack) -> None:
    calls = 0

    def before(_check: Check) -> None:
        nonlocal calls
        calls += 1
        if calls in {1, 3}:  # the query, and the second of the fields
            raise DetectionIncompleteError(recognizer="Broken")

    stack.heart.before_document = before
    stack.reroute(on_error=OnError.BYPASS)
    client = await stack.connect()
    await client.send(post(b'{"a": "secret-b"}', NOTED, "X-Other: secret-o", path="/api/tickets?q=secret-q"))
    assert (await client.answer()).status == 201
    (request,) = stack.upstream.requests
    assert request.target == "/api/tickets?q=secret-q"
    assert [request.get("X-Note"), request.get("X-Other")] == ["<SECRET>", "secret-o"]
    assert request.body == b'{"a": "<SECRET>"}'
    (bypass,) = stack.evidence.of(Kind.BYPASS)
    assert (bypass["reason"], bypass["as_received"]) == ("detection_incomplete", ["query", "header"])
    assert bypass["body_after"] == "sha256:" + hashlib.sha256(request.body).hexdigest()
    assert bypass["size_after"] == len(request.body)
    assert bypass["uninspected_bytes"] == len("q=secret-q") + len("secret-o")
    assert stack.metric("shield_recognizer_errors_total", recognizer="Broken") == 1


async def test_a_finding_that_blocks_does_so_beside_a_body_that_may_pass(stack: Stack) -> None:
    stack.reroute(on_error=OnError.BYPASS)
    client = await stack.connect()
    await client.send(post(b'{"a": zebra', path="/api/tickets/secret-p"))
    answer = await client.answer()
    assert (answer.status, b"pii_in_path" in answer.body) == (422, True)
    stack.assert_nothing_forwarded()
    assert stack.metric("shield_bypasses_total", route="tickets", reason="body_malformed") == 0


@pytest.mark.parametrize("hanging", ["body", "field"])
async def test_what_was_inspected_before_the_deadline_is_redacted(hanging: str, stack: Stack) -> None:
    over = threading.Event()

    def hang(_check: Check) -> None:
        over.wait(30)

    stack.reroute(on_error=OnError.BYPASS, policy=replace(POLICY, detector=MODEL), deadline=0.3)
    if hanging == "body":
        stack.heart.before = hang
    else:
        stack.heart.before_document = hang
    client = await stack.connect()
    try:
        await client.send(post(b'{"a": "secret-b"}', NOTED))
        assert (await client.answer()).status == 201
    finally:
        over.set()
    (request,) = stack.upstream.requests
    assert request.body == b'{"a": "secret-b"}'
    assert request.get("X-Note") == ("<SECRET>" if hanging == "body" else "secret-n")
    (bypass,) = stack.evidence.of(Kind.BYPASS)
    assert bypass["reason"] == "deadline_exceeded"
    assert bypass["as_received"] == (["body"] if hanging == "body" else ["body", "header"])
    inspected = 0 if hanging == "body" else len("secret-n")
    assert bypass["uninspected_bytes"] == len(request.body) + inspected


@pytest.mark.parametrize("path", ["redact", "block"])
@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_what_was_found_before_a_field_hangs_is_redacted_or_blocks(
    path: str, method: str, stack: Stack
) -> None:
    over = threading.Event()
    calls = 0

    def hang(_check: Check) -> None:
        nonlocal calls
        calls += 1
        if calls > 2:  # behind path and query
            over.wait(30)

    model = replace(POLICY, detector=MODEL)
    stack.reroute(on_error=OnError.BYPASS, path_action=TargetAction(path), policy=model, deadline=0.3)
    stack.heart.before_document = hang
    client = await stack.connect()
    body = b'{"a": "secret-b"}' if method == "POST" else b""
    request = post(body, NOTED, path="/api/tickets/secret-p?q=secret-q").replace(b"POST", method.encode(), 1)
    try:
        await client.send(request)
        status = (await client.answer()).status
    finally:
        over.set()
    if path == "block":
        assert status == 422
        stack.assert_nothing_forwarded()
        return
    (got,) = stack.upstream.requests
    assert (got.target, got.body) == ("/api/tickets/%3CSECRET%3E?q=%3CSECRET%3E", body)
    assert got.get("X-Note") == "secret-n"
    (bypass,) = stack.evidence.of(Kind.BYPASS)
    assert bypass["as_received"] == (["body", "header"] if body else ["header"])
    assert bypass["findings"][0]["paths"] == ["path", "query"]
    assert bypass["uninspected_bytes"] == len(body) + len("secret-n")


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_fields_that_were_redacted_before_one_hangs_stay_so(method: str, stack: Stack) -> None:
    over = threading.Event()
    calls = 0

    def hang(_check: Check) -> None:
        nonlocal calls
        calls += 1
        if calls > 2:  # behind two fields
            over.wait(30)

    rules = (
        HeaderRule("x-kept", HeaderAction.KEEP),
        HeaderRule("x-gone", HeaderAction.DROP),
        HeaderRule("x-late-gone", HeaderAction.DROP),
        HeaderRule("x-late-kept", HeaderAction.KEEP),
    )
    stack.reroute(
        on_error=OnError.BYPASS,
        headers=HeaderSettings(rules=rules),
        policy=replace(POLICY, detector=MODEL),
        deadline=0.3,
    )
    stack.heart.before_document = hang
    client = await stack.connect()
    body = b'{"a": "secret-b"}' if method == "POST" else b""
    fields = (
        "X-Kept: secret-k", NOTED, "X-Gone: secret-g", "X-Clean: clean", "X-Hangs: secret-h",
        "X-Later: secret-l", "X-Late-Gone: secret-d", "X-Late-Kept: secret-k",
    )  # fmt: skip
    try:
        await client.send(post(body, *fields).replace(b"POST", method.encode(), 1))
        assert (await client.answer()).status == 201
    finally:
        over.set()
    (got,) = stack.upstream.requests
    assert got.get("X-Note") == "<SECRET>"
    assert [got.get(f"X-{name}") for name in ("Clean", "Hangs", "Later")] == ["clean", "secret-h", "secret-l"]
    assert [got.get(f"X-{name}") for name in ("Kept", "Late-Kept")] == ["secret-k", "secret-k"]
    assert [got.get(f"X-{name}") for name in ("Gone", "Late-Gone")] == [None, None]
    (bypass,) = stack.evidence.of(Kind.BYPASS)
    assert bypass["as_received"] == (["body", "header"] if body else ["header"])
    assert bypass["findings"][0]["paths"] == ["header"]
    assert bypass["dropped"]["count"] == 2
    # Those that hung or came later, the body, and the two that a rule keeps.
    assert bypass["uninspected_bytes"] == len(body) + 4 * len("secret-h")
    assert stack.metric("shield_uninspected_bytes_total", route="tickets", reason="header") == 16


async def test_an_observing_route_bypasses_everything_as_it_came(stack: Stack) -> None:
    stack.reroute(on_error=OnError.BYPASS, mode=Mode.OBSERVE)
    client = await stack.connect()
    await client.send(post(b'{"a": zebra', NOTED, path="/api/tickets/secret-p?q=secret-q"))
    assert (await client.answer()).status == 201
    (request,) = stack.upstream.requests
    assert (request.target, request.get("X-Note")) == ("/api/tickets/secret-p?q=secret-q", "secret-n")
    (bypass,) = stack.evidence.of(Kind.BYPASS)
    assert (bypass["mode"], bypass["as_received"]) == ("observe", ["body"])
