"""Each refusal has its code, status and record, and the upstream receives nothing."""

from __future__ import annotations

import asyncio
import gzip
import json
import threading
from dataclasses import replace
from typing import Never

import pytest

from shield.audit.record import Kind
from shield.config.settings_route import OnError
from shield.domain import Check, DetectorSpec, Limits
from shield.errors import DetectionIncompleteError
from shield.proxy import exchange
from shield.proxy.upstream import UpstreamClient
from tests.integration.proxy.harness import MODEL, POLICY, Answer, Stack, post

MARK = b"secret-zebra"
BODY = b'{"comment": "secret-zebra"}'


def assert_refused(stack: Stack, answer: Answer, status: int, code: str) -> None:
    """A problem and a record have that code, nothing went upstream, and no byte of the payload leaked."""
    assert answer.status == status, answer.body
    assert answer.get("Content-Type") == "application/problem+json"
    problem = json.loads(answer.body)
    assert (problem["code"], problem["status"]) == (code, status)
    assert problem["type"] == f"urn:pii-shield:problem:{code}"
    request_id = answer.get("X-Shield-Request-Id")
    assert problem["instance"] == f"urn:pii-shield:request:{request_id}"
    rejects = stack.evidence.of(Kind.REJECT)
    assert [reject["reason"] for reject in rejects][-1:] == [code]
    assert rejects[-1]["request_id"] == request_id
    stack.assert_nothing_forwarded()
    assert stack.metric("shield_refusals_total", code=code) >= 1
    for text in (answer.body, stack.log.getvalue().encode(), repr(stack.evidence.drafts).encode()):
        assert MARK not in text
        assert b"zebra" not in text


