"""The sink at the end of a canaries' lane.

It is an HTTP server on the loopback device that exists while a run lasts; the upstream client that writes to
it is the real one. Its paths begin with 128 random bits; requests without them are answered with 404 and
dropped. It keeps only the last body, in memory.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp.web import BaseRequest
from prometheus_client import CollectorRegistry

from shield.config.settings import Listener
from shield.config.settings_upstream import Upstream
from shield.errors import ShieldError
from shield.proxy.connection_limits import ConnectionLimits
from shield.proxy.lane import Lane
from shield.proxy.listener import ListenerSite
from shield.proxy.problems import CONTENT_TYPE, problem
from shield.proxy.replies import Reply
from shield.proxy.upstream import UpstreamPool
from shield.telemetry.metrics import Metrics

SINK = "(canary)"
"""The sink's name among upstreams; no configured one can have it."""

_TOKEN_BYTES = 16
_LIMITS = ConnectionLimits(keepalive_timeout=15.0, max_field_bytes=64 * 1024, max_connections=8)


@asynccontextmanager
async def open_lane(random: Callable[[int], bytes], tenant: str) -> AsyncIterator[Lane]:
    """A lane with its sink, for one run. Raises ConfigError where the loopback device cannot be used."""
    token = f"/{random(_TOKEN_BYTES).hex()}/"
    lane: Lane | None = None

    async def take(request: BaseRequest) -> Reply:
        body = await request.read()
        if lane is None or not request.raw_path.startswith(token):
            return Reply(404, b"")
        lane.received = body
        return Reply(201, b"")

    def refuse(error: ShieldError, _: BaseException | None) -> Reply:
        return Reply(error.status, problem(error, ""), [("Content-Type", CONTENT_TYPE)], keep_alive=False)

    site = ListenerSite(Listener("127.0.0.1", 0), take, refuse, _LIMITS)
    await site.start()
    apart = Metrics(CollectorRegistry())  # nobody scrapes it
    pool = UpstreamPool(apart)
    try:
        upstream = Upstream(SINK, f"http://127.0.0.1:{site.port}{token[:-1]}")
        lane = Lane(pool.client(upstream), apart, tenant)
        yield lane
    finally:
        await pool.close()
        await site.stop()
