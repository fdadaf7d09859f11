"""What one of several workers has of a configuration: a log of its own, and its part of the bounds."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from shield.config.settings import Settings


@dataclass(frozen=True, slots=True)
class Share:
    """The worker in `slot` of `count`. Called with a configuration, it makes that worker's of it.

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
                max_connections=self.part(server.max_connections),
                rescan_memory=self.part(server.rescan_memory),
                rescan_writes=self.part(server.rescan_writes),
            ),
        )

    def part(self, whole: int) -> int:
        """The part of a bound that one worker has, rounded up."""
        return math.ceil(whole / self.count)
