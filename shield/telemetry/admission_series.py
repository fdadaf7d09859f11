"""Series of admission: how many requests wait, for how long, and how many were refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from prometheus_client import Counter, Gauge, Histogram

from shield.domain import Shortage
from shield.telemetry.declarations import WAIT_BUCKETS, Declarations


@dataclass(frozen=True, slots=True)
class RouteAdmission:
    """The metric children of one route."""

    wait: Histogram
    refusals: Mapping[Shortage, Counter]


class AdmissionSeries:
    """The series of admission."""

    def __init__(self, declarations: Declarations) -> None:
        self._queue: Gauge = declarations.gauge(
            "shield_admission_queue_length", "Requests that wait for admission or for their inspection."
        )
        self._wait = declarations.histogram(
            "shield_admission_wait_seconds",
            "How long a request that was let in waited, for admission and for its inspection.",
            WAIT_BUCKETS,
            "route",
        )
        self._refusals = declarations.counter(
            "shield_admission_refusals_total",
            "Requests that were refused before they were inspected, by what there was too little of.",
            "route",
            "reason",
        )
        self._bytes: Gauge = declarations.gauge(
            "shield_body_bytes_in_flight", "Bytes of request bodies that hold room."
        )
        self.bytes_limit: Gauge = declarations.gauge(
            "shield_body_bytes_in_flight_limit", "Bytes of request bodies beyond which requests wait."
        )

    def watch(self, waiting: Callable[[], int], room_taken: Callable[[], int]) -> None:
        """Set the functions that each scrape calls."""
        self._queue.set_function(lambda: float(waiting()))
        self._bytes.set_function(lambda: float(room_taken()))

    def route(self, name: str) -> RouteAdmission:
        """The metric children of the route `name`, which must come from the configuration."""
        return RouteAdmission(
            self._wait.labels(name),
            {reason: self._refusals.labels(name, reason.value) for reason in Shortage},
        )
