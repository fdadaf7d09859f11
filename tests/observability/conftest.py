from __future__ import annotations

import asyncio

import pytest

from tests.leak.stage import stage

CANARIES = "canaries: {interval: 1h}\n"


@pytest.fixture(scope="package")
def scrape(tmp_path_factory: pytest.TempPathFactory) -> str:
    """`/metrics` of a service that redacted one write, and let nothing else happen."""

    async def scraped() -> str:
        folder = tmp_path_factory.mktemp("scrape")
        vault = f"vault: {{type: directory, path: {folder / 'vault'}}}"
        async with stage(folder, on_error="bypass", anchors=vault, more=CANARIES) as running:
            await running.post(b'{"a": "write to maria@example.com"}')
            return (await running.metrics()).partition(b"\r\n\r\n")[2].decode()

    return asyncio.run(scraped())
