"""With several addresses of one upstream, one of them failing, nothing is sent twice and nothing is lost."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from shield.audit.record import Kind
from shield.config.settings_upstream import HealthCheck, Outlier, Upstream, UpstreamTls
from shield.proxy.tls_session import SessionKeepingContext
from tests.integration.proxy.certificates import Certificates
from tests.integration.proxy.harness import Stack, post
from tests.integration.proxy.raw_upstream import CREATED, RawUpstream, Received, answering

BODY = b'{"comment": "secret-zebra"}'
SOON = Outlier(consecutive=2, base=0.05, most=0.1)
LONG = Outlier(consecutive=2, base=600.0, most=600.0)


async def hang_up(request: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


@pytest.fixture
async def second() -> AsyncIterator[RawUpstream]:
    upstream = RawUpstream()
    await upstream.start()
    yield upstream
    await upstream.stop()


def both(stack: Stack, second: RawUpstream, **changes: object) -> None:
    first = stack.settings.routes[0].upstream
    url = f"http://127.0.0.1:{second.port}/b"
    stack.reroute(upstream=replace(first, replicas=(url,), **changes))  # type: ignore[arg-type]


def lines(stack: Stack, event: str) -> list[dict[str, str]]:
    return [line for line in map(json.loads, stack.log.getvalue().splitlines()) if line["event"] == event]


def failing(stack: Stack) -> list[tuple[str, str, str]]:
    told = lines(stack, "upstream_failing")
    assert {line["upstream"] for line in told} <= {"store"}
    return [(line["endpoint"], line["by"], line["cause"]) for line in told]


async def send(stack: Stack, count: int) -> list[int]:
    client = await stack.connect()
    statuses = []
    for _ in range(count):
        await client.send(post(BODY))
        statuses.append((await client.answer()).status)
    return statuses


async def test_requests_go_round_the_addresses(stack: Stack, second: RawUpstream) -> None:
    both(stack, second)
    assert await send(stack, 6) == [201] * 6
    assert [len(stack.upstream.requests), len(second.requests)] == [3, 3]
    assert {request.target for request in second.requests} == {"/b/api/tickets"}
    assert {request.get("host") for request in second.requests} == {f"127.0.0.1:{second.port}"}


async def test_one_that_cannot_be_connected_to_is_passed_over(stack: Stack, second: RawUpstream) -> None:
    both(stack, second, outlier=LONG)
    await stack.upstream.stop()
    assert await send(stack, 6) == [201] * 6
    assert len(second.requests) == 6
    assert [outcome["result"] for outcome in stack.evidence.of(Kind.OUTCOME)] == ["answered"] * 6
    assert stack.metric("shield_upstream_connect_retries_total", upstream="store") == 2  # then it was ejected
    assert failing(stack) == [(f"127.0.0.1:{stack.upstream.port}", "request", "ECONNREFUSED")]  # told once


async def test_once_bytes_went_out_there_is_no_second_try(stack: Stack, second: RawUpstream) -> None:
    both(stack, second, outlier=LONG)
    stack.upstream.script = hang_up
    statuses = await send(stack, 8)
    assert statuses.count(502) == 2  # the number of failures that ejects it
    assert len(stack.upstream.requests) == 2
    assert len(second.requests) == 6
    assert len(stack.evidence.of(Kind.INTENT)) == 8
    label = f"127.0.0.1:{stack.upstream.port}"
    assert stack.metric("shield_upstream_endpoint_available", upstream="store", endpoint=label) == 0
    assert stack.metric("shield_upstream_ejections_total", upstream="store", endpoint=label) == 1


async def test_an_upstream_that_fails_is_left_alone_and_nothing_is_read_or_forwarded(stack: Stack) -> None:
    stack.reroute(upstream=replace(stack.settings.routes[0].upstream, outlier=LONG))
    stack.upstream.script = hang_up
    client = await stack.connect()
    for _ in range(2):
        await client.send(post(BODY))
        assert (await client.answer()).status == 502
    heads = stack.upstream.heads
    await client.send(post(BODY))
    answer = await client.answer()
    assert (answer.status, json.loads(answer.body)["code"]) == (503, "upstream_unavailable")
    assert answer.get("Retry-After") == "600"
    assert stack.upstream.heads == heads
    (reject,) = stack.evidence.of(Kind.REJECT)
    assert (reject["reason"], reject["route"], reject["body_before"]) == (
        "upstream_unavailable",
        "tickets",
        None,
    )
    assert len(stack.evidence.of(Kind.INTENT)) == 2
    assert stack.metric("shield_refusals_total", code="upstream_unavailable") == 1


async def test_it_is_tried_again_and_taken_back(stack: Stack) -> None:
    stack.reroute(upstream=replace(stack.settings.routes[0].upstream, outlier=SOON))
    stack.upstream.script = hang_up
    assert await send(stack, 2) == [502, 502]
    stack.upstream.script = CREATED
    client = await stack.connect()
    async with asyncio.timeout(10):
        while True:  # until the ejection is over
            await client.send(post(BODY))
            if (await client.answer()).status == 201:
                break
    assert await send(stack, 5) == [201] * 5


async def test_answers_with_an_error_status_are_answers(stack: Stack) -> None:
    stack.reroute(upstream=replace(stack.settings.routes[0].upstream, outlier=LONG))
    stack.upstream.script = answering(b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n")
    assert await send(stack, 10) == [503] * 10
    assert len(stack.upstream.requests) == 10


async def test_a_full_pool_says_nothing_of_the_address(stack: Stack) -> None:
    upstream = replace(stack.settings.routes[0].upstream, pool_size=1, connect_timeout=0.5, outlier=LONG)
    stack.reroute(upstream=upstream)
    hold = asyncio.Event()

    async def slow(request: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await hold.wait()
        await CREATED(request, reader, writer)

    stack.upstream.script = slow
    first = await stack.connect()
    await first.send(post(BODY))
    await stack.upstream.arrived.wait()
    assert await send(stack, 2) == [502] * 2
    hold.set()
    assert (await first.answer()).status == 201
    assert await send(stack, 1) == [201]


async def test_an_address_whose_checks_fail_is_not_used_until_they_succeed(
    stack: Stack, second: RawUpstream
) -> None:
    sick, well = asyncio.Event(), asyncio.Event()
    checks = 0

    async def serve(request: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal checks
        if request.target != "/b/healthz":
            await CREATED(request, reader, writer)
            return
        checks += 1
        ok = well.is_set()
        writer.write(b"HTTP/1.1 %d X\r\nContent-Length: 0\r\n\r\n" % (204 if ok else 500))
        if checks >= 3:
            sick.set()

    second.script = serve
    check = HealthCheck("/healthz", interval=0.01, timeout=5, healthy_after=1, unhealthy_after=2)
    both(stack, second, health_check=check, outlier=LONG)
    label = f"127.0.0.1:{second.port}"
    async with asyncio.timeout(10):
        await sick.wait()
    assert stack.metric("shield_upstream_endpoint_available", upstream="store", endpoint=label) == 0
    assert await send(stack, 4) == [201] * 4
    assert not [request for request in second.requests if request.method == "POST"]
    well.set()
    async with asyncio.timeout(10):
        while not [request for request in second.requests if request.method == "POST"]:
            await send(stack, 2)
    assert (
        stack.metric("shield_upstream_health_checks_total", upstream="store", endpoint=label, result="failed")
        >= 2
    )
    assert len([it for it in stack.evidence.of(Kind.INTENT) if it["method"] != "POST"]) == 0  # no client's
    assert failing(stack) == [(label, "health_check", "status 500")]
    assert [line["endpoint"] for line in lines(stack, "upstream_used_again")] == [label]
    await stack.pool.close()


async def test_the_log_says_why_an_upstream_cannot_be_used_and_the_client_is_not_told(
    stack: Stack, certificates: Certificates
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.certificate, certificates.key)
    server = await asyncio.start_server(stack.upstream._serve, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    tls = UpstreamTls(server_name="localhost")  # trusted by no authority of the system
    stack.reroute(upstream=Upstream("store", f"https://127.0.0.1:{port}", tls=tls))
    client = await stack.connect()
    await client.send(post(BODY))
    answer = await client.answer()
    assert answer.status == 502
    assert b"certificate" not in answer.body
    ((endpoint, by, cause),) = failing(stack)
    assert (endpoint, by) == (f"127.0.0.1:{port}", "request")
    assert cause.startswith("certificate: ")
    server.close()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_a_new_connection_resumes_the_tls_session_until_its_certificate_expires(
    stack: Stack, certificates: Certificates, version: ssl.TLSVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.certificate, certificates.key)
    context.minimum_version = context.maximum_version = version
    resumed: list[bool] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        resumed.append(writer.get_extra_info("ssl_object").session_reused)
        await stack.upstream._serve(reader, writer)

    close = answering(b"HTTP/1.1 201 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    stack.upstream.script = close
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    tls = UpstreamTls(ca_file=certificates.ca, server_name="localhost")
    stack.reroute(upstream=Upstream("store", url, tls=tls))
    assert await send(stack, 3) == [201] * 3
    assert resumed == [False, True, True]
    monkeypatch.setattr(SessionKeepingContext, "clock", lambda _: time.time() + 2 * 86_400)
    assert await send(stack, 1) == [201]
    assert resumed == [False, True, True, False]  # a full handshake, with its certificate
    server.close()