HEAD = b"POST /api/tickets HTTP/1.1\r\nHost: s\r\nContent-Type: application/json\r\n"
REFUSED = {
    "no route": (post(BODY, path="/zebra"), 404, "route_not_found"),
    "media type": (
        post(BODY).replace(b"application/json", b"text/zebra"),
        415,
        "media_type_unsupported",
    ),
    "no media type": (
        b"POST /api/tickets HTTP/1.1\r\nHost: s\r\nContent-Length: 2\r\n\r\n{}",
        415,
        "media_type_unsupported",
    ),
    "no media type in chunks": (
        b"POST /api/tickets HTTP/1.1\r\nHost: s\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        415,
        "media_type_unsupported",
    ),
    "malformed body": (post(b'{"a": zebra}'), 400, "body_malformed"),
    "not UTF-8": (post(b'{"a": "zebra\xff"}'), 400, "body_malformed"),
    "content encoding": (post(BODY, "Content-Encoding: zebra"), 415, "content_encoding_unsupported"),
    "part of a document": (
        post(BODY, "Content-Range: bytes 0-26/40").replace(b"POST", b"PUT", 1),
        400,
        "body_partial",
    ),
    "another body's digest": (post(BODY, "Content-Digest: sha-256=:zebra:"), 400, "digest_mismatch"),
    "underscore range": (post(BODY, "Content_Range: bytes 0-26/40"), 400, "request_invalid"),
    "broken gzip": (post(BODY, "Content-Encoding: gzip"), 400, "content_encoding_malformed"),
    "dot segment": (post(BODY, path="/api/tickets/../zebra"), 400, "target_malformed"),
    "encoded dot segment": (post(BODY, path="/api/tickets/%2e%2E/zebra"), 400, "target_malformed"),
    "expectation": (post(BODY, "Expect: zebra"), 417, "expectation_failed"),
    "upgrade": (post(BODY, "Connection: upgrade", "Upgrade: zebra"), 400, "request_invalid"),
    "trace": (b"TRACE /zebra HTTP/1.1\r\nHost: s\r\n\r\n", 400, "request_invalid"),
    "connect": (b"CONNECT zebra:80 HTTP/1.1\r\nHost: s\r\n\r\n", 400, "request_invalid"),
    "both lengths": (
        HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
        "framing_conflict",
    ),
    "two hosts": (post(BODY, "Host: zebra"), 400, "request_invalid"),
    "two lengths": (post(BODY, "Content-Length: 1"), 400, "framing_conflict"),
    "underscore length": (post(BODY, "Content_Length: 1"), 400, "request_invalid"),
    "underscore forwarder": (post(BODY, "X_Forwarded-For: 192.0.2.1"), 400, "request_invalid"),
    "underscore identity": (post(BODY, "X_Forwarded_User: zebra"), 400, "request_invalid"),
    "whole server": (b"OPTIONS * HTTP/1.1\r\nHost: s\r\n\r\n", 400, "target_malformed"),
    "underscore coding": (post(BODY, "Transfer_Encoding: chunked"), 400, "request_invalid"),
    "coding on 1.0": (
        HEAD.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
        "request_invalid",
    ),
    "other coding": (HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400, "framing_conflict"),
    "version": (b"GET /zebra HTTP/2.0\r\nHost: s\r\n\r\n", 400, "request_invalid"),
    "no host": (b"GET /zebra HTTP/1.1\r\n\r\n", 400, "host_missing"),
    "garbage": (b"zebra zebra\r\n\r\n", 400, "request_invalid"),
    "bad header": (b"GET / HTTP/1.1\r\nHost: s\r\nzebra zebra: 1\r\n\r\n", 400, "request_invalid"),
    "folded header": (b"GET / HTTP/1.1\r\nHost: s\r\nX: zebra\r\n zebra\r\n\r\n", 400, "request_invalid"),
    "sender not UTF-8": (
        post(BODY).replace(b"\r\n", b"\r\nX-Real-IP: zebra\xff\r\n", 1),
        400,
        "request_invalid",
    ),
    "type not UTF-8": (post(BODY).replace(b"/json", b"/json; a=zebra\xff"), 400, "request_invalid"),
    "large header": (post(BODY, "X: " + "zebra" * 4000), 400, "request_invalid"),
    "many large headers": (post(BODY, *["X: " + "zebra" * 1000] * 5), 400, "request_invalid"),
    "connection names the type": (post(BODY, "Connection: content-type"), 400, "request_invalid"),
    "bare line feeds": (post(b"{}").replace(b"\r\n", b"\n"), 400, "request_invalid"),
    "bare line feed in a head": (post(b"{}", "X: a\nzebra: b"), 400, "request_invalid"),
    "bare carriage return": (post(b"{}", "X: a\rzebra: b"), 400, "request_invalid"),
    "NUL in a value": (post(b"{}", "X: a\0zebra"), 400, "request_invalid"),
    "blank before a colon": (post(b"{}", "X : zebra"), 400, "request_invalid"),
    "blank at a line's start": (post(b"{}").replace(b"Host:", b" Host:"), 400, "request_invalid"),
    "signed length": (HEAD + b"Content-Length: +2\r\n\r\n{}", 400, "request_invalid"),
    "hexadecimal length": (HEAD + b"Content-Length: 0x2\r\n\r\n{}", 400, "request_invalid"),
    "list of lengths": (HEAD + b"Content-Length: 2, 2\r\n\r\n{}", 400, "request_invalid"),
    "huge length": (HEAD + b"Content-Length: " + b"9" * 40 + b"\r\n\r\n{}", 400, "request_invalid"),
    "two codings": (HEAD + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400, "request_invalid"),
    "coding by halves": (HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400, "framing_conflict"),
    "coding with a control": (
        HEAD + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
        400,
        "request_invalid",
    ),
    "chunk ended by a line feed": (
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n",
        400,
        "request_invalid",
    ),
    "chunk longer than its size": (
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n",
        400,
        "request_invalid",
    ),
    "bad chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzebra\r\n", 400, "request_invalid"),
    "PII in the path": (post(BODY, path="/api/tickets/secret-zebra"), 422, "policy_blocked"),
    "escaped PII in the path": (post(b"{}", path="/api/tickets/secret%2Dzebra"), 422, "policy_blocked"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_refused(stack: Stack, name: str) -> None:
    sent, status, code = REFUSED[name]
    client = await stack.connect()
    await client.send(
        sent + b"GET /api/tickets/zebra HTTP/1.1\r\nHost: s\r\n\r\n" * (code == "request_invalid")
    )
    answer = await client.answer()
    assert_refused(stack, answer, status, code)
    if code == "request_invalid":
        # A forwarder may have found its end elsewhere, so what follows is not taken as a request.
        assert answer.get("Connection") == "close"
        assert await client.ended()


@pytest.mark.parametrize("name", ["malformed body", "not UTF-8", "broken gzip", "PII in the path"])
async def test_a_body_that_came_whole_has_its_keyed_digest_though_it_was_refused(
    stack: Stack, name: str
) -> None:
    sent, _, _ = REFUSED[name]
    client = await stack.connect()
    await client.send(sent)
    await client.answer()
    body = sent.partition(b"\r\n\r\n")[2]
    (reject,) = stack.evidence.of(Kind.REJECT)
    assert (reject["body_before"], reject["size_before"]) == (f"hmac-sha256:key:{len(body)}", len(body))
    assert reject["body_after"] is None


@pytest.mark.parametrize("name", ["no route", "media type"])
async def test_a_body_that_was_never_read_has_no_digest(stack: Stack, name: str) -> None:
    client = await stack.connect()
    await client.send(REFUSED[name][0])
    await client.answer()
    assert [reject["body_before"] for reject in stack.evidence.of(Kind.REJECT)] == [None]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-HTTP-Method-Override", "delete"),
        ("X-HTTP-Method", "delete"),
        ("x-method-override", "delete"),
        ("X-Method", "delete"),
        ("X-HTTP-Method-Override", "delete, patch"),
        ("X-HTTP-Method-Override", "patch,delete"),
        ("X-HTTP-Method-Override", '"DELETE"'),
    ],
)
async def test_a_header_that_asks_for_a_method_of_no_or_another_route(
    stack: Stack, name: str, value: str
) -> None:
    stack.reroute(methods=frozenset({"POST", "PATCH"}))
    client = await stack.connect()
    await client.send(post(BODY, f"{name}: {value}"))
    assert_refused(stack, await client.answer(), 400, "request_invalid")
    client = await stack.connect()
    await client.send(post(b"{}", f"{name}: patch"))
    assert (await client.answer()).status == 201
    assert stack.upstream.requests[-1].get(name) == "patch"


