"""The PROXY protocol works on real listeners, before HTTP and before TLS, on both event loops."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from ipaddress import ip_network

import pytest
import uvloop

from shield.audit.record import Kind
from shield.config.proxy_protocol import ProxyProtocol
from shield.config.settings import ListenerTls
from shield.config.settings_callers import AdminAccess
from shield.proxy.accepting import AT_ONCE
from shield.proxy.connection_limits import ConnectionLimits
from shield.proxy.proxy_header import SIGNATURE
from tests.integration.proxy.admin_stage import admin_stage, bearer
from tests.integration.proxy.certificates import Certificates
from tests.integration.proxy.harness import Raw, Stack, post, running

BODY = b'{"comment": "secret-zebra"}'
V1 = b"PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n"
V2 = SIGNATURE + b"\x21\x11\x00\x0c" + bytes([192, 0, 2, 8, 198, 51, 100, 1]) + b"\xdc\x04\x01\xbb"
V2_SIX = (
    SIGNATURE + b"\x21\x21\x00\x24" + bytes.fromhex("20010db8" + "00" * 11 + "07") * 2 + b"\xdc\x04\x01\xbb"
)
LOCAL = SIGNATURE + b"\x20\x00\x00\x00"
HERE = ProxyProtocol((ip_network("127.0.0.0/8"),))
ELSEWHERE = ProxyProtocol((ip_network("192.0.2.0/24"), ip_network("::/0")))
SHORT = 0.05


def limits(**changes: float) -> ConnectionLimits:
    return ConnectionLimits(**{"keepalive_timeout": 60.0, "max_field_bytes": 16 * 1024, **changes})  # type: ignore[arg-type]


@pytest.fixture
async def balanced() -> AsyncIterator[Stack]:
    async with running(proxy_protocol=HERE) as made:
        yield made


async def refused(stack: Stack, client: Raw, code: str, status: int) -> None:
    answer = await client.answer()
    assert (answer.status, answer.get("Connection")) == (status, "close")
    assert json.loads(answer.body)["code"] == code
    assert await client.ended()
    await recorded(stack, code)


async def recorded(stack: Stack, code: str) -> None:
    (reject,) = await stack.evidence.wait_for(Kind.REJECT)
    assert reject["reason"] == code
    assert stack.metric("shield_refusals_total", code=code) == 1
    stack.assert_nothing_forwarded()


@pytest.mark.parametrize(
    ("header", "address"),
    [(V1, "192.0.2.7"), (V2, "192.0.2.8"), (V2_SIX, "2001:db8::7"), (LOCAL, "127.0.0.1")],
    ids=["v1", "v2", "v2-six", "local"],
)
async def test_the_upstream_hears_of_the_client_that_the_header_names(
    balanced: Stack, header: bytes, address: str
) -> None:
    client = await balanced.connect()
    await client.send(header + post(BODY, "X-Forwarded-For: 203.0.113.9"))
    assert (await client.answer()).status == 201
    await client.send(post(BODY))  # the connection continues with the same client address
    assert (await client.answer()).status == 201
    for request in balanced.upstream.requests:
        assert request.all("X-Forwarded-For") == [address]
        node = f'"[{address}]"' if ":" in address else address
        assert (request.get("Forwarded") or "").startswith(f"for={node};")
        assert request.body == b'{"comment": "<SECRET>"}'


@pytest.mark.parametrize("header", [V1, V2], ids=["v1", "v2"])
async def test_a_header_in_single_bytes(balanced: Stack, header: bytes) -> None:
    client = await balanced.connect()
    for byte in header + post(BODY):
        await client.send(bytes([byte]))
        await asyncio.sleep(0)  # so that the proxy reads them one by one
    assert (await client.answer()).status == 201
    assert (balanced.upstream.requests[0].get("X-Forwarded-For") or "").startswith("192.0.2.")


@pytest.mark.parametrize(
    "data",
    [post(BODY), b"\x16\x03\x01\x02\x00\x01", b"PROXY TCP4 192.0.2.7 zebra 1 2\r\n" + post(BODY)],
    ids=["none", "tls", "malformed"],
)
async def test_what_begins_with_no_header_is_refused(balanced: Stack, data: bytes) -> None:
    client = await balanced.connect()
    await client.send(data)
    await refused(balanced, client, "proxy_header_invalid", 400)
    assert "zebra" not in balanced.log.getvalue() + repr(balanced.evidence.drafts)


@pytest.mark.parametrize("header", [V1, V2], ids=["v1", "v2"])
async def test_a_second_header_is_no_http(balanced: Stack, header: bytes) -> None:
    client = await balanced.connect()
    await client.send(header + header + post(BODY))
    await refused(balanced, client, "request_invalid", 400)


async def test_a_header_after_a_request_is_no_http(balanced: Stack) -> None:
    client = await balanced.connect()
    await client.send(V1 + post(BODY))
    assert (await client.answer()).status == 201
    await client.send(V1 + post(BODY))
    assert (await client.answer()).status == 400
    assert await client.ended()
    assert len(balanced.upstream.requests) == 1


async def test_who_is_not_trusted_is_refused_before_it_says_anything() -> None:
    async with running(proxy_protocol=ELSEWHERE) as stack:
        client = await stack.connect()
        await refused(stack, client, "proxy_peer_not_trusted", 403)


async def test_who_is_not_trusted_is_refused_with_a_header_as_well() -> None:
    async with running(proxy_protocol=ELSEWHERE) as stack:
        client = await stack.connect()
        with contextlib.suppress(ConnectionError):  # it may be closed already
            await client.send(V1 + post(BODY))
        await recorded(stack, "proxy_peer_not_trusted")


async def test_who_is_not_trusted_may_be_served_under_its_own_address() -> None:
    async with running(proxy_protocol=ProxyProtocol(ELSEWHERE.trusted, others=True)) as stack:
        client = await stack.connect()
        await client.send(post(BODY))
        assert (await client.answer()).status == 201
        assert stack.upstream.requests[0].get("X-Forwarded-For") == "127.0.0.1"
        liar = await stack.connect()
        await liar.send(V1 + post(BODY))
        assert (await liar.answer()).status == 400
        assert len(stack.upstream.requests) == 1


async def test_without_the_setting_a_header_is_refused(stack: Stack) -> None:
    client = await stack.connect()
    await client.send(V1 + post(BODY))
    await refused(stack, client, "request_invalid", 400)


async def test_a_header_that_stays_unfinished() -> None:
    async with running(limits(header_timeout=SHORT), proxy_protocol=HERE) as stack:
        client = await stack.connect()
        await client.send(V2[:20])
        await refused(stack, client, "header_timeout", 408)


async def test_a_connection_that_sends_nothing() -> None:
    async with running(limits(header_timeout=SHORT), proxy_protocol=HERE) as stack:
        client = await stack.connect()
        assert await client.ended()
        assert stack.metric("shield_connections_closed_total", reason="no_request") == 1
        assert not stack.evidence.drafts


async def test_a_connection_that_ends_within_its_header(balanced: Stack) -> None:
    check = await balanced.connect()  # like a health check over TCP
    check.writer.close()
    client = await balanced.connect()
    await client.send(V1[:20])
    client.writer.write_eof()
    await refused(balanced, client, "proxy_header_invalid", 400)


async def test_connections_whose_header_is_awaited_are_bounded() -> None:
    async with running(limits(max_connections=1), proxy_protocol=HERE) as stack:
        waiting = await stack.connect()
        await waiting.send(V1[:20])
        client = await stack.connect()
        await refused(stack, client, "saturated", 503)
        await waiting.send(V1[20:] + post(BODY))
        assert (await waiting.answer()).status == 201


async def test_as_many_connections_as_are_allowed_may_come_at_once() -> None:
    """Each counts once, even while the server takes it over."""
    most = 2 * AT_ONCE
    async with running(limits(max_connections=most), proxy_protocol=HERE) as stack:
        with contextlib.ExitStack() as stays:
            clients = [socket.create_connection(("127.0.0.1", stack.site.port)) for _ in range(most)]
            for client in clients:
                stays.enter_context(client)
                client.settimeout(0)
                client.sendall(V1 + b"GET /nowhere HTTP/1.1\r\nHost: s\r\n\r\n")
            loop = asyncio.get_running_loop()
            async with asyncio.timeout(10):
                heads = [await loop.sock_recv(client, 4096) for client in clients]
        assert {head.split()[1] for head in heads} == {b"404"}


async def test_a_stop_ends_connections_whose_header_is_awaited() -> None:
    async with running(proxy_protocol=HERE) as stack:
        client = await stack.connect()
        await client.send(V1[:20])
        served = await stack.connect()
        await served.send(V1 + post(BODY))
        await served.answer()  # so the first one was taken
        await stack.site.stop()
        assert await client.ended()


async def test_before_tls(certificates: Certificates) -> None:
    tls = ListenerTls(certificates.certificate, certificates.key)
    async with running(tls=tls, proxy_protocol=HERE) as stack:
        assert await over_tls(stack.site.port, V2, certificates) == 201
        (request,) = stack.upstream.requests
        assert request.get("X-Forwarded-For") == "192.0.2.8"
        assert request.get("X-Forwarded-Proto") == "https"


async def test_before_tls_nothing_is_said_in_the_clear(certificates: Certificates) -> None:
    tls = ListenerTls(certificates.certificate, certificates.key)
    async with running(tls=tls, proxy_protocol=HERE) as stack:
        client = await stack.connect()
        await client.send(post(BODY))
        assert await client.ended()
        await recorded(stack, "proxy_header_invalid")


async def test_on_the_admin_listener_the_client_is_locked_out_and_not_its_balancer() -> None:
    async with admin_stage(proxy_protocol=HERE) as admin:

        async def asked(header: bytes, key: str) -> int:
            reader, writer = await asyncio.open_connection("127.0.0.1", admin.site.port)
            client = Raw(reader, writer)
            fields = f"Authorization: {key}\r\nConnection: close\r\n"
            await client.send(header + f"GET /v1/status HTTP/1.1\r\nHost: s\r\n{fields}\r\n".encode())
            status = (await client.answer()).status
            writer.close()
            await writer.wait_closed()
            return status

        right = bearer("viewer")["Authorization"]
        for _ in range(AdminAccess().failures):
            assert await asked(V1, "Bearer wrong") == 401
        assert await asked(V1, right) == 429
        assert await asked(V2, right) == 200
        assert {it[2].get("address") for it in admin.notes.noted} == {"192.0.2.7"}


async def over_tls(port: int, header: bytes, certificates: Certificates) -> int:
    """The status of a write over TLS that begins after `header` in the clear."""
    context = ssl.create_default_context(cafile=certificates.ca)

    def talk() -> bytes:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
            plain.sendall(header)
            with context.wrap_socket(plain, server_hostname="localhost") as secure:
                secure.sendall(post(BODY))
                return secure.recv(4096)

    return int((await asyncio.to_thread(talk)).split(b" ")[1])


@pytest.mark.parametrize(
    "new_loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"]
)
def test_on_each_event_loop(
    new_loop: Callable[[], asyncio.AbstractEventLoop], certificates: Certificates
) -> None:
    async def main() -> None:
        tls = ListenerTls(certificates.certificate, certificates.key)
        async with running(proxy_protocol=HERE) as plain, running(tls=tls, proxy_protocol=HERE) as secure:
            for stack in (plain, secure):
                for header in (V1, V2):
                    if stack is secure:
                        assert await over_tls(stack.site.port, header, certificates) == 201
                        continue
                    client = await stack.connect()
                    await client.send(header[:20])
                    await asyncio.sleep(0)
                    await client.send(header[20:] + post(BODY))
                    assert (await client.answer()).status == 201
                assert [it.get("X-Forwarded-For") for it in stack.upstream.requests] == [
                    "192.0.2.7",
                    "192.0.2.8",
                ]

    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(main())
