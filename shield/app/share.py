"""One worker's share of a configuration: a log of its own, and its part of the bounds."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from types import MappingProxyType

from shield.config.settings import Settings
from shield.config.settings_callers import Rate


@dataclass(frozen=True, slots=True)
class Share:
    """The worker in `slot` of `count`. Called with a configuration, it returns that worker's version of it.

    A slot at or above `count` is the one that stands in while the others are replaced, one by one.
    """

    slot: int
    count: int

    def __call__(self, settings: Settings) -> Settings:
        server = settings.server
        return replace(
            settings,
            audit=replace(settings.audit, origin=f"{settings.audit.origin}/worker-{self.slot}"),
            server=replace(
                server,
                max_in_flight=self.part(server.max_in_flight),
                max_bytes_in_flight=self.part(server.max_bytes_in_flight),
                max_queued=self.part(server.max_queued),
                max_connections=self.part(server.max_connections),
                rescan_memory=self.part(server.rescan_memory),
                rescan_writes=self.part(server.rescan_writes),
            ),
            routes=tuple(
                replace(
                    route,
                    concurrency=None if route.concurrency is None else self.part(route.concurrency),
                    rate=self._rate(route.rate),
                )
                for route in settings.routes
            ),
            tenants=MappingProxyType(
                {name: replace(it, rate=self._rate(it.rate)) for name, it in settings.tenants.items()}
            ),
        )

    def _rate(self, rate: Rate | None) -> Rate | None:
        if rate is None:
            return None
        return Rate(rate.per_second / self.count, self.part(math.ceil(rate.at_once)))

    def part(self, whole: int) -> int:
        """One worker's part of a bound, rounded up."""
        return math.ceil(whole / self.count)
