"""Declares every Prometheus series of the shield, once.

Law: a label takes one of finitely many values that come from the configuration or from an enumeration, never
from a request; a request that matched no route counts under the route `none`.

Law: a series that an alarm uses exists from the start, with the value 0. `increase()` sees nothing in a
series that appears with its first event, and the first bypass is the one that matters.

The children that a request touches are looked up when a configuration is compiled (`route`,
`upstreams.upstream`) and kept in plain attributes and dictionaries: a `labels()` call takes a lock and builds
a tuple, and one request would make some twenty of them.

The series of exchanges are here; all others are in the `*_series` module of their subject.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Histogram

from shield.errors import (
    ProtectionError,
    RequestError,
    ShieldError,
    UpstreamUnavailableError,
    codes_of,
)
from shield.telemetry.admission_series import AdmissionSeries, RouteAdmission
from shield.telemetry.attestation_series import CanarySeries, ReadBackSeries
from shield.telemetry.audit_series import AuditSeries
from shield.telemetry.configuration_series import ConfigurationSeries
from shield.telemetry.connection_series import ConnectionSeries
from shield.telemetry.declarations import Declarations, Series
from shield.telemetry.detection_series import DetectionSeries
from shield.telemetry.exchange_series import ExchangeSeries
from shield.telemetry.finding_series import FindingSeries
from shield.telemetry.inspection_series import InspectionSeries
from shield.telemetry.shadow_series import ShadowSeries
from shield.telemetry.upstream_series import UpstreamsSeries

NO_ROUTE = "none"
OTHER = "other"
"""The media type of a body that a route takes by a pattern, without naming it."""

LAG_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)

STAGES = (
    "admission",
    "read",
    "queue",
    "decompress",
    "decode",
    "analyze",
    "anonymize",
    "encode",
    "compress",
    "digest",
    "audit",
)


class Outcome(enum.StrEnum):
    """The outcome of an exchange: the label `outcome` of `shield_requests_total`."""

    FORWARDED = "forwarded"
    REDACTED = "redacted"
    OBSERVED = "observed"
    BYPASSED = "bypassed"
    BLOCKED = "blocked"
    REJECTED = "rejected"  # the shield answered 4xx
    UNAVAILABLE = "unavailable"  # the shield answered 5xx and forwarded nothing
    UPSTREAM_FAILED = "upstream_failed"
    CLIENT_GONE = "client_gone"


class Uninspected(enum.Enum):
    """Why bytes were forwarded without inspection: the label `reason`."""

    FIELD_RULE = "field_rule"  # a `keep` rule on a field of the body
    PATH = "path"  # `path: keep`
    QUERY = "query"  # a query parameter that is kept
    HEADER = "header"  # a header field that the route keeps
    OPAQUE = "opaque"  # a document, picture, archive or the like in a text or form, which the route keeps
    BYPASS = "bypass"  # the inspection failed, and the route says `on_error: bypass`


@dataclass(frozen=True, slots=True)
class RouteSeries:
    """The metric children of one route; `bodies` by media type, with `OTHER` for those it does not name."""

    requests: Mapping[Outcome, Counter]
    duration: Histogram
    added_latency: Histogram
    bodies: Mapping[str, Counter]
    body_bytes: Counter
    forwarded_bytes: Counter
    inspected_bytes: Counter
    uninspected_bytes: Mapping[Uninspected, Counter]
    unlearned_characters: Counter
    admission: RouteAdmission


class Metrics:
    """The series, registered on `registry` at creation: create one for each registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        declarations = Declarations(registry)
        counter, gauge, histogram = declarations.counter, declarations.gauge, declarations.histogram

        self._exchanges = ExchangeSeries(declarations)
        self.in_flight = gauge("shield_requests_in_flight", "Requests that were admitted and have not ended.")
        self.admission = AdmissionSeries(declarations)
        self.in_flight_limit = gauge(
            "shield_requests_in_flight_limit", "Requests at once beyond which more wait."
        )
        self._refusals = counter(
            "shield_refusals_total", "Requests that the shield refused, by error code.", "code"
        )
        self._bypasses = counter(
            "shield_bypasses_total",
            "Requests forwarded uninspected, whole or in part, after an error, by the route's setting.",
            "route",
            "reason",
        )
        self.detection = DetectionSeries(declarations)
        self.shadows = ShadowSeries(declarations)
        spans = counter(
            "shield_trace_spans_total", "Spans handed to the collector, by whether it took them.", "result"
        )
        self._spans = {taken: spans.labels("taken" if taken else "lost") for taken in (True, False)}
        self.connections = ConnectionSeries(declarations)
        self.inspection = InspectionSeries(declarations)
        self.findings = FindingSeries(declarations)
        self.upstreams = UpstreamsSeries(declarations)
        self.audit = AuditSeries(declarations)
        self.configuration = ConfigurationSeries(declarations)
        self.canaries = CanarySeries(declarations)
        self.read_backs = ReadBackSeries(declarations)
        self.loop_lag = histogram(
            "shield_event_loop_lag_seconds", "How late the event loop runs what is due.", LAG_BUCKETS
        )
        self.declared: tuple[Series, ...] = tuple(declarations.series)

        self.stage: Mapping[str, Histogram] = {name: self._exchanges.stages.labels(name) for name in STAGES}
        self._refusal_children = {
            code: self._refusals.labels(code)
            for code in (
                ShieldError.code,
                *codes_of(RequestError, ProtectionError, UpstreamUnavailableError),
            )
        }
        self.no_route = self.route(NO_ROUTE)

    def route(
        self,
        name: str,
        *,
        media_types: Iterable[str] = (),
        operators: Iterable[tuple[str, str]] = (),
        bypass_reasons: Iterable[str] = (),
    ) -> RouteSeries:
        """The metric children of the route `name`. All names must come from the configuration.

        `operators` are the pairs of entity type and operator of its policy, `bypass_reasons` the codes of the
        errors that it lets pass.
        """
        self.findings.begin_route(name, operators)
        for reason in bypass_reasons:
            self._bypasses.labels(name, reason)
        named = sorted(media_type for media_type in media_types if "*" not in media_type)
        return RouteSeries(
            requests={outcome: self._exchanges.requests.labels(name, outcome.value) for outcome in Outcome},
            duration=self._exchanges.duration.labels(name),
            added_latency=self._exchanges.added_latency.labels(name),
            bodies={
                media_type: self._exchanges.bodies.labels(name, media_type) for media_type in (*named, OTHER)
            },
            body_bytes=self._exchanges.body_bytes.labels(name),
            forwarded_bytes=self._exchanges.forwarded_bytes.labels(name),
            inspected_bytes=self._exchanges.inspected_bytes.labels(name),
            uninspected_bytes={
                reason: self._exchanges.uninspected_bytes.labels(name, reason.value) for reason in Uninspected
            },
            unlearned_characters=self._exchanges.unlearned_characters.labels(name),
            admission=self.admission.route(name),
        )

    def refusal(self, code: str) -> None:
        """Count one refusal; `code` is one of `shield.errors`, or of the proxy's own records."""
        child = self._refusal_children.get(code)
        if child is None:
            child = self._refusal_children[code] = self._refusals.labels(code)
        child.inc()

    def bypass(self, route: str, reason: str) -> None:
        """Count one bypass; `reason` is an error code."""
        self._bypasses.labels(route, reason).inc()

    def spans_exported(self, count: int, taken: bool) -> None:
        """Count spans that were sent to the collector; called in the sender's thread alone."""
        self._spans[taken].inc(count)