@pytest.mark.parametrize(
    "query",
    [
        "_method=delete",
        "a=1;_METHOD=DELETE",
        "a&%5Fmethod=%64elete",
        "_method[]=delete",
        "_HttpMethod=delete",
        "x-http-method-override=+delete",
    ],
)
async def test_a_query_that_asks_for_a_method_of_no_or_another_route(stack: Stack, query: str) -> None:
    stack.reroute(methods=frozenset({"POST", "PATCH"}))
    client = await stack.connect()
    await client.send(post(BODY, path=f"/api/tickets?{query}"))
    assert_refused(stack, await client.answer(), 400, "request_invalid")
    client = await stack.connect()
    for other in ("_method=patch", "x_method=delete"):
        await client.send(post(b"{}", path=f"/api/tickets?{other}"))
        assert (await client.answer()).status == 201


FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=b"
OTHER_METHODS = {
    "form": (FORM, b"comment=secret-zebra&_method=DELETE"),
    "form escaped": (FORM, b"a;%5fM%65thod=%20d%65lete&comment=secret-zebra"),
    "form as PHP reads it": (FORM, b"comment=secret-zebra&+.method%00x=DELETE"),
    "form with brackets": (FORM, b"_method%5B%5D=DELETE&comment=secret-zebra"),
    "parts": (PARTS, b'--b\r\nContent-Disposition: form-data; name="_method"\r\n\r\nDELETE\r\n--b--\r\n'),
    "parts as PHP reads them": (
        PARTS,
        b"--b\r\nContent-Disposition: form-data; name=.METhod; filename=zebra\r\n\r\nDELETE\r\n--b--\r\n",
    ),
    "JSON": ("application/json", b'{"comment": "secret-zebra", "_method": "delete"}'),
    "JSON as text": ("text/json", b'{"comment": "secret-zebra", "_method": "delete"}'),
    "JSON escaped": ("application/vnd.api+json", b'{"\\u005Fme\\u0074hod": "DELETE", "a": "secret-zebra"}'),
    "JSON with a list": ("application/json", b'{"_method": ["DELETE"], "a": "secret-zebra"}'),
    "JSON with an object": ("application/json", b'{"_method": {"name": "DELETE"}, "a": "secret-zebra"}'),
    "JSON twice": ("application/json", b'{"_method": "PATCH", "_method": "DELETE", "a": "secret-zebra"}'),
}


@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("name", OTHER_METHODS)
async def test_a_body_that_asks_for_a_method_of_no_or_another_route(
    stack: Stack, name: str, coding: str
) -> None:
    media_type, body = OTHER_METHODS[name]
    stack.reroute(
        methods=frozenset({"POST", "PATCH"}),
        media_types=(FORM, "multipart/form-data", "application/*+json", "application/json", "text/json"),
        on_error=OnError.BYPASS,
    )

    def sent(body: bytes) -> bytes:
        body, fields = (gzip.compress(body), ["Content-Encoding: gzip"]) if coding == "gzip" else (body, [])
        return post(body, *fields).replace(b"application/json", media_type.encode())

    client = await stack.connect()
    await client.send(sent(body))
    assert_refused(stack, await client.answer(), 400, "request_invalid")
    client = await stack.connect()
    for other in (body.lower().replace(b"%65", b"e").replace(b"delete", b"patch"), body.replace(b"hod", b"")):
        await client.send(sent(other))
        assert (await client.answer()).status == 201


