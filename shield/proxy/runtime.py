"""The compiled form of one configuration that the exchange uses, swapped as one reference on reload.

An exchange takes `Runtime` once, at its start, and uses that one to its end; so a reload never shows it half
of one configuration and half of another.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from shield.audit.exchange_records import Basis
from shield.audit.record import Draft
from shield.config.settings import ServerSettings, Settings
from shield.config.settings_route import OnDeadline, OnError, Route
from shield.config.settings_upstream import Upstream
from shield.domain import DetectorSpec
from shield.errors import (
    MalformedBodyError,
    MalformedContentEncodingError,
    PartialBodyError,
    ProtectionError,
    UnsupportedContentEncodingError,
    UnsupportedMediaTypeError,
    codes_of,
)
from shield.evidence.read_backs import Rule
from shield.payload.field_names import FieldNames
from shield.payload.selectors import FieldRules
from shield.proxy.callers import Callers
from shield.proxy.header_rules import HeaderRules, shown_names
from shield.proxy.loops import mark_of
from shield.proxy.object_address import Finder
from shield.proxy.readings import Readings
from shield.proxy.routing import RouteTable
from shield.proxy.tickets import Bounds, Capacity, Terms
from shield.proxy.upstream import UpstreamClient, UpstreamPool
from shield.redactor import Heart
from shield.telemetry.metrics import Metrics, RouteSeries

if TYPE_CHECKING:
    from shield.proxy.apart import Apart

NO_MODEL = "none"
PATTERNS = "patterns"
"""The tier of a policy without a model, and of text that only patterns read in time."""

READERS = 2
"""Reads from storage at once."""

BYPASSABLE = (
    ProtectionError,
    MalformedBodyError,
    MalformedContentEncodingError,
    PartialBodyError,
    UnsupportedContentEncodingError,
    UnsupportedMediaTypeError,
)
"""Errors that `on_error: bypass` covers: the inspection failed. Exceeded limits are not such errors."""


class Evidence(Protocol):
    """The part of `shield.audit.log.AuditLog` that the proxy uses."""

    @property
    def healthy(self) -> bool: ...

    @property
    def origin(self) -> str: ...

    async def commit(self, draft: Draft) -> int:
        """Write a record; returns its index once it is durable. Raises AuditUnavailableError."""
        ...

    def append(self, draft: Draft) -> int:
        """Write a record with the next group commit. Raises AuditUnavailableError."""
        ...

    @property
    def backlog(self) -> int:
        """Records that were appended and that the writer has not taken yet."""
        ...

    async def written(self) -> None:
        """Return when the records of `backlog` are durable. Raises AuditUnavailableError."""
        ...

    def digest_body(self, body: bytes) -> str:
        """`hmac-sha256:KEYID:hex` of a body. Safe to call in a worker thread."""
        ...


@dataclass(frozen=True, slots=True)
class RoutePlan:
    """A route with all that is compiled for it.

    `inline` says that its inspection is fast enough for the event loop: it uses patterns alone. `parameters`
    are the positions of the path template's `{name}` segments. `basis` is what the route's results rest on,
    in the words of the records; `tier` is what reads texts under the policy: the name of its model, or
    `PATTERNS`.
    """

    route: Route
    rules: FieldRules
    upstream: UpstreamClient
    series: RouteSeries
    model_digest: str
    inline: bool
    parameters: tuple[int, ...]
    shadow: ShadowPlan | None = None
    read_back: ReadBackPlan | None = None
    basis: Basis = field(init=False)
    tier: str = field(init=False)
    headers: HeaderRules = field(init=False)

    def __post_init__(self) -> None:
        """Compute once what each request of this route needs; a `replace`d plan computes its own."""
        route, policy = self.route, self.route.policy
        basis = Basis(
            route=route.name,
            policy=policy.name,
            policy_digest=policy.digest,
            model_digest=self.model_digest,
            mode=route.mode.value,
        )
        model = policy.detector.model
        object.__setattr__(self, "basis", basis)
        object.__setattr__(self, "headers", HeaderRules(self.route.headers, self.route.path_action))
        object.__setattr__(self, "tier", PATTERNS if model == NO_MODEL else model)

    @property
    def has_values(self) -> bool:
        """Whether the path template takes anything from the client."""
        return bool(self.parameters) or self.route.path.rest


@dataclass(frozen=True, slots=True)
class ShadowPlan:
    """The plan of the same route under its shadow policy, for `share` of its requests."""

    plan: RoutePlan
    share: float


@dataclass(frozen=True, slots=True)
class ReadBackPlan:
    """How the route's writes are read back: where they are, over which connections, how they are compared."""

    finder: Finder
    client: UpstreamClient
    rule: Rule


