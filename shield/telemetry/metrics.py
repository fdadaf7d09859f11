"""Every Prometheus series of the shield, declared once.

Law: a label takes one of finitely many values that come from the configuration or from an
enumeration, never from a request; a request that matched no route counts under the route `none`.

The children that a request touches are looked up when a configuration is compiled (`route`,
`upstream`) and held in plain attributes and dictionaries: a `labels()` call takes a lock and builds
a tuple, and the path of one request makes some twenty of them.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

NO_ROUTE = "none"

LATENCY_BUCKETS = (
    0.0005, 0.001, 0.0025, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
    10.0,
)  # fmt: skip
"""Seconds: dense between 1 and 25 ms, where the promises of docs/performance.md lie."""

STAGE_BUCKETS = (0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0)
COMMIT_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.0075, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0)
LAG_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)

STAGES = ("read", "decompress", "decode", "analyze", "anonymize", "encode", "compress", "digest", "audit")


class Outcome(enum.Enum):
    """How an exchange ended: the label `outcome` of `shield_requests_total`."""

    FORWARDED = "forwarded"
    REDACTED = "redacted"
    OBSERVED = "observed"
    BYPASSED = "bypassed"
    BLOCKED = "blocked"
    REJECTED = "rejected"  # 4xx of ours
    UNAVAILABLE = "unavailable"  # 5xx of ours: nothing was forwarded
    UPSTREAM_FAILED = "upstream_failed"
    CLIENT_GONE = "client_gone"


class Closed(enum.Enum):
    """Why the shield closed a connection without an answer: a label of `shield_connections_closed_total`."""

    NO_REQUEST = "no_request"  # opened, and not one byte came
    SLOW_ANSWER = "slow_answer"  # the client did not take its answer


@dataclass(frozen=True, slots=True)
class RouteSeries:
    """The children of one route."""

    requests: Mapping[Outcome, Counter]
    duration: Histogram
    added_latency: Histogram
    body_bytes: Counter
    forwarded_bytes: Counter
    uninspected_bytes: Counter


@dataclass(frozen=True, slots=True)
class UpstreamSeries:
    """The children of one upstream; `responses` by status class, `2xx` at index 2, `none` at 0."""

    responses: tuple[Counter, ...]
    duration: Histogram


class Metrics:
    """The series, registered on `registry` when this is made: make one for each registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry

        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(name, text, labels, registry=registry)

        def gauge(name: str, text: str, *labels: str) -> Gauge:
            return Gauge(name, text, labels, registry=registry)

        def histogram(name: str, text: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
            return Histogram(name, text, labels, registry=registry, buckets=buckets)

        self._requests = counter(
            "shield_requests_total", "Exchanges that ended, by how they ended.", "route", "outcome"
        )
        self._duration = histogram(
            "shield_request_duration_seconds",
            "From the parsed request head to the end of the reply.",
            LATENCY_BUCKETS,
            "route",
        )
        self._added = histogram(
            "shield_added_latency_seconds",
            "What the shield added: the duration without the client's upload, the upstream's time and "
            "the download.",
            LATENCY_BUCKETS,
            "route",
        )
        self._stages = histogram(
            "shield_stage_duration_seconds", "Time of one stage of an exchange.", STAGE_BUCKETS, "stage"
        )
        self._findings = counter(
            "shield_findings_total", "Findings that the policy acts on.", "entity_type", "operator"
        )
        self._body_bytes = counter(
            "shield_request_body_bytes_total", "Bytes of request bodies received, as on the wire.", "route"
        )
        self._forwarded_bytes = counter(
            "shield_forwarded_body_bytes_total", "Bytes of request bodies sent to upstreams.", "route"
        )
        self._uninspected = counter(
            "shield_uninspected_bytes_total",
            "Bytes forwarded without inspection, by a rule of the configuration or by a bypass.",
            "route",
        )
        self.in_flight = gauge("shield_requests_in_flight", "Exchanges that have begun and not ended.")
        self.connections = gauge("shield_connections", "Client connections of the proxy listener.")
        self._closed = counter(
            "shield_connections_closed_total",
            "Client connections that the shield closed without an answer, by the reason.",
            "reason",
        )
        self.connection_closed: Mapping[Closed, Counter] = {
            reason: self._closed.labels(reason.value) for reason in Closed
        }
        self._refusals = counter(
            "shield_refusals_total", "Requests that the shield refused, by error code.", "code"
        )
        self._bypasses = counter(
            "shield_bypasses_total",
            "Requests forwarded without inspection after an error, by the route's setting. Alarm on it.",
            "route",
            "reason",
        )
        self._responses = counter(
            "shield_upstream_responses_total", "Answers of upstreams by status class.", "upstream", "class"
        )
        self._upstream_duration = histogram(
            "shield_upstream_duration_seconds",
            "From sending a request to an upstream to the head of its answer.",
            LATENCY_BUCKETS,
            "upstream",
        )
        self._commit = histogram(
            "shield_audit_commit_duration_seconds",
            "From handing a record to the audit log to its being durable.",
            COMMIT_BUCKETS,
        )
        self._tree_size = gauge("shield_audit_tree_size", "Records in the audit log.")
        self.audit_healthy = gauge(
            "shield_audit_healthy",
            "0 once the audit log has failed: nothing is forwarded any more until a restart; else 1.",
        )
        self.audit_healthy.set(1)
        self.loop_lag = histogram(
            "shield_event_loop_lag_seconds", "How late the event loop runs what is due.", LAG_BUCKETS
        )
        self._build_info = gauge("shield_build_info", "1, with the version as labels.", "version", "python")
        self._config_info = gauge(
            "shield_config_info", "1 for the configuration in force, by its digest.", "digest"
        )
        self._reloads = counter("shield_config_reloads_total", "Reloads of the configuration.", "result")
        for result in ("ok", "refused"):
            self._reloads.labels(result)

        self.stage: Mapping[str, Histogram] = {name: self._stages.labels(name) for name in STAGES}
        self._finding_children: dict[tuple[str, str], Counter] = {}
        self._refusal_children: dict[str, Counter] = {}
        self.no_route = self.route(NO_ROUTE)

    def route(self, name: str) -> RouteSeries:
        """The children of the route `name`, which must come from the configuration."""
        return RouteSeries(
            requests={outcome: self._requests.labels(name, outcome.value) for outcome in Outcome},
            duration=self._duration.labels(name),
            added_latency=self._added.labels(name),
            body_bytes=self._body_bytes.labels(name),
            forwarded_bytes=self._forwarded_bytes.labels(name),
            uninspected_bytes=self._uninspected.labels(name),
        )

    def upstream(self, name: str) -> UpstreamSeries:
        """The children of the upstream `name`, which must come from the configuration."""
        classes = ("none", "1xx", "2xx", "3xx", "4xx", "5xx")
        return UpstreamSeries(
            responses=tuple(self._responses.labels(name, label) for label in classes),
            duration=self._upstream_duration.labels(name),
        )

    def finding(self, entity_type: str, operator: str) -> None:
        """Count one finding; both names come from a policy."""
        key = (entity_type, operator)
        child = self._finding_children.get(key)
        if child is None:
            child = self._finding_children[key] = self._findings.labels(entity_type, operator)
        child.inc()

    def refusal(self, code: str) -> None:
        """Count one refusal; `code` is one of `shield.errors`, or of the proxy's own records."""
        child = self._refusal_children.get(code)
        if child is None:
            child = self._refusal_children[code] = self._refusals.labels(code)
        child.inc()

    def bypass(self, route: str, reason: str) -> None:
        """Count one bypass; `reason` is an error code."""
        self._bypasses.labels(route, reason).inc()

    def committed(self, seconds: float, size: int) -> None:
        """What `AuditLog.open` takes as `on_commit`: one group commit took `seconds`."""
        self._commit.observe(seconds)
        self._tree_size.set(size)

    def build(self, version: str, python: str) -> None:
        """Name the running build."""
        self._build_info.labels(version, python).set(1)

    def config(self, digest: str) -> None:
        """Name the configuration in force; the one before goes away."""
        self._config_info.clear()
        self._config_info.labels(digest).set(1)

    def reload(self, ok: bool) -> None:
        """Count one reload of the configuration."""
        self._reloads.labels("ok" if ok else "refused").inc()
