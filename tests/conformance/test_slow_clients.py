"""The running proxy withstands slowhttptest's three attacks and keeps serving other clients.

The proxy is a separate process, as deployed, with short limits so that each attack is over in seconds. In
each attack, every write of an ordinary client is answered with 201, the attackers are cut off and counted,
and no connection of theirs stays open.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.integration.proxy.raw_upstream import CREATED, RawUpstream, Received, answering
from tests.warm import python

SLOWHTTPTEST = shutil.which("slowhttptest")
pytestmark = pytest.mark.skipif(SLOWHTTPTEST is None, reason="slowhttptest is not installed")

ATTACKERS = 150
SECONDS = 6
LARGE = 8 * 1024 * 1024
"""Bytes of an answer: more than the system buffers for a client that does not read."""

CONFIGURATION = """\
version: 1
listeners:
  proxy: {{host: 127.0.0.1, port: 0}}
  admin: {{host: 127.0.0.1, port: 0}}
upstreams:
  store: {{url: "http://127.0.0.1:{port}", pool_size: 300}}
policies:
  default:
    detector: {{model: none}}
    entities: {{CREDIT_CARD: replace}}
routes:
  - name: all
    match: {{path: "/{{rest...}}"}}
    upstream: store
    policy: default
    body_timeout: 30s
server: {{workers: 0, header_timeout: 1s, min_body_rate: 1KiB, rate_grace: 1s, keepalive_timeout: 2s}}
audit: {{directory: {audit}, origin: slow.shield.example/0}}
"""


@dataclass
class Proxy:
    url: str
    admin: str

    async def metric(self, client: httpx.AsyncClient, series: str) -> float:
        text = (await client.get(f"{self.admin}/metrics")).text
        found = re.search(rf"^{re.escape(series)} (\S+)$", text, re.MULTILINE)
        return float(found[1]) if found else 0.0


async def answer(request: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    if request.method != "GET":
        await CREATED(request, reader, writer)
        return
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % LARGE
    await answering(head, *[b"." * 65536] * (LARGE // 65536))(request, reader, writer)


@pytest.fixture
async def proxy(tmp_path: Path) -> AsyncIterator[Proxy]:
    upstream = RawUpstream()
    upstream.script = answer
    await upstream.start()
    configuration = tmp_path / "shield.yaml"
    configuration.write_text(CONFIGURATION.format(port=upstream.port, audit=tmp_path / "audit"))
    process = await asyncio.create_subprocess_exec(
        python(), "-m", "shield", "serve", "-c", str(configuration), stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr is not None
    try:
        async with asyncio.timeout(120):
            while True:
                line = json.loads(await process.stderr.readline())
                if line["event"] == "started":
                    break
        rest = asyncio.create_task(process.stderr.read())
        yield Proxy(line["proxy"], line["admin"])
        process.terminate()
        async with asyncio.timeout(60):
            assert await process.wait() == 0
            lines = (await rest).splitlines()
            assert not [line for line in lines if b'"level":"error"' in line]
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await upstream.stop()


HEADERS = ("-H", "-t", "POST", "-x", "10")
BODY = ("-B", "-t", "POST", "-f", "application/json", "-s", "8192", "-x", "2")
READ = ("-X", "-t", "GET", "-w", "10", "-y", "20", "-n", "5", "-z", "32")


@pytest.mark.parametrize(
    ("attack", "series"),
    [
        pytest.param(HEADERS, 'shield_refusals_total{code="header_timeout"}', id="slow headers"),
        pytest.param(BODY, 'shield_refusals_total{code="body_too_slow"}', id="slow body"),
        pytest.param(READ, 'shield_connections_closed_total{reason="slow_answer"}', id="slow read"),
    ],
)
async def test_others_are_served_during(attack: tuple[str, ...], series: str, proxy: Proxy) -> None:
    number = str(ATTACKERS)
    async with httpx.AsyncClient(timeout=30) as client:
        attacking = await asyncio.create_subprocess_exec(
            str(SLOWHTTPTEST),
            *attack,
            *("-c", number, "-r", number, "-i", "1", "-l", str(SECONDS), "-u", f"{proxy.url}/large"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        ended = asyncio.create_task(attacking.wait())
        statuses: list[int] = []
        while not ended.done():
            reply = await client.post(f"{proxy.url}/tickets", json={"body": "card 4111 1111 1111 1111"})
            statuses.append(reply.status_code)
            await asyncio.wait([ended], timeout=0.02)
        assert len(statuses) >= 3
        assert set(statuses) == {201}
        assert await proxy.metric(client, series) >= ATTACKERS / 2
        async with asyncio.timeout(30):
            while await proxy.metric(client, "shield_connections") > 1:  # ours
                await asyncio.sleep(0.05)
        assert await proxy.metric(client, "shield_requests_in_flight") == 0
