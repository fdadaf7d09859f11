"""Sends one sample through the proxy into the store, and keeps what the proxy reported of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from shield.demo.exposition import Reading, found_between, read_metrics
from shield.demo.samples import Sample

_METRICS_SECONDS = 10.0
_CREATED = 201


@dataclass(frozen=True, slots=True)
class Journey:
    """The result of one sample. `stored` is what the store returns; empty where nothing was stored.

    `found` counts findings by entity type; `added_seconds` is the latency that the proxy added.
    """

    sample: Sample
    status: int
    receipt: str
    stored: bytes
    found: Mapping[str, int]
    added_seconds: float

    @property
    def accepted(self) -> bool:
        return self.status == _CREATED


@dataclass(frozen=True, slots=True)
class Traveller:
    """Sends samples one after another: through the proxy, then reads them back from the store."""

    session: aiohttp.ClientSession
    proxy_url: str
    admin_url: str
    store_url: str

    async def send(self, sample: Sample) -> Journey:
        before = await self._metrics()
        async with self.session.post(
            f"{self.proxy_url}/api/{sample.collection}",
            data=sample.body,
            headers={"Content-Type": sample.content_type},
        ) as response:
            await response.read()
            status, receipt = response.status, response.headers.get("X-Shield-Receipt", "")
            location = response.headers.get("Location", "")
        after = await self._metrics_of_next(before)
        return Journey(
            sample=sample,
            status=status,
            receipt=receipt,
            stored=await self._stored(location) if status == _CREATED else b"",
            found=found_between(before, after),
            added_seconds=after.added_seconds - before.added_seconds,
        )

    async def read_back(self) -> None:
        """Wait until no write waits to be read back from the store."""
        async with asyncio.timeout(_METRICS_SECONDS):
            reading = await self._metrics()
            while reading.waiting:
                await asyncio.sleep(0.01)
                reading = await self._metrics()

    async def _stored(self, location: str) -> bytes:
        async with self.session.get(self.store_url + location) as response:
            return await response.read()

    async def _metrics(self) -> Reading:
        async with self.session.get(f"{self.admin_url}/metrics") as response:
            return read_metrics(await response.text())

    async def _metrics_of_next(self, before: Reading) -> Reading:
        """The first reading that counts one more request: the proxy counts after its reply was sent."""
        async with asyncio.timeout(_METRICS_SECONDS):
            reading = await self._metrics()
            while reading.requests <= before.requests:
                await asyncio.sleep(0.01)
                reading = await self._metrics()
        return reading
