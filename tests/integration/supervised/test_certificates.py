"""A certificate is renewed file by file, and a worker that dies meanwhile is replaced all the same."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import ssl
from pathlib import Path

from cryptography.x509 import DNSName

from tests.integration.proxy.certificates import Certificates
from tests.integration.supervised.fleet import Fleet, fleet

BODY = b'{"text": "none"}'


async def write(running: Fleet, trust: ssl.SSLContext | None) -> tuple[bytes | None, bytes]:
    """The certificate that the listener shows, and the first line of its answer to a write."""
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", running.port, ssl=trust, server_hostname=trust and "localhost"
    )
    shown = trust and writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    head = b"POST /t HTTP/1.1\r\nHost: s\r\nContent-Type: application/json\r\nConnection: close\r\n"
    writer.write(head + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY)
    answer = await reader.read()
    writer.close()
    return shown, answer.partition(b"\r\n")[0]


def der(certificate: Path) -> bytes:
    return ssl.PEM_cert_to_DER_cert(certificate.read_text("ascii"))


async def test_a_worker_that_dies_while_a_certificate_is_renewed_is_replaced(tmp_path: Path) -> None:
    made = Certificates.made(tmp_path)
    old, key = made.leaf("served", DNSName("localhost"))
    new, new_key = made.leaf("next", DNSName("localhost"))
    before, after = der(old), der(new)
    trust = ssl.create_default_context(cafile=str(made.ca))
    files = json.dumps({"certificate": str(old), "private_key": str(key)})
    async with fleet(tmp_path, workers=1, listener_tls=files) as running:
        assert await write(running, trust) == (before, b"HTTP/1.1 201 Created")
        old.write_bytes(new.read_bytes())  # and its key is still to come
        since = len(running.lines)
        os.kill(running.pid(0), signal.SIGKILL)
        told = await running.line("certificate_unusable", since)
        assert "the private key does not belong to the certificate" in told["reason"]
        assert await write(running, trust) == (before, b"HTTP/1.1 201 Created")

        since = running.signal(signal.SIGHUP)  # too early
        await running.line("reload_refused", since, worker="supervisor")
        key.write_bytes(new_key.read_bytes())
        since = running.signal(signal.SIGHUP)
        await running.line("reloaded", since, worker="supervisor")
        assert await write(running, trust) == (after, b"HTTP/1.1 201 Created")

        # What a reload took over is what the next one goes by.
        key.write_bytes(b"")
        since = len(running.lines)
        os.kill(running.pid(0), signal.SIGKILL)
        await running.line("certificate_unusable", since)
        assert await write(running, trust) == (after, b"HTTP/1.1 201 Created")
        await running.stop()


async def test_so_it_is_while_the_certificate_is_renewed_that_an_upstream_is_shown(tmp_path: Path) -> None:
    made = Certificates.made(tmp_path)
    old, key = made.leaf("shown", DNSName("shield"))
    new, new_key = made.leaf("next", DNSName("shield"))
    before, after = der(old), der(new)
    asks = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(made.ca))
    asks.load_cert_chain(made.certificate, made.key)
    asks.verify_mode = ssl.CERT_REQUIRED
    asks.num_tickets = 0  # each connection shows its certificate
    files = {
        "ca_file": str(made.ca), "certificate": str(old), "private_key": str(key), "server_name": "localhost",
    }  # fmt: skip
    async with fleet(tmp_path, workers=1, upstream_tls=json.dumps(files), context=asks) as running:

        async def presented() -> bytes | None:
            assert (await write(running, None))[1] == b"HTTP/1.1 201 Created"
            return running.upstream.presented[-1]

        assert await presented() == before
        old.write_bytes(new.read_bytes())
        key.unlink()
        since = len(running.lines)
        os.kill(running.pid(0), signal.SIGKILL)
        told = await running.line("certificate_unusable", since)
        assert "an upstream cannot be used: No such file" in told["reason"]
        assert await presented() == before

        since = running.signal(signal.SIGHUP)  # too early
        await running.line("reload_refused", since, worker="supervisor")
        key.write_bytes(new_key.read_bytes())
        connections = len(running.upstream.presented)
        since = running.signal(signal.SIGHUP)
        await running.line("reloaded", since, worker="supervisor")
        assert await presented() == after
        assert len(running.upstream.presented) > connections
        await running.stop()
