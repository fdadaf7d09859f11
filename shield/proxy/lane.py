"""The lane of canaries: they pass the real server and exchange, and end in a sink instead of storage.

A request is on the lane by the *connection* that it comes on: one end of a socket pair that this process made
and marked. A client cannot give its connection that mark and so cannot choose the lane. A request on the lane
cannot reach storage, because the sink replaces its route's upstream before anything else is looked at. The
sink is an HTTP server on the loopback device that exists while a run lasts; the upstream client that writes
to it is the real one. Its paths begin with 128 random bits; requests without them are answered with 404 and
dropped. It keeps only the last body, in memory.

The lane does not cover accepting a connection and TLS.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from aiohttp.web import BaseRequest
from prometheus_client import CollectorRegistry

from shield.config.settings import Listener
from shield.config.settings_route import OnDeadline
from shield.config.settings_upstream import Upstream
from shield.errors import ShieldError
from shield.proxy.connection_limits import ConnectionLimits
from shield.proxy.http_server import ShieldProtocol
from shield.proxy.listener import ListenerSite
from shield.proxy.problems import CONTENT_TYPE, problem
from shield.proxy.replies import Reply
from shield.proxy.runtime import RoutePlan
from shield.proxy.upstream import UpstreamClient, UpstreamPool
from shield.telemetry.metrics import Metrics

if TYPE_CHECKING:
    from shield.proxy.passage import Passage

SINK = "(canary)"
"""The sink's name among upstreams; no configured one can have it."""

WHOLE_WAY_SECONDS = 25.0
"""The deadline of a canary on a route with `patterns_only`; its run waits a little longer."""

_TOKEN_BYTES = 16
_SINK_LIMITS = ConnectionLimits(keepalive_timeout=15.0, max_field_bytes=64 * 1024, max_connections=8)


class Lane:
    """The lane of one run. `passage` is the exchange that ended last, `received` the body that the sink got.

    The requests count as sent by `tenant`.
    """

    def __init__(self, sink: UpstreamClient, metrics: Metrics, tenant: str) -> None:
        self._sink = sink
        self._metrics = metrics
        self.tenant = tenant
        self.passage: Passage | None = None
        self.received: bytes | None = None
        self._ended = asyncio.Event()

    def plan_of(self, plan: RoutePlan) -> RoutePlan:
        """The plan with the sink as its upstream, counted apart from the traffic."""
        # A canary must pass all detectors; where there is no time for that, its run reports it. On a route
        # with `patterns_only` the re-scan does this without the route's deadline, so a longer one is set
        # here.
        route = plan.route
        if route.on_deadline is OnDeadline.PATTERNS_ONLY:
            deadline = max(route.deadline, WHOLE_WAY_SECONDS)
            route = replace(route, on_deadline=OnDeadline.BLOCK, deadline=deadline)
        series = self._metrics.route(route.name, media_types=route.media_types)
        return replace(plan, route=route, upstream=self._sink, series=series, shadow=None, read_back=None)

    def ended(self, passage: Passage) -> None:
        """Called by the exchange as its last step."""
        self.passage = passage
        self._ended.set()

    def begin(self) -> None:
        """Clear the results before the next request."""
        self.passage = self.received = None
        self._ended.clear()

    async def end(self) -> None:
        """Wait until the exchange is over."""
        await self._ended.wait()


def lane_of(request: BaseRequest) -> Lane | None:
    """The lane that a request is on; None for client requests."""
    protocol = request.protocol
    return protocol.lane if isinstance(protocol, ShieldProtocol) else None


@asynccontextmanager
async def open_lane(random: Callable[[int], bytes], tenant: str = "") -> AsyncIterator[Lane]:
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

    site = ListenerSite(Listener("127.0.0.1", 0), take, refuse, _SINK_LIMITS)
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
