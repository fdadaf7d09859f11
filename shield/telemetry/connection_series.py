"""Series of client connections."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from prometheus_client import Counter

from shield.telemetry.declarations import Declarations


class Closed(enum.Enum):
    """Why the shield closed a connection without an answer: a label of `shield_connections_closed_total`."""

    NO_REQUEST = "no_request"  # opened without sending a byte
    GAVE_WAY = "gave_way"  # all places were taken, and it had sent nothing, or was idle, for a while
    SLOW_ANSWER = "slow_answer"  # the client did not take its answer


class ConnectionSeries:
    """Connections of the proxy listener: `open` now, `closed` without an answer."""

    def __init__(self, declarations: Declarations) -> None:
        self.open = declarations.gauge("shield_connections", "Client connections of the proxy listener.")
        closed = declarations.counter(
            "shield_connections_closed_total",
            "Client connections that the shield closed without an answer, by the reason.",
            "reason",
        )
        self.closed: Mapping[Closed, Counter] = {reason: closed.labels(reason.value) for reason in Closed}
