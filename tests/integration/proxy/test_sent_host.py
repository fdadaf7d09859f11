"""`Host` at the upstream is its own, the client's or the configured one, and never selects the upstream."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.integration.proxy.harness import Stack, post
from tests.integration.proxy.raw_upstream import answering


async def sent(stack: Stack, target: str = "/api/tickets", host: str = "Desk.Example:8443") -> str | None:
    client = await stack.connect()
    await client.send(f"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    assert (await client.answer("GET")).status == 201
    request = stack.upstream.requests[-1]
    assert request.fields[0][0] == "Host"
    assert request.all("Host") == [request.fields[0][1]]
    assert request.get("X-Forwarded-Host") == host
    return request.get("Host")


def with_host(stack: Stack, **changes: object) -> None:
    upstream = replace(stack.settings.routes[0].upstream, **changes)  # type: ignore[arg-type]
    stack.swap(replace(stack.settings, upstreams={"store": upstream}))
    stack.reroute(upstream=upstream)


async def test_it_is_the_upstreams_own_unless_the_configuration_says_otherwise(stack: Stack) -> None:
    assert await sent(stack) == f"127.0.0.1:{stack.upstream.port}"


@pytest.mark.parametrize(
    ("host", "kept"),
    [
        ("Desk.Example:8443", "Desk.Example:8443"),
        ("desk.example", "desk.example"),
        ("desk.example.", "desk.example"),  # the route took it for the same
        ("desk.example.:80", "desk.example:80"),
        ("[::1]:80", "[::1]:80"),
        ("storage.elsewhere.example", "storage.elsewhere.example"),  # still sent to this upstream
    ],
)
async def test_the_clients_is_kept_and_chooses_no_upstream(host: str, kept: str, stack: Stack) -> None:
    with_host(stack, keeps_host=True)
    assert await sent(stack, host=host) == kept


async def test_an_absolute_target_says_no_other(stack: Stack) -> None:
    with_host(stack, keeps_host=True)
    assert await sent(stack, "http://desk.example/api/tickets", "desk.example") == "desk.example"
    client = await stack.connect()
    await client.send(b"GET http://other.example/api/tickets HTTP/1.1\r\nHost: desk.example\r\n\r\n")
    assert (await client.answer("GET")).status == 400
    await (client := await stack.connect()).send(b"GET http://Desk.example/api/tickets HTTP/1.0\r\n\r\n")
    assert (await client.answer("GET")).status == 201
    assert stack.upstream.requests[-1].get("Host") == "desk.example"  # by which the route was chosen
    await (client := await stack.connect()).send(b"GET /api/tickets HTTP/1.0\r\n\r\n")
    assert (await client.answer("GET")).status == 201
    assert stack.upstream.requests[-1].get("Host") == f"127.0.0.1:{stack.upstream.port}"


async def test_a_forwarders_word_is_not_the_host(stack: Stack) -> None:
    with_host(stack, keeps_host=True)
    stack.reserve(trusted_forwarders=True)
    client = await stack.connect()
    await client.send(
        b"GET /api/tickets HTTP/1.1\r\nHost: desk.example\r\nX-Forwarded-Host: other.example\r\n\r\n"
    )
    await client.answer("GET")
    request = stack.upstream.requests[-1]
    assert (request.get("Host"), request.get("X-Forwarded-Host")) == ("desk.example", "other.example")


async def test_it_may_be_one_of_the_configuration(stack: Stack) -> None:
    with_host(stack, host="store.internal:81")
    assert await sent(stack) == "store.internal:81"


async def test_an_address_with_a_host_of_the_configuration_leads_back_to_the_shield(stack: Stack) -> None:
    """The upstream was given that host as its own name."""
    with_host(stack, host="store.internal:81")
    stack.upstream.script = answering(
        b"HTTP/1.1 307 Moved\r\nLocation: http://store.internal:81/api/tickets/2\r\nContent-Length: 0\r\n\r\n"
    )
    client = await stack.connect()
    await client.send(post(b'{"a": "secret-x"}'))
    answer = await client.answer()
    assert (answer.status, answer.get("Location")) == (307, "http://shield.example/api/tickets/2")


async def test_an_upstream_that_keeps_the_clients_host_makes_addresses_of_it(stack: Stack) -> None:
    with_host(stack, keeps_host=True)
    place = b"http://shield.example/api/tickets/2"
    stack.upstream.script = answering(
        b"HTTP/1.1 308 Moved\r\nLocation: " + place + b"\r\nContent-Length: 0\r\n\r\n"
    )
    client = await stack.connect()
    await client.send(post(b'{"a": "secret-x"}'))
    assert (await client.answer()).get("Location") == place.decode()


@pytest.mark.parametrize("status", [201, 307, 308])
@pytest.mark.parametrize(
    ("place", "received"),
    [
        ("http://inner.example:8443/api/t/2", "https://desk.example/api/t/2"),  # of Host
        ("https://desk.example/api/t/2", "https://desk.example/api/t/2"),  # of X-Forwarded-Host
        ("https://store.example/api/t/2", None),
    ],
)
async def test_behind_a_forwarder_both_hosts_that_the_upstream_is_told_lead_back_to_the_client(
    status: int, place: str, received: str | None, stack: Stack
) -> None:
    """A balancer that asks by a name of its own, and says in X-Forwarded-Host what it was asked by itself."""
    with_host(stack, keeps_host=True)
    stack.reserve(trusted_forwarders=True)
    stack.upstream.script = answering(
        f"HTTP/1.1 {status} X\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode()
    )
    client = await stack.connect()
    forwarded = ("X-Forwarded-Host: desk.example", "X-Forwarded-Proto: https")
    asked = post(b'{"a": "secret-x"}', *forwarded)
    await client.send(asked.replace(b"Host: shield.example", b"Host: inner.example:8443", 1))
    answer = await client.answer()
    request = stack.upstream.requests[-1]
    assert (request.get("Host"), request.get("X-Forwarded-Host")) == ("inner.example:8443", "desk.example")
    if received is None and status != 201:
        assert (answer.status, b"upstream_redirected" in answer.body) == (502, True)
    else:
        assert (answer.status, answer.get("Location")) == (status, received or place)
