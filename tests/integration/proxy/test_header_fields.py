"""Header fields of a request through the whole proxy: what the upstream gets and what is recorded."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from shield.audit.record import Kind
from shield.config.settings_route import (
    HeaderAction,
    HeaderRule,
    HeaderSettings,
    Mode,
    OnError,
    TargetAction,
)
from shield.domain import Check
from shield.errors import DetectionIncompleteError
from tests.integration.proxy.harness import MODEL, POLICY, Answer, Stack, post

GET = b"GET /api/tickets HTTP/1.1\r\nHost: s\r\n"


def ruled(
    *rules: tuple[str, HeaderAction, str], default: TargetAction = TargetAction.REDACT
) -> HeaderSettings:
    return HeaderSettings(default, tuple(HeaderRule(*rule) for rule in rules))


async def send(stack: Stack, raw: bytes, method: str = "POST") -> Answer:
    client = await stack.connect()
    await client.send(raw)
    return await client.answer(method)


def got(stack: Stack, count: int) -> list[tuple[str, str]]:
    """The first `count` fields that the upstream got after Host."""
    return stack.upstream.requests[-1].fields[1 : 1 + count]


async def test_what_is_found_in_a_field_is_redacted_and_all_else_stays(stack: Stack) -> None:
    fields = (
        "X-USER-Note: a  secret-a\tb ",
        "accept: secret-b",
        "Cookie: id=secret-c",
        "x-user-note: secret-d",
        "X-User-Note: nothing",
        'Content-Disposition: attachment; filename="x1_secret-e.pdf"',
        'X-Request-Context: {"a": "secret-f", "b": 1e400 }',
    )
    raw = post(b'{"a": "secret-x"}', *fields).replace(
        b"\r\n\r\n", b"\r\nX-Latin: caf\xe9 secret-g\r\n\r\n", 1
    )
    assert (await send(stack, raw)).status == 201
    assert got(stack, 9)[1:] == [
        ("X-USER-Note", "a  <SECRET>\tb"),
        ("accept", "secret-b"),
        ("Cookie", "id=secret-c"),
        ("x-user-note", "<SECRET>"),
        ("X-User-Note", "nothing"),
        ("Content-Disposition", 'attachment; filename="x1_<SECRET>.pdf"'),
        ("X-Request-Context", '{"a": "<SECRET>", "b": 1e400 }'),
        ("X-Latin", "caf\udce9 <SECRET>"),
    ]
    (intent,) = stack.evidence.of(Kind.INTENT)
    assert intent["decision"] == "forward_redacted"
    (row,) = intent["findings"]
    assert row["count"] == 6
    assert set(row["paths"]) == {"$", "header"}


async def test_a_request_without_a_body_is_inspected_alike(stack: Stack) -> None:
    for detector in (POLICY.detector, MODEL):  # on the event loop, and in a thread
        stack.reroute(policy=replace(POLICY, detector=detector))
        assert (await send(stack, GET + b"Referer: https://a/?q=secret-a+b\r\n\r\n", "GET")).status == 201
        assert got(stack, 1) == [("Referer", "https://a/?q=%3CSECRET%3E+b")]
        (intent,) = stack.evidence.of(Kind.INTENT)[-1:]
        assert (intent["decision"], intent["body_before"], intent["body_after"]) == (
            "forward_redacted",
            None,
            None,
        )


async def test_a_rule_may_block_keep_or_drop_a_field_or_say_what_it_is(stack: Stack) -> None:
    stack.reroute(
        headers=ruled(
            ("x-owner", HeaderAction.TREAT_AS, "PERSON"),
            ("x-debug-*", HeaderAction.DROP, ""),
            ("x-forwarded-for", HeaderAction.DROP, ""),
            ("x-kept", HeaderAction.KEEP, ""),
            ("x-strict", HeaderAction.BLOCK, ""),
        )
    )
    fields = ('X-Owner: ["Ann"]', "X_Debug-Id: secret-a", "X-Kept: secret-b", "X-Strict: no")
    assert (await send(stack, post(b"{}", *fields))).status == 201
    request = stack.upstream.requests[-1]
    assert got(stack, 4)[1:] == [("X-Owner", "<PERSON>"), ("X-Kept", "secret-b"), ("X-Strict", "no")]
    assert request.get("X-Forwarded-For") is None
    assert request.get("X-Forwarded-Host") == "shield.example"
    (intent,) = stack.evidence.of(Kind.INTENT)
    assert intent["dropped"] == {"count": 1, "paths": ["header.*[0]"]}
    assert intent["uninspected_bytes"] == len("secret-b")
    kept = {"route": "tickets", "reason": "header"}
    assert stack.metric("shield_uninspected_bytes_total", **kept) == len("secret-b")

    heads = stack.upstream.heads
    answer = await send(stack, post(b"{}", "X-Strict: secret-a"))
    assert (answer.status, stack.upstream.heads) == (422, heads)
    assert b"pii_in_header" in answer.body
    assert b"secret" not in answer.body
    assert stack.evidence.of(Kind.REJECT)[-1]["decision"] == "block"


@pytest.mark.parametrize(
    ("field", "status"),
    [
        ("Idempotency-Key: secret-a", 201),  # one word, like a key, is not inspected
        ("Idempotency-Key: for secret-a", 422),  # rewritten, it could be the key of another write
        ("Destination: https://s/o/secret-a", 422),  # treated like a path
        ("X-Request-Id: for secret-a", 201),
    ],
)
async def test_what_names_a_write_or_an_object_is_never_rewritten(
    stack: Stack, field: str, status: int
) -> None:
    assert (await send(stack, post(b"{}", field))).status == status
    if status == 201:
        assert ("secret" in repr(stack.upstream.requests)) is ("for" not in field)
    else:
        stack.assert_nothing_forwarded()


async def test_a_forwarder_that_is_trusted_names_the_user_in_fields_that_are_inspected(stack: Stack) -> None:
    fields = (
        "X-Forwarded-User: secret-a",
        "X-Forwarded-For: 192.0.2.1",
        "X-Original-URL: /a?b=secret-c",
        "X-Real-IP: secret-d",  # the client's address, which the upstream may know
    )
    await send(stack, post(b"{}", *fields))
    assert "secret" not in repr(stack.upstream.requests)
    assert stack.upstream.requests[-1].get("X-Forwarded-User") is None
    stack.reserve(trusted_forwarders=True)
    await send(stack, post(b"{}", *fields))
    request = stack.upstream.requests[-1]
    names = ("X-Forwarded-User", "X-Forwarded-For", "X-Original-Url", "X-Real-Ip")
    assert [request.get(name) for name in names] == [
        "<SECRET>",
        "192.0.2.1, 127.0.0.1",
        "/a?b=%3CSECRET%3E",
        "secret-d",
    ]


async def test_observing_forwards_the_fields_as_they_came_and_says_what_it_found(stack: Stack) -> None:
    stack.reroute(mode=Mode.OBSERVE)
    assert (await send(stack, post(b"{}", "X-Note: secret-a"))).status == 201
    assert got(stack, 2)[1:] == [("X-Note", "secret-a")]
    (intent,) = stack.evidence.of(Kind.INTENT)
    assert (intent["decision"], intent["findings"][0]["paths"]) == ("observe", ["header"])


async def test_the_default_may_be_to_inspect_nothing_but_what_a_rule_names(stack: Stack) -> None:
    stack.reroute(headers=ruled(("x-a", HeaderAction.REDACT, ""), default=TargetAction.KEEP))
    await send(stack, post(b"{}", "X-A: secret-a", "X-B: secret-b", "Cookie: secret-c"))
    assert got(stack, 4)[1:] == [("X-A", "<SECRET>"), ("X-B", "secret-b"), ("Cookie", "secret-c")]
    (intent,) = stack.evidence.of(Kind.INTENT)
    assert intent["uninspected_bytes"] == len("secret-b")  # cookies do not count as text exempted by choice


@pytest.mark.parametrize("model", [False, True])
async def test_a_field_that_cannot_be_inspected_stops_the_request(model: bool, stack: Stack) -> None:
    def fail(_check: Check) -> None:
        raise DetectionIncompleteError("Faulty")

    stack.reroute(policy=replace(POLICY, detector=MODEL if model else POLICY.detector))
    stack.heart.before_document = fail
    answer = await send(stack, GET + b"X-Note: secret-a\r\n\r\n", "GET")
    assert answer.status == 503
    stack.assert_nothing_forwarded()
    stack.reroute(on_error=OnError.BYPASS)
    assert (await send(stack, GET + b"X-Note: secret-a\r\n\r\n", "GET")).status == 201
    assert got(stack, 1) == [("X-Note", "secret-a")]
    assert stack.evidence.of(Kind.BYPASS)[0]["reason"] == "detection_incomplete"


async def test_an_inspection_of_fields_ends_at_the_deadline(stack: Stack) -> None:
    over = threading.Event()

    def hang(check: Check) -> None:
        while not over.wait(0.01):
            check()

    stack.reroute(policy=replace(POLICY, detector=MODEL), deadline=0.1)
    stack.heart.before_document = hang
    try:
        answer = await send(stack, GET + b"X-Note: secret-a\r\n\r\n", "GET")
    finally:
        over.set()
    assert (answer.status, b"deadline_exceeded" in answer.body) == (503, True)
    stack.assert_nothing_forwarded()


async def test_a_digest_of_the_body_stays_where_a_field_alone_changed(stack: Stack) -> None:
    digest = "Content-Digest: sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"
    await send(stack, post(b"{}", digest, "X-Note: secret-a"))
    assert got(stack, 3)[1:] == [tuple(digest.split(": ")), ("X-Note", "<SECRET>")]
