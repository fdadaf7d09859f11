"""Listeners and an upstream work over TLS."""

from __future__ import annotations

import asyncio
import re
import ssl
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from aiohttp.web import BaseRequest
from cryptography import x509

from shield.config.settings import Listener, ListenerTls
from shield.config.settings_upstream import Upstream, UpstreamTls
from shield.errors import ConfigError, ShieldError
from shield.proxy.connection_limits import ConnectionLimits
from shield.proxy.listener import ListenerSite
from shield.proxy.replies import Answer, Reply, Sent
from tests.integration.proxy.certificates import Certificates
from tests.integration.proxy.harness import Stack, post

LIMITS = ConnectionLimits(keepalive_timeout=5, max_field_bytes=8192)


async def hello(request: BaseRequest) -> Answer:
    return Reply(200, b"hello")


def unhandled(error: ShieldError, cause: BaseException | None) -> Reply:
    return Reply(error.status, b"")


def site(listener: Listener) -> ListenerSite:
    return ListenerSite(listener, hello, unhandled, LIMITS)


async def test_tls_and_required_client_certificates(certificates: Certificates) -> None:
    tls = ListenerTls(certificates.certificate, certificates.key, certificates.ca)
    listening = site(Listener("127.0.0.1", 0, tls))
    await listening.start()
    url = f"https://localhost:{listening.port}/"
    assert listening.url.startswith("https://127.0.0.1:")
    try:
        context = ssl.create_default_context(cafile=certificates.ca)
        async with httpx.AsyncClient(verify=context) as client:
            with pytest.raises(httpx.TransportError):
                await client.get(url)
        context.load_cert_chain(certificates.certificate, certificates.key)
        async with httpx.AsyncClient(verify=context) as client:
            assert (await client.get(url)).content == b"hello"
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        async with httpx.AsyncClient(verify=context) as client:
            assert (await client.get(url)).content == b"hello"
    finally:
        await listening.stop()


async def in_two_pieces(request: BaseRequest) -> Sent:
    assert request.transport is not None
    request.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
    await request.writer.drain()
    request.transport.write(b"hello")
    return Sent(keep_alive=True)


async def test_an_answer_over_tls_may_come_in_pieces(certificates: Certificates) -> None:
    """What the client has taken holds nothing up: at a limit of 0, TLS treats an empty buffer as full."""
    tls = ListenerTls(certificates.certificate, certificates.key)
    listening = ListenerSite(Listener("127.0.0.1", 0, tls), in_two_pieces, unhandled, LIMITS)
    await listening.start()
    try:
        context = ssl.create_default_context(cafile=certificates.ca)
        async with httpx.AsyncClient(verify=context) as client:
            for _ in range(4):  # on one connection
                assert (await client.get(f"https://localhost:{listening.port}/")).content == b"hello"
    finally:
        await listening.stop()


async def test_a_renewed_certificate_is_shown_to_new_connections(certificates: Certificates) -> None:
    file, key = certificates.leaf("renewed", x509.DNSName("localhost"))
    listening = site(Listener("127.0.0.1", 0, ListenerTls(file, key)))
    await listening.start()
    context = ssl.create_default_context(cafile=certificates.ca)

    async def shown() -> bytes:
        _, writer = await asyncio.open_connection(
            "127.0.0.1", listening.port, ssl=context, server_hostname="localhost"
        )
        der = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        writer.close()
        return der

    try:
        before = await shown()
        certificates.leaf("renewed", x509.DNSName("localhost"))
        assert await shown() == before
        listening.renewal()()
        after = await shown()
        assert after != before
        file.write_text("no certificate")
        with pytest.raises(ConfigError, match="TLS files of a listener"):
            listening.renewal()
        assert await shown() == after
    finally:
        await listening.stop()


@pytest.mark.parametrize("ciphers", ["AES128-SHA", "ECDHE-ECDSA-AES128-SHA256"])
async def test_ciphers_without_forward_secrecy_or_authenticated_encryption_are_refused(
    certificates: Certificates, ciphers: str
) -> None:
    listening = site(Listener("127.0.0.1", 0, ListenerTls(certificates.certificate, certificates.key)))
    await listening.start()
    context = ssl.create_default_context(cafile=certificates.ca)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    try:
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await asyncio.open_connection(
                "127.0.0.1", listening.port, ssl=context, server_hostname="localhost"
            )
    finally:
        await listening.stop()


async def test_what_cannot_be_listened_on(certificates: Certificates, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="TLS files of a listener"):
        await site(Listener("127.0.0.1", 0, ListenerTls(certificates.key, certificates.key))).start()
    half = tmp_path / "half.pem"  # as a renewal in place leaves it for a moment
    half.write_bytes(certificates.certificate.read_bytes()[:200])
    told = f"one may not be whole ({half})"  # there may be three listeners with files of their own
    with pytest.raises(ConfigError, match=re.escape(told)):
        await site(Listener("127.0.0.1", 0, ListenerTls(half, certificates.key))).start()
    first = site(Listener("127.0.0.1", 0))
    await first.start()
    with pytest.raises(ConfigError, match="cannot listen on"):
        await site(Listener("127.0.0.1", first.port)).start()
    await first.stop()


async def test_an_upstream_over_tls(stack: Stack, certificates: Certificates) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.certificate, certificates.key)
    server = await asyncio.start_server(stack.upstream._serve, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    upstream = Upstream("store", f"https://127.0.0.1:{port}/base")
    client = await stack.connect()
    try:
        for tls, status in (
            (UpstreamTls(), 502),  # an unknown authority
            (UpstreamTls(ca_file=certificates.ca), 502),  # another name
            (UpstreamTls(ca_file=certificates.ca, server_name="localhost"), 201),
        ):
            stack.reroute(upstream=replace(upstream, tls=tls))
            await client.send(post(b"{}"))
            assert (await client.answer()).status == status
        (request,) = stack.upstream.requests
        assert request.target == "/base/api/tickets"
        await stack.pool.close()
    finally:
        server.close()
    with pytest.raises(ConfigError, match="TLS files of an upstream"):
        stack.reroute(upstream=replace(upstream, tls=UpstreamTls(ca_file=certificates.key)))
