"""The steps of a request before anything is awaited: head, caller, target, route, admission. No I/O.

Under overload most requests are refused here; as these steps await nothing, such a refusal costs no task and
no coroutine. `Exchange.__call__` goes on with what they return.
"""

from __future__ import annotations

from typing import NamedTuple

from aiohttp.web import BaseRequest

from shield.domain import Shortage
from shield.errors import AuditUnavailableError, LoopDetectedError, ShieldError, UnsupportedMediaTypeError
from shield.payload.media_type import MediaType
from shield.proxy.body import declared_too_large, is_here, size_of
from shield.proxy.gate import Gate
from shield.proxy.headers import Head, read_head
from shield.proxy.loops import has_passed
from shield.proxy.media_types import UNTYPED, MediaTypes, recorded_type, untyped_error
from shield.proxy.overrides import OtherMethods, methods_in_head
from shield.proxy.passage import Passage
from shield.proxy.runtime import Evidence, RoutePlan, Runtime
from shield.proxy.target import Target, parse_target
from shield.proxy.tickets import Ticket
from shield.telemetry.metrics import Metrics
from shield.telemetry.tracing import Tracing


class Arrival(NamedTuple):
    """A request that was admitted, or that may wait until it is. `ticket` is None for a canary.

    `others` checks the methods that its body may yet ask for.
    """

    head: Head
    target: Target
    media_type: MediaType | None
    plan: RoutePlan
    ticket: Ticket | None
    others: OtherMethods


class Arrivals:
    """Takes the first steps of requests. Belongs to one event loop."""

    def __init__(self, gate: Gate, evidence: Evidence, metrics: Metrics, tracing: Tracing | None) -> None:
        self._gate = gate
        self._evidence = evidence
        self._metrics = metrics
        self._tracing = tracing
        self._media_type = MediaTypes()

    def __call__(self, request: BaseRequest, runtime: Runtime, passage: Passage, in_flight: int) -> Arrival:
        """Take the steps in order; `in_flight` is how many requests are under way, this one included.

        What is learned is noted in `passage` at once, for the record of a refusal. Raises ShieldError.
        """
        self._look(runtime, in_flight, passage)
        server = runtime.server
        head = read_head(request, server.max_header_bytes, server.header_underscores)
        if head.passed and has_passed(head.passed, runtime.mark):
            raise LoopDetectedError
        if self._tracing is not None and passage.lane is None:
            passage.trace = self._tracing.begin(head.fields)
        if passage.lane is not None:
            passage.tenant = passage.lane.tenant
        elif runtime.callers:
            passage.tenant, head = runtime.callers.identify(request, head)
        target = parse_target(request.raw_path, head.host)
        media_type = self._media_type(head)
        plan, others = self._route(request, runtime, passage, head, target, media_type)
        ticket = self._enter(request, head, plan, passage)
        return Arrival(head, target, media_type, plan, ticket, others)

    def _look(self, runtime: Runtime, in_flight: int, passage: Passage) -> None:
        """Refuse before anything is read: if the log is down or (but for a canary) it is too crowded."""
        if not self._evidence.healthy:
            raise AuditUnavailableError
        server = runtime.server
        if passage.lane is None and in_flight > server.max_in_flight + server.max_queued:
            self._metrics.no_route.admission.refusals[Shortage.CROWDED].inc()
            raise self._gate.crowded()

    def _route(  # noqa: PLR0917  # what a route is chosen by
        self,
        request: BaseRequest,
        runtime: Runtime,
        passage: Passage,
        head: Head,
        target: Target,
        media_type: MediaType | None,
    ) -> tuple[RoutePlan, OtherMethods]:
        asked = target.host, target.steps, request.method, media_type, passage.tenant
        plan = None
        perhaps = media_type is None and head.chunked  # there may be a body without a type: see `received`
        if perhaps:
            plan = runtime.routes.plan(target.host, target.steps, request.method, UNTYPED, passage.tenant)
            media_type = None if plan is None else UNTYPED
        if plan is None:
            plan = runtime.routes.plan(*asked)
        passage.plan = plan
        if plan is None:
            match = runtime.routes.match(*asked)
            passage.plan = match.nearest
            try:
                if media_type is UNTYPED and isinstance(match.refusal, UnsupportedMediaTypeError):
                    raise untyped_error()
                raise match.refusal or ShieldError()
            finally:
                del match  # its error would refer to itself, and to the whole request, by this frame
        runtime.readings.check(plan.route, target, request.method, media_type, passage.tenant)
        others = OtherMethods(runtime.routes, runtime.readings, plan, target, media_type, passage.tenant)
        methods = methods_in_head(head.overrides, target.query)
        for method in methods:
            others.check(method)
        if perhaps:
            other = UNTYPED if media_type is None else None
            for method in (request.method, *methods):
                runtime.readings.check(plan.route, target, method, other, passage.tenant)
        if passage.lane is not None:
            plan = passage.plan = passage.lane.plan_of(plan)
        # Counted from here to the end, so that a reload does not close the pool under this exchange.
        passage.upstream = plan.upstream
        passage.upstream.in_flight += 1
        passage.upstream.require_available()
        if media_type is not None and not perhaps:
            passage.media_type = recorded_type(media_type, plan)
        return plan, others

    def _enter(self, request: BaseRequest, head: Head, plan: RoutePlan, passage: Passage) -> Ticket | None:
        """Ask to be admitted. A canary passes: there is at most one, and it does not test load."""
        most = plan.route.limits.body_bytes
        declared_too_large(head, most)
        if passage.lane is not None:
            return None
        size, here = size_of(request, head, most), is_here(request, head)
        return self._gate.ask(passage, plan.series.admission, size=size, here=here)
