"""Every Prometheus series of the shield, declared once.

Law: a label takes one of finitely many values that come from the configuration or from an
enumeration, never from a request; a request that matched no route counts under the route `none`.

Law: what an alarm looks at exists from the start, with the value 0. `increase()` sees nothing in a
series that appears with its first event, and the first bypass is the one that matters.

The children that a request touches are looked up when a configuration is compiled (`route`,
`upstream`) and held in plain attributes and dictionaries: a `labels()` call takes a lock and builds
a tuple, and the path of one request makes some twenty of them.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from shield.errors import (
    ProtectionError,
    RequestError,
    ShieldError,
    UpstreamUnavailableError,
    codes_of,
)
from shield.telemetry.admission_series import AdmissionSeries, RouteAdmission
from shield.telemetry.attestation_series import CanarySeries, ReadBackSeries
from shield.telemetry.detection_series import DetectionSeries
from shield.telemetry.single_writer import SingleWriterCounter, SingleWriterHistogram

NO_ROUTE = "none"
OTHER = "other"
"""The media type of a body that a route takes by a pattern, without naming it."""

LATENCY_BUCKETS = (
    0.0005, 0.001, 0.0025, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
    10.0,
)  # fmt: skip
"""Seconds: dense between 1 and 25 ms, where the promises of docs/performance.md lie."""

STAGE_BUCKETS = (0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0)
COMMIT_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.0075, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0)
LAG_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)
WAIT_BUCKETS = (0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

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


class Trial(enum.Enum):
    """How a shadow inspection ended: the label `result` of `shield_shadow_inspections_total`."""

    SAME = "same"
    DIFFERENT = "different"
    FAILED = "failed"
    SKIPPED = "skipped"  # there was no room for it


class Closed(enum.Enum):
    """Why the shield closed a connection without an answer: a label of `shield_connections_closed_total`."""

    NO_REQUEST = "no_request"  # opened, and not one byte came
    SLOW_ANSWER = "slow_answer"  # the client did not take its answer


class Uninspected(enum.Enum):
    """Why bytes were forwarded without inspection: the label `reason`."""

    FIELD_RULE = "field_rule"  # a `keep` rule on a field of the body
    PATH = "path"  # `path: keep`
    QUERY = "query"  # a query parameter that is kept
    BYPASS = "bypass"  # the inspection failed, and the route says `on_error: bypass`


@dataclass(frozen=True, slots=True)
class Series:
    """One declared series: its name as in a query without a histogram's suffix, its type, its labels."""

    name: str
    kind: str
    labels: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class RouteSeries:
    """The children of one route; `bodies` by media type, with `OTHER` for those it does not name."""

    requests: Mapping[Outcome, Counter]
    duration: Histogram
    added_latency: Histogram
    bodies: Mapping[str, Counter]
    body_bytes: Counter
    forwarded_bytes: Counter
    inspected_bytes: Counter
    uninspected_bytes: Mapping[Uninspected, Counter]
    admission: RouteAdmission


@dataclass(frozen=True, slots=True)
class EndpointSeries:
    """The children of one address of an upstream; `checks` by whether it was well."""

    available: Gauge
    ejections: Counter
    checks: Mapping[bool, Counter]


@dataclass(frozen=True, slots=True)
class UpstreamSeries:
    """The children of one upstream; `responses` by status class, `2xx` at index 2, `none` at 0."""

    responses: tuple[Counter, ...]
    duration: Histogram
    connect_retries: Counter
    endpoint: Callable[[str], EndpointSeries]


