"""The lane of canaries: they pass the real server and exchange, and end in a sink instead of storage.

A request is on the lane by the *connection* that it comes on: one end of a socket pair that this process made
and marked. A client cannot give its connection that mark and so cannot choose the lane. A request on the lane
cannot reach storage, because the sink replaces its route's upstream before anything else is looked at (see
`sink`).

The lane does not cover accepting a connection and TLS.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from shield.config.settings_route import OnDeadline
from shield.domain import Placed
from shield.proxy.upstream import UpstreamClient
from shield.telemetry.metrics import Metrics

if TYPE_CHECKING:
    from shield.proxy.runtime import RoutePlan  # it knows the heart; the supervisor's listeners do not

WHOLE_WAY_SECONDS = 25.0
"""The deadline of a canary on a route with `patterns_only`; its run waits a little longer."""


class Ended(Protocol):
    """What a run asks of an exchange that has ended: see `Passage`."""

    @property
    def recorded(self) -> Sequence[int]:
        """The indices of the records that stand for it."""

    @property
    def intent(self) -> int | None:
        """The index of its intent; None where nothing was forwarded."""

    @property
    def findings(self) -> Sequence[Placed]:
        """What was found in it."""

    @property
    def status(self) -> int:
        """The status of its answer."""

    @property
    def reason(self) -> str:
        """Why it was not forwarded as usual; empty otherwise."""


class Lane:
    """The lane of one run. `exchange` is the one that ended last, `received` the body that the sink got.

    The requests count as sent by `tenant`.
    """

    def __init__(self, sink: UpstreamClient, metrics: Metrics, tenant: str) -> None:
        self._sink = sink
        self._metrics = metrics
        self.tenant = tenant
        self.exchange: Ended | None = None
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

    def ended(self, exchange: Ended) -> None:
        """Called by the exchange as its last step."""
        self.exchange = exchange
        self._ended.set()

    def begin(self) -> None:
        """Clear the results before the next request."""
        self.exchange = self.received = None
        self._ended.clear()

    async def end(self) -> None:
        """Wait until the exchange is over."""
        await self._ended.wait()