@dataclass(frozen=True, slots=True)
class Runtime:
    """One configuration, ready to serve. `apart` inspects large bodies; where None, threads do.

    `mark` is what tells a request that has passed here before: see `loops`.
    """

    digest: str
    mark: str
    routes: RouteTable[RoutePlan]
    readings: Readings
    heart: Heart
    server: ServerSettings
    callers: Callers
    bounds: Bounds
    access_log: bool
    apart: Apart | None = None


def build_runtime(
    settings: Settings,
    *,
    heart: Heart,
    model_digests: Mapping[DetectorSpec, str],
    vocabulary: frozenset[str],
    pool: UpstreamPool,
    metrics: Metrics,
    slow: Collection[DetectorSpec] = (),
    apart: Apart | None = None,
    reads: UpstreamPool | None = None,
) -> Runtime:
    """Compile what the exchange needs. Must run in the event loop (connection pools belong to one).

    Paths of findings show names of fields made of the words of `vocabulary`, and those that a route's
    configuration has: in `fields`, `field_names`, `query.parameters` and `headers.rules`. `slow` are
    detectors that may take long although they have no model. `reads` has the connections for reading back;
    None: nothing is read back.

    Raises ConfigError for field rules that do not compile and for TLS files that cannot be used.
    """
    names = FieldNames(vocabulary)
    plans = [
        (route, _plan(route, model_digests, names, pool=pool, metrics=metrics, slow=slow))
        for route in settings.routes
    ]
    plans = [(route, _with_read_back(plan, metrics, reads)) for route, plan in plans]
    return Runtime(
        digest=settings.digest,
        mark=mark_of(settings),
        routes=RouteTable(plans),
        readings=Readings(settings.routes),
        heart=heart,
        server=settings.server,
        callers=Callers.of(settings.server.api_key_header, settings.tenants.values()),
        bounds=_bounds(settings),
        access_log=settings.logging.access,
        apart=apart,
    )


def _bounds(settings: Settings) -> Bounds:
    server = settings.server
    return Bounds(
        Capacity(
            requests=server.max_in_flight,
            room=server.max_bytes_in_flight,
            queued=server.max_queued,
            patience=server.queue_timeout,
        ),
        {it.name: Terms(it.deadline, it.weight, it.concurrency, it.rate) for it in settings.routes},
        {name: it.rate for name, it in settings.tenants.items()},
    )


def _plan(
    route: Route,
    model_digests: Mapping[DetectorSpec, str],
    names: FieldNames,
    *,
    pool: UpstreamPool,
    metrics: Metrics,
    slow: Collection[DetectorSpec],
) -> RoutePlan:
    detector = route.policy.detector
    if route.shadow is not None:
        beside = replace(route, policy=route.shadow.policy, shadow=None)
        tried = _plan(beside, model_digests, names, pool=pool, metrics=metrics, slow=slow)
        metrics.shadows.begin(route.name, route.shadow.policy.name)
        shadow = ShadowPlan(tried, route.shadow.share)
    else:
        shadow = None
    named = [*route.field_names, *route.query, *shown_names(route.headers.rules)]
    rules = FieldRules.compile(route.fields, names.also(named))
    plan = RoutePlan(
        route=route,
        rules=rules,
        upstream=pool.client(route.upstream),
        series=metrics.route(
            route.name,
            media_types=route.media_types,
            operators=((entity, spec.name) for entity, spec in route.policy.operators.items()),
            bypass_reasons=codes_of(*BYPASSABLE) if route.on_error is OnError.BYPASS else (),
        ),
        model_digest=model_digests[detector],
        inline=detector.model == NO_MODEL and detector not in slow,
        parameters=tuple(place for place, step in enumerate(route.path.steps) if step is None),
        shadow=shadow,
    )
    reduced = PATTERNS if route.on_deadline is OnDeadline.PATTERNS_ONLY else None
    metrics.detection.begin(route.name, plan.tier, reduced)
    return plan


def _with_read_back(plan: RoutePlan, metrics: Metrics, reads: UpstreamPool | None) -> RoutePlan:
    route = plan.route
    settings = route.read_back
    if settings is None or reads is None:
        return plan
    metrics.read_backs.begin(route.name)
    read_back = ReadBackPlan(
        Finder.compile(settings, route.upstream),
        reads.client(upstream_for_reads(route.upstream, settings.timeout)),
        Rule.compile(settings, plan.rules.names),
    )
    return replace(plan, read_back=read_back)


def upstream_for_reads(upstream: Upstream, seconds: float) -> Upstream:
    """The same upstream, with these time limits, for connections apart from the traffic's."""
    return replace(
        upstream,
        pool_size=READERS,
        connect_timeout=min(upstream.connect_timeout, seconds),
        read_timeout=seconds,
        total_timeout=seconds,
        health_check=None,
    )
