"""With `config/load-balancer.yaml`, a running proxy takes the client's address from the balancer's header."""

from __future__ import annotations

import asyncio
import ssl
import sys
from pathlib import Path

import pytest
import yaml
from aiohttp import web

from shield.app.checking import check_config
from shield.demo.stack import ProxyProcess, free_ports
from tests.integration.proxy.certificates import Certificates
from tests.warm import python

EXAMPLE = Path(__file__).parents[2] / "config" / "load-balancer.yaml"
CLIENT = "203.0.113.7"
BODY = b'{"comment": "write to maria@example.com"}'


def prepared(folder: Path) -> tuple[Path, Certificates]:
    """The example, beside the certificate files that it names."""
    certificates = Certificates.made(folder)
    (folder / "tls").mkdir()
    for ours, name in ((certificates.certificate, "server.pem"), (certificates.key, "server.key")):
        (folder / "tls" / name).write_bytes(ours.read_bytes())
    (folder / "tls" / "server.key").chmod(0o600)
    path = folder / "load-balancer.yaml"
    path.write_bytes(EXAMPLE.read_bytes())
    return path, certificates


def test_it_is_valid_and_nothing_in_it_deserves_a_look(tmp_path: Path) -> None:
    path, _ = prepared(tmp_path)
    assert check_config(path, {}) == ((), ())


async def test_the_client_of_the_header_is_the_upstreams_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", python())
    path, certificates = prepared(tmp_path)
    proxy, admin, store = free_ports(3)
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    document["listeners"]["proxy"] |= {"host": "127.0.0.1", "port": proxy}
    document["listeners"]["admin"]["port"] = admin
    # The address of the test, which acts as the balancer.
    document["listeners"]["proxy"]["proxy_protocol"]["trusted"] = ["127.0.0.1"]
    document["upstreams"]["store"]["url"] = f"http://127.0.0.1:{store}"
    document["policies"]["default"]["detector"]["model"] = "none"
    document["audit"]["directory"] = str(tmp_path / "audit")
    document["server"] = {"workers": 1, "large_body_process": False}
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    seen: list[tuple[str | None, bytes]] = []

    async def store_it(request: web.Request) -> web.Response:
        seen.append((request.headers.get("X-Forwarded-For"), await request.read()))
        return web.json_response({"id": 1}, status=201)

    application = web.Application()
    application.router.add_post("/{rest:.*}", store_it)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", store).start()
    process = await ProxyProcess.start(path, f"http://127.0.0.1:{admin}")
    try:
        await process.ready()
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy)
        writer.write(f"PROXY TCP4 {CLIENT} 127.0.0.1 5000 {proxy}\r\n".encode())
        await writer.drain()
        await writer.start_tls(
            ssl.create_default_context(cafile=certificates.ca), server_hostname="localhost"
        )
        head = f"POST /api/tickets HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(BODY)}\r\n"
        writer.write(head.encode() + b"Content-Type: application/json\r\nConnection: close\r\n\r\n" + BODY)
        answer = await reader.read()
        writer.close()
    finally:
        assert await process.stop() == 0
        await runner.cleanup()
    assert answer.startswith(b"HTTP/1.1 201 ")
    assert seen == [(CLIENT, BODY.replace(b"maria@example.com", b"<EMAIL_ADDRESS>"))]