async def test_a_method_below_the_root_or_in_a_value_is_none(stack: Stack) -> None:
    stack.reroute(methods=frozenset({"POST"}), media_types=(FORM, "application/json"))
    client = await stack.connect()
    for body in (
        b'{"a": {"_method": "delete"}, "payment_method": "card"}',
        b'{"a": "_method", "_method": 1}',
    ):
        await client.send(post(body))
        assert (await client.answer()).status == 201
    for body in (b"payment_method=card", b"a=b%26_method=delete", b"a=_method=delete", b"_method="):
        await client.send(post(body).replace(b"application/json", FORM.encode()))
        assert (await client.answer()).status == 201


async def test_a_method_that_no_route_takes(stack: Stack) -> None:
    stack.reroute(methods=frozenset({"GET", "PUT"}))
    client = await stack.connect()
    await client.send(post(BODY))
    answer = await client.answer()
    assert_refused(stack, answer, 405, "method_not_allowed")
    assert answer.get("Allow") == "GET, PUT"


async def test_a_type_that_no_route_takes(stack: Stack) -> None:
    stack.reroute(media_types=("text/plain", "*/*+json", "application/json"))
    client = await stack.connect()
    await client.send(post(BODY).replace(b"application/json", b"text/html"))
    answer = await client.answer()
    assert_refused(stack, answer, 415, "media_type_unsupported")
    assert answer.get("Accept") == "application/json, text/plain"


async def test_a_declared_length_over_the_limit_is_refused_before_the_body(stack: Stack) -> None:
    stack.reroute(limits=Limits(body_bytes=100))
    client = await stack.connect()
    await client.send(post(b"", "X: 1").replace(b"Content-Length: 0", b"Content-Length: 101"))
    answer = await client.answer()
    assert_refused(stack, answer, 413, "body_too_large")
    assert answer.get("Connection") == "close"