class Declarations:
    """Registers series, and remembers what was declared: documents are held against it."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self.series: list[Series] = []

    def counter(self, name: str, text: str, *labels: str) -> Counter:
        self.series.append(Series(name, "counter", labels, text))
        return SingleWriterCounter(name, text, labels, registry=self._registry)

    def gauge(self, name: str, text: str, *labels: str) -> Gauge:
        self.series.append(Series(name, "gauge", labels, text))
        return Gauge(name, text, labels, registry=self._registry)

    def histogram(self, name: str, text: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        self.series.append(Series(name, "histogram", labels, text))
        return SingleWriterHistogram(name, text, labels, registry=self._registry, buckets=buckets)


class ShadowSeries:
    """What policies that are tried would have done otherwise."""

    def __init__(self, declarations: Declarations) -> None:
        self._inspections = declarations.counter(
            "shield_shadow_inspections_total",
            "Requests inspected again under a policy that is tried, by how the two results compare.",
            "route",
            "policy",
            "result",
        )
        self._differences = declarations.counter(
            "shield_shadow_differences_total",
            "Findings that the policy in force and the one that is tried treat differently.",
            "route",
            "policy",
            "live",
            "shadow",
        )

    def begin(self, route: str, policy: str) -> None:
        """Let the series of a shadow policy begin at 0."""
        for result in Trial:
            self._inspections.labels(route, policy, result.value)

    def inspected(self, route: str, policy: str, result: Trial) -> None:
        """Count one shadow inspection; the names come from the configuration."""
        self._inspections.labels(route, policy, result.value).inc()

    def differed(self, route: str, policy: str, live: str | None, shadow: str | None, count: int) -> None:
        """Count differences of one sort; each side is `TYPE:operator`, or None for leaving text alone."""
        self._differences.labels(route, policy, live or "none", shadow or "none").inc(count)


class Metrics:
    """The series, registered on `registry` when this is made: make one for each registry."""

    def __init__(self, registry: CollectorRegistry) -> None:  # noqa: PLR0915  one statement a series
        self.registry = registry
        declarations = Declarations(registry)
        counter, gauge, histogram = declarations.counter, declarations.gauge, declarations.histogram

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
            "shield_findings_total",
            "Findings that the policy acts on.",
            "route",
            "entity_type",
            "operator",
        )
        self._recognizer_findings = counter(
            "shield_recognizer_findings_total",
            "Findings that the policy acts on, by the recognizer that decided their type.",
            "recognizer",
        )
        self._recognizer_errors = counter(
            "shield_recognizer_errors_total",
            "Inspections that a recognizer's failure left incomplete: refused, or a bypass.",
            "recognizer",
        )
        self._lookups = counter(
            "shield_findings_cache_lookups_total",
            "Texts looked up among those whose findings are remembered.",
            "result",
        )
        self._hits, self._misses = self._lookups.labels("hit"), self._lookups.labels("miss")
        self._bodies = counter(
            "shield_request_bodies_total",
            "Bodies received, by the media types that the configuration names; `other` came by a pattern.",
            "route",
            "media_type",
        )
        self._body_bytes = counter(
            "shield_request_body_bytes_total", "Bytes of request bodies received, as on the wire.", "route"
        )
        self._forwarded_bytes = counter(
            "shield_forwarded_body_bytes_total", "Bytes of request bodies sent to upstreams.", "route"
        )
        self._inspected = counter(
            "shield_inspected_bytes_total", "Bytes of text that were forwarded after inspection.", "route"
        )
        self._uninspected = counter(
            "shield_uninspected_bytes_total",
            "Bytes forwarded without inspection, by a rule of the configuration or by a bypass.",
            "route",
            "reason",
        )
        self.in_flight = gauge("shield_requests_in_flight", "Requests that were admitted and have not ended.")
        self.admission = AdmissionSeries(declarations)
        self.connections = gauge("shield_connections", "Client connections of the proxy listener.")
        self._closed = counter(
            "shield_connections_closed_total",
            "Client connections that the shield closed without an answer, by the reason.",
            "reason",
        )
        self.connection_closed: Mapping[Closed, Counter] = {
            reason: self._closed.labels(reason.value) for reason in Closed
        }
        self.in_flight_limit = gauge(
            "shield_requests_in_flight_limit", "Requests at once beyond which more wait."
        )
        self.inspection_workers = gauge(
            "shield_inspection_workers",
            "Inspections that run at once of what is too long for the event loop.",
        )
        self.inspection_process_starts = counter(
            "shield_inspection_process_starts_total",
            "Starts of the process that inspects large bodies: more than one says that it died.",
        )
        self.inspection_queue = gauge(
            "shield_inspection_queue_length", "Inspections that wait for a worker thread."
        )
        self.inspection_wait = histogram(
            "shield_inspection_queue_wait_seconds",
            "From handing an inspection to the workers to its beginning.",
            WAIT_BUCKETS,
        )
        self.inspection_busy = counter(
            "shield_inspection_busy_seconds_total", "Time in which an inspection ran outside the event loop."
        )
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
        self._endpoint_available = gauge(
            "shield_upstream_endpoint_available",
            "0 while an address of an upstream is left alone, since requests to it or its checks failed.",
            "upstream",
            "endpoint",
        )
        self._ejections = counter(
            "shield_upstream_ejections_total",
            "How often an address of an upstream was left alone since requests to it failed.",
            "upstream",
            "endpoint",
        )
        self._health_checks = counter(
            "shield_upstream_health_checks_total",
            "Health checks of addresses of upstreams.",
            "upstream",
            "endpoint",
            "result",
        )
        self._connect_retries = counter(
            "shield_upstream_connect_retries_total",
            "Requests that went to the next address, since no connection to one could be made.",
            "upstream",
        )
        self.detection = DetectionSeries(declarations)
        self.shadows = ShadowSeries(declarations)
        spans = counter(
            "shield_trace_spans_total", "Spans handed to the collector, by whether it took them.", "result"
        )
        self._spans = {taken: spans.labels("taken" if taken else "lost") for taken in (True, False)}
        self.canaries = CanarySeries(declarations)
        self.read_backs = ReadBackSeries(declarations)
        self._commit = histogram(
            "shield_audit_commit_duration_seconds",
            "Writing and syncing one group of records.",
            COMMIT_BUCKETS,
        )
        self._tree_size = gauge("shield_audit_tree_size", "Records in the audit log that are durable.")
        self._signed_size = gauge(
            "shield_audit_signed_size", "Records that the newest signed checkpoint covers."
        )
        self._checkpoint_time = gauge(
            "shield_audit_last_checkpoint_timestamp_seconds",
            "When the newest checkpoint was signed, in seconds since 1970.",
        )
        self.checkpoint_interval = gauge(
            "shield_audit_checkpoint_interval_seconds",
            "How often a log that grows is signed, as configured.",
        )
        self._anchor_time = gauge(
            "shield_audit_anchor_last_success_timestamp_seconds",
            "When an anchor took the heads of all logs last, in seconds since 1970: what is younger is the "
            "tamper window.",
            "anchor",
        )
        self._anchor_interval = gauge(
            "shield_audit_anchor_interval_seconds",
            "How often the heads are anchored, as configured.",
            "anchor",
        )
        self._anchor_failures = counter(
            "shield_audit_anchor_failures_total", "Times that an anchor did not take the heads.", "anchor"
        )
        self._audit_free = gauge(
            "shield_audit_filesystem_free_bytes", "Space that the audit log's file system has left for it."
        )
        self._audit_space = gauge(
            "shield_audit_filesystem_size_bytes", "Size of the audit log's file system."
        )
        self._audit_healthy = gauge(
            "shield_audit_healthy",
            "0 once the audit log has failed: nothing is forwarded any more until a restart; else 1.",
        )
        self._audit_healthy.set(1)
        self.loop_lag = histogram(
            "shield_event_loop_lag_seconds", "How late the event loop runs what is due.", LAG_BUCKETS
        )
        self._build_info = gauge("shield_build_info", "1, with the version as labels.", "version", "python")
        self._config_info = gauge(
            "shield_config_info", "1 for the configuration in force, by its digest.", "digest"
        )
        self._policy_info = gauge(
            "shield_policy_info",
            "1 for each policy in force, with the digests of its rules and of the detectors that it runs.",
            "policy",
            "digest",
            "model",
            "detector_digest",
        )
        self._reloads = counter("shield_config_reloads_total", "Reloads of the configuration.", "result")
        for result in ("ok", "refused"):
            self._reloads.labels(result)
        self._reload_ok = gauge(
            "shield_config_last_reload_successful",
            "1 where the newest configuration is in force, 0 where it was refused.",
        )
        self.declared: tuple[Series, ...] = tuple(declarations.series)

        self.stage: Mapping[str, Histogram] = {name: self._stages.labels(name) for name in STAGES}
        self._finding_children: dict[tuple[str, str, str], Counter] = {}
        self._recognizer_children: dict[str, Counter] = {}
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
        """The children of the route `name`. All names must come from the configuration.

        `operators` are the pairs of entity type and operator of its policy, `bypass_reasons` the codes
        of the errors that it lets pass.
        """
        for entity_type, operator in operators:
            self._finding_child(name, entity_type, operator)
        for reason in bypass_reasons:
            self._bypasses.labels(name, reason)
        named = sorted(media_type for media_type in media_types if "*" not in media_type)
        return RouteSeries(
            requests={outcome: self._requests.labels(name, outcome.value) for outcome in Outcome},
            duration=self._duration.labels(name),
            added_latency=self._added.labels(name),
            bodies={media_type: self._bodies.labels(name, media_type) for media_type in (*named, OTHER)},
            body_bytes=self._body_bytes.labels(name),
            forwarded_bytes=self._forwarded_bytes.labels(name),
            inspected_bytes=self._inspected.labels(name),
            uninspected_bytes={
                reason: self._uninspected.labels(name, reason.value) for reason in Uninspected
            },
            admission=self.admission.route(name),
        )

    def upstream(self, name: str) -> UpstreamSeries:
        """The children of the upstream `name`, which must come from the configuration."""
        classes = ("none", "1xx", "2xx", "3xx", "4xx", "5xx")
        return UpstreamSeries(
            responses=tuple(self._responses.labels(name, label) for label in classes),
            duration=self._upstream_duration.labels(name),
            connect_retries=self._connect_retries.labels(name),
            endpoint=lambda endpoint: self._endpoint(name, endpoint),
        )

    def _endpoint(self, upstream: str, endpoint: str) -> EndpointSeries:
        return EndpointSeries(
            available=self._endpoint_available.labels(upstream, endpoint),
            ejections=self._ejections.labels(upstream, endpoint),
            checks={
                ok: self._health_checks.labels(upstream, endpoint, "ok" if ok else "failed")
                for ok in (True, False)
            },
        )

    def recognizers(self, names: Iterable[str]) -> None:
        """Let the series of the recognizers that may run begin at 0."""
        for name in names:
            self._recognizer_child(name)
            self._recognizer_errors.labels(name)

    def finding(
        self, route: str, entity_type: str, operator: str, recognizer: str, *, count: int = 1
    ) -> None:
        """Count as many findings; all names come from the configuration."""
        self._finding_child(route, entity_type, operator).inc(count)
        self._recognizer_child(recognizer).inc(count)

    def _finding_child(self, route: str, entity_type: str, operator: str) -> Counter:
        key = (route, entity_type, operator)
        child = self._finding_children.get(key)
        if child is None:
            child = self._finding_children[key] = self._findings.labels(*key)
        return child

    def _recognizer_child(self, name: str) -> Counter:
        child = self._recognizer_children.get(name)
        if child is None:
            child = self._recognizer_children[name] = self._recognizer_findings.labels(name)
        return child

    def remembered(self, hits: int, lookups: int) -> None:
        """Count `lookups` texts looked up, whose findings were remembered `hits` times."""
        self._hits.inc(hits)
        self._misses.inc(lookups - hits)

    def recognizer_error(self, name: str) -> None:
        """Count one inspection that the recognizer `name` left incomplete."""
        self._recognizer_errors.labels(name or "unknown").inc()

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

    def committed(self, seconds: float, size: int) -> None:
        """What `AuditLog.open` takes as `on_commit`: one group commit took `seconds`."""
        self._commit.observe(seconds)
        self._tree_size.set(size)

    def checkpointed(self, seconds: float, size: int) -> None:
        """A checkpoint over `size` records was signed at `seconds` since 1970."""
        self._checkpoint_time.set(seconds)
        self._signed_size.set(size)

    def anchor(self, name: str, interval: float) -> None:
        """Let the series of an anchor of the configuration begin; `interval` in seconds."""
        self._anchor_time.labels(name)
        self._anchor_interval.labels(name).set(interval)
        self._anchor_failures.labels(name)

    def anchored(self, name: str, seconds: float) -> None:
        """The anchor took the heads at `seconds` since 1970."""
        self._anchor_time.labels(name).set(seconds)

    def anchor_failed(self, name: str) -> None:
        """The anchor did not take the heads."""
        self._anchor_failures.labels(name).inc()

    def watch_audit(self, healthy: Callable[[], bool], space: Callable[[], tuple[int, int] | None]) -> None:
        """Ask at each scrape: whether the log can be written; its file system's free bytes and size.

        At each scrape, since a log that failed reports nothing more by itself.
        """

        def part(place: int) -> float:
            known = space()
            return math.nan if known is None else float(known[place])

        self._audit_healthy.set_function(lambda: float(healthy()))
        self._audit_free.set_function(lambda: part(0))
        self._audit_space.set_function(lambda: part(1))

    def build(self, version: str, python: str) -> None:
        """Name the running build."""
        self._build_info.labels(version, python).set(1)

    def config(self, digest: str) -> None:
        """Name the configuration in force; the one before goes away."""
        self._config_info.clear()
        self._config_info.labels(digest).set(1)
        self._reload_ok.set(1)

    def policies(self, policies: Iterable[tuple[str, str, str, str]]) -> None:
        """Name the policies in force, each as name, digest, model, detectors' digest; those before go."""
        self._policy_info.clear()
        for policy in policies:
            self._policy_info.labels(*policy).set(1)

    def reload(self, ok: bool) -> None:
        """Count one reload of the configuration."""
        self._reloads.labels("ok" if ok else "refused").inc()
        self._reload_ok.set(int(ok))
