"""Series of upstreams, and of each of their addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from prometheus_client import Counter, Gauge, Histogram

from shield.telemetry.declarations import LATENCY_BUCKETS, Declarations


@dataclass(frozen=True, slots=True)
class EndpointSeries:
    """The metric children of one address of an upstream; `checks` by whether it was well."""

    available: Gauge
    ejections: Counter
    unresolved: Counter
    checks: Mapping[bool, Counter]


@dataclass(frozen=True, slots=True)
class UpstreamSeries:
    """The metric children of one upstream; `responses` by status class, `2xx` at index 2, `none` at 0."""

    responses: tuple[Counter, ...]
    duration: Histogram
    connect_retries: Counter
    endpoint: Callable[[str], EndpointSeries]


class UpstreamsSeries:
    """What upstreams answered, and how long they took."""

    def __init__(self, declarations: Declarations) -> None:
        self._responses = declarations.counter(
            "shield_upstream_responses_total", "Answers of upstreams by status class.", "upstream", "class"
        )
        self._duration = declarations.histogram(
            "shield_upstream_duration_seconds",
            "From sending a request to an upstream to the head of its answer.",
            LATENCY_BUCKETS,
            "upstream",
        )
        self._endpoint_available = declarations.gauge(
            "shield_upstream_endpoint_available",
            "0 while an address of an upstream is left alone, since requests to it or its checks failed.",
            "upstream",
            "endpoint",
        )
        self._ejections = declarations.counter(
            "shield_upstream_ejections_total",
            "How often an address of an upstream was left alone since requests to it failed.",
            "upstream",
            "endpoint",
        )
        self._unresolved = declarations.counter(
            "shield_upstream_unresolved_total",
            "Questions for the name of an upstream's address that got no address.",
            "upstream",
            "endpoint",
        )
        self._health_checks = declarations.counter(
            "shield_upstream_health_checks_total",
            "Health checks of addresses of upstreams.",
            "upstream",
            "endpoint",
            "result",
        )
        self._connect_retries = declarations.counter(
            "shield_upstream_connect_retries_total",
            "Requests that went to the next address, since no connection to one could be made.",
            "upstream",
        )

    def upstream(self, name: str) -> UpstreamSeries:
        """The metric children of the upstream `name`, which must come from the configuration."""
        classes = ("none", "1xx", "2xx", "3xx", "4xx", "5xx")
        return UpstreamSeries(
            responses=tuple(self._responses.labels(name, label) for label in classes),
            duration=self._duration.labels(name),
            connect_retries=self._connect_retries.labels(name),
            endpoint=lambda endpoint: self._endpoint(name, endpoint),
        )

    def _endpoint(self, upstream: str, endpoint: str) -> EndpointSeries:
        return EndpointSeries(
            available=self._endpoint_available.labels(upstream, endpoint),
            ejections=self._ejections.labels(upstream, endpoint),
            unresolved=self._unresolved.labels(upstream, endpoint),
            checks={
                ok: self._health_checks.labels(upstream, endpoint, "ok" if ok else "failed")
                for ok in (True, False)
            },
        )