async def test_a_chunked_body_is_counted_while_it_is_read(stack: Stack) -> None:
    stack.reroute(limits=Limits(body_bytes=100))
    client = await stack.connect()
    await client.send(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    await client.send(b"40\r\n" + b" " * 64 + b"\r\n40\r\n" + b" " * 64 + b"\r\n")
    assert_refused(stack, await client.answer(), 413, "body_too_large")


async def test_a_chunked_body_that_is_here_at_once_is_counted_as_well(stack: Stack) -> None:
    stack.reroute(limits=Limits(body_bytes=100))
    client = await stack.connect()
    whole = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n{%s}\r\n0\r\n\r\n"
    await client.send(HEAD + whole % (101, b" " * 99))
    assert_refused(stack, await client.answer(), 413, "body_too_large")
    client = await stack.connect()
    await client.send(HEAD + whole % (100, b" " * 98))
    assert (await client.answer()).status == 201


async def test_decompression_bomb(stack: Stack) -> None:
    client = await stack.connect()
    await client.send(post(gzip.compress(b" " * 1_000_000), "Content-Encoding: gzip"))
    assert_refused(stack, await client.answer(), 413, "decompression_ratio_exceeded")


async def test_a_body_that_does_not_come(stack: Stack) -> None:
    stack.reroute(body_timeout=0.05)
    client = await stack.connect()
    await client.send(post(BODY)[:-5])
    assert_refused(stack, await client.answer(), 408, "body_timeout")


@pytest.mark.parametrize("framing", ["length", "chunked"])
async def test_a_body_that_breaks_off_is_never_forwarded(stack: Stack, framing: str) -> None:
    client = await stack.connect()
    if framing == "length":
        await client.send(post(BODY)[:-1])
    else:
        await client.send(HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n")
    client.writer.write_eof()
    assert_refused(stack, await client.answer(), 400, "body_incomplete")
    assert await client.ended()


async def test_a_client_that_leaves_during_the_inspection(stack: Stack) -> None:
    stack.reroute(policy=replace(POLICY, detector=MODEL))
    started, proceed = threading.Event(), threading.Event()

    def before(_check: Check) -> None:
        started.set()
        assert proceed.wait(10)

    stack.heart.before = before
    client = await stack.connect()
    await client.send(post(BODY))
    assert await asyncio.to_thread(started.wait, 10)
    client.abort()
    # The server's loop (this one) sees the abort before the thread may go on.
    while any(connection.transport is not None for connection in stack.connections()):
        await asyncio.sleep(0)
    proceed.set()
    (reject,) = await stack.evidence.wait_for(Kind.REJECT)
    assert reject["reason"] == "client_gone"
    stack.assert_nothing_forwarded()


async def test_the_deadline_of_the_inspection(stack: Stack) -> None:
    stack.reroute(policy=replace(POLICY, detector=MODEL), deadline=0.05)
    proceed = threading.Event()
    stopped = []

    def before(check: Check) -> None:
        assert proceed.wait(10)
        try:
            check()
        except Exception as error:
            stopped.append(error)
            raise

    stack.heart.before = before
    client = await stack.connect()
    await client.send(post(BODY))
    answer = await client.answer()
    proceed.set()
    assert_refused(stack, answer, 503, "deadline_exceeded")
    await stack.exchange.drain()
    await asyncio.get_running_loop().run_in_executor(None, lambda: None)


async def test_a_detector_that_raises(stack: Stack) -> None:
    def before(_check: Check) -> None:
        raise DetectionIncompleteError

    stack.heart.before = before
    client = await stack.connect()
    await client.send(post(BODY))
    assert_refused(stack, await client.answer(), 503, "detection_incomplete")


@pytest.mark.parametrize("on_error", list(OnError))
async def test_a_defect_is_no_error_that_may_be_bypassed(stack: Stack, on_error: OnError) -> None:
    def before(_check: Check) -> None:
        raise ValueError("secret-zebra")

    stack.heart.before = before
    stack.reroute(on_error=on_error)
    client = await stack.connect()
    await client.send(post(BODY))
    assert_refused(stack, await client.answer(), 500, "internal_error")
    line = next(line for line in stack.log.getvalue().splitlines() if "exchange_failed" in line)
    event = json.loads(line)
    assert event["error"] == "builtins.ValueError"
    assert any("test_refusals.py" in frame for frame in event["frames"])


@pytest.mark.parametrize("on_error", list(OnError))
@pytest.mark.parametrize("detector", [POLICY.detector, MODEL])  # on the event loop, and in a thread
async def test_where_there_is_no_memory_the_request_is_refused_for_now(
    stack: Stack, on_error: OnError, detector: DetectorSpec
) -> None:
    def before(_check: Check) -> None:
        raise MemoryError("secret-zebra")

    stack.heart.before = before
    stack.reroute(on_error=on_error, policy=replace(POLICY, detector=detector))
    client = await stack.connect()
    await client.send(post(BODY))
    answer = await client.answer()
    assert_refused(stack, answer, 503, "resources_exhausted")
    assert answer.get("Retry-After") == "1"
    assert "secret-zebra" not in stack.log.getvalue()
    stack.heart.before = lambda _check: None
    await client.send(post(BODY))  # the connection goes on
    assert (await client.answer()).status == 201


@pytest.mark.parametrize("place", ["lane_of", "chosen_fields", "received_body"])
async def test_wherever_there_is_no_memory_the_request_is_refused(
    stack: Stack, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is not even caught by the exchange."""

    def fails(*_: object, **__: object) -> Never:
        raise MemoryError

    monkeypatch.setattr(exchange, place, fails)
    client = await stack.connect()
    await client.send(post(BODY))
    assert_refused(stack, await client.answer(), 503, "resources_exhausted")


@pytest.mark.parametrize("error", [MemoryError, ValueError])
async def test_after_the_intent_nobody_is_told_that_nothing_was_forwarded(
    stack: Stack, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object, **__: object) -> Never:
        raise error("secret-zebra")

    monkeypatch.setattr(UpstreamClient, "send", fails)
    client = await stack.connect()
    await client.send(post(BODY))
    answer = await client.answer()
    assert (answer.status, answer.get("Retry-After")) == (500, None)
    assert json.loads(answer.body)["code"] == "outcome_unknown"
    assert stack.evidence.of(Kind.REJECT) == []
    (outcome,) = stack.evidence.of(Kind.OUTCOME)
    assert outcome["result"] == "outcome_unknown"
    assert "secret-zebra" not in stack.log.getvalue()


async def test_saturation_is_said_before_the_body_is_read(stack: Stack) -> None:
    stack.reserve(max_in_flight=1)
    stack.evidence.gate = asyncio.Event()
    first, second = await stack.connect(), await stack.connect()
    await first.send(post(b"{}"))
    await stack.evidence.committing.wait()
    await second.send(post(BODY)[: -len(BODY)])
    answer = await second.answer()
    assert_refused(stack, answer, 503, "saturated")
    assert answer.get("Retry-After") == "1"
    stack.evidence.gate.set()
    assert (await first.answer()).status == 201


async def test_draining(stack: Stack) -> None:
    stack.evidence.gate = asyncio.Event()
    busy, idle = await stack.connect(), await stack.connect()
    await busy.send(post(b"{}"))
    await stack.evidence.committing.wait()
    stack.site.stop_accepting()
    draining = asyncio.create_task(stack.exchange.drain())
    await idle.send(post(BODY))
    answer = await idle.answer()
    assert_refused(stack, answer, 503, "draining")
    assert answer.get("Connection") == "close"
    assert not draining.done()
    stack.evidence.gate.set()
    finished = await busy.answer()
    assert (finished.status, finished.get("Connection")) == (201, "close")
    await draining


async def test_trailers_do_not_become_fields_of_the_next_request(stack: Stack) -> None:
    """aiohttp 3.14 prepends the last trailer to the next request's fields, so the connection is closed."""
    client = await stack.connect()
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"
    await client.send(chunked + b"Authorization: stolen\r\n\r\n" + post(b"{}"))
    answer = await client.answer()
    assert (answer.status, answer.get("Connection")) == (201, "close")
    assert await client.ended()
    assert len(stack.upstream.requests) == 1
    client = await stack.connect()
    await client.send(chunked + b"Authorization: stolen\r\n\r\n")
    assert (await client.answer()).get("Connection") == "close"
    client = await stack.connect()
    await client.send(chunked + b"X: 1\r\n\r\n" + chunked + b"\r\n")
    assert (await client.answer()).get("Connection") == "close"
    client = await stack.connect()
    for _ in range(2):
        await client.send(chunked + b"\r\n")
        assert (await client.answer()).get("Connection") is None
    assert not any(request.get("Authorization") for request in stack.upstream.requests)


async def test_a_chunked_request_may_arrive_in_any_pieces(stack: Stack) -> None:
    """Even byte by byte, the end without trailers is recognized and the connection kept."""
    client = await stack.connect()
    whole = HEAD + b"Transfer-Encoding: chunked\r\n\r\n2;ext=1\r\n{}\r\n0\r\n\r\n"
    for _ in range(2):
        for byte in whole:
            await client.send(bytes([byte]))
            await asyncio.sleep(0)
        answer = await client.answer()
        assert (answer.status, answer.get("Connection")) == (201, None)
    client = await stack.connect()
    for byte in whole[:-2] + b"X: 0\r\n\r\n":
        await client.send(bytes([byte]))
        await asyncio.sleep(0)
    assert (await client.answer()).get("Connection") == "close"


@pytest.mark.parametrize(
    ("setting", "status", "forwarded"),
    [("forward", 201, ["zebra"]), ("drop", 201, []), ("reject", 400, None)],
)
async def test_header_names_with_underscores(
    stack: Stack, setting: str, status: int, forwarded: list[str] | None
) -> None:
    stack.reserve(header_underscores=setting)
    client = await stack.connect()
    await client.send(post(BODY, "X_User: zebra", "X-Other: kept"))
    assert (await client.answer()).status == status
    if forwarded is None:
        stack.assert_nothing_forwarded()
        return
    (request,) = stack.upstream.requests
    assert (request.all("X_User"), request.all("X-Other")) == (forwarded, ["kept"])
    await client.send(post(BODY, "X_Forwarded_For: zebra"))
    assert (await client.answer()).status == 400  # an alias of a special field is refused as well
    assert len(stack.upstream.requests) == 1


async def test_requests_before_one_that_cannot_be_parsed_in_the_same_piece_are_not_forwarded(
    stack: Stack,
) -> None:
    """The parser loses them (decision 028). If they are sent separately, they are answered first."""
    client = await stack.connect()
    await client.send(post(BODY) + b"zebra zebra\r\n\r\n")
    assert_refused(stack, await client.answer(), 400, "request_invalid")
    assert await client.ended()
    client = await stack.connect()
    await client.send(post(b"{}"))
    assert (await client.answer()).status == 201
    await client.send(b"zebra zebra\r\n\r\n")
    assert (await client.answer()).status == 400
    assert await client.ended()
    assert len(stack.upstream.requests) == 1
