from __future__ import annotations

import asyncio

import pytest

from tests.leak.stage import stage

CANARIES = "canaries: {interval: 1h}\n"
READ_BACK = "read_back: {delay: 0, share: 1}"


async def hold(writer: asyncio.StreamWriter) -> None:
    """Answer as a storage that holds the write, both to the write and to its read."""
    writer.write(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{"id":1}')
    await writer.drain()


@pytest.fixture(scope="package")
def scrape(tmp_path_factory: pytest.TempPathFactory) -> str:
    """`/metrics` of a service that redacted one write and did nothing else."""

    async def scraped() -> str:
        folder = tmp_path_factory.mktemp("scrape")
        vault = f"vault: {{type: directory, path: {folder / 'vault'}}}"
        async with stage(
            folder,
            on_error="bypass",
            on_deadline="patterns_only",
            anchors=vault,
            object_route=READ_BACK,
            more=CANARIES,
        ) as running:
            await running.post(b'{"a": "write to maria@example.com"}')
            running.upstream.answer = hold
            await running.send(
                b"PUT /o/1 HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n"
                b'{"id":1}'
            )
            read_backs = running.service.read_backs
            assert read_backs is not None
            async with asyncio.timeout(20):
                while b"shield_read_back_last_timestamp_seconds{" not in await running.metrics():
                    await asyncio.sleep(0.01)
            return (await running.metrics()).partition(b"\r\n\r\n")[2].decode()

    return asyncio.run(scraped())
