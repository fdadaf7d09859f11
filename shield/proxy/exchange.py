"""The exchange: the only place that awaits the steps of a request in order.

    head and target → route → admit → body → inspect → decide → intent durable → upstream → outcome → reply

The steps up to `admit` await nothing and are in `arrival`. `refusals` turns errors into answers and records.

Laws. Nothing is forwarded before its intent is durable. Any error before that ends in a problem reply and a
`reject` record; any error after it ends in an `outcome` record. An error of the inspection lets a request
pass only where the route says `on_error: bypass`, and then its bypass record is durable first. An error of
the audit log lets nothing pass.

A request id sent by the client is forwarded but not used: it could be a name. The shield makes its own (128
random bits, hexadecimal) and puts it in problem replies, records and logs.

If a client leaves before the intent of its request, that is recorded as a refusal with code `client_gone`. If
it leaves later, the write is not undone: the outcome has the upstream's status and `client_gone`.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any

from aiohttp.web import BaseRequest

from shield.config.settings_route import OnError
from shield.errors import (
    AuditUnavailableError,
    DeadlineExceededError,
    DetectionIncompleteError,
    DrainingError,
    PartialBodyError,
    ShieldError,
)
from shield.payload.content_encoding import parse_content_encoding
from shield.proxy.arrival import Arrival, Arrivals
from shield.proxy.body import Pace, coming_body, received_body
from shield.proxy.bypass import Bypass
from shield.proxy.digests import check_digests
from shield.proxy.forwarding import Forwarding, still_there
from shield.proxy.gate import Gate
from shield.proxy.header_rules import chosen_fields
from shield.proxy.headers import Head, check_trailers
from shield.proxy.http_server import ShieldProtocol, lane_of
from shield.proxy.inspection import Inspected, given_up
from shield.proxy.inspection_run import Job
from shield.proxy.inspector import Inspector, takes_no_time
from shield.proxy.media_types import received
from shield.proxy.passage import (
    Passage,
    blocked_error,
    bypass_draft,
    decide,
    intent_draft,
    marked,
)
from shield.proxy.read_backs import ReadBacks
from shield.proxy.recorder import Recorder
from shield.proxy.refusals import Refusals
from shield.proxy.replies import Answer, Reply
from shield.proxy.request_ids import RequestIds
from shield.proxy.rescans import Rescans
from shield.proxy.runtime import BYPASSABLE, PATTERNS, Evidence, RoutePlan, Runtime
from shield.proxy.shadow import ShadowRuns
from shield.proxy.spans import spans_of
from shield.proxy.under_way import UnderWay
from shield.proxy.worker import InspectionWorker
from shield.telemetry.logging import Logger
from shield.telemetry.metrics import Metrics, Outcome
from shield.telemetry.tracing import Trace, Tracing

BACKLOG = 8192
"""Records that may wait for the disk; beyond that, a refusal is answered only once its record is durable."""


class Exchange:
    """Handles requests. `runtime` may be replaced at any time; each exchange keeps the one it began with.

    `started` and `finished` count the exchanges of this process independently of the log: heartbeats compare
    the two.
    """

    def __init__(
        self,
        runtime: Runtime,
        evidence: Evidence,
        metrics: Metrics,
        logger: Logger,
        *,
        build: str,
        clock: Callable[[], float],
        random: Callable[[int], bytes],
        worker: InspectionWorker,
        shadow: ShadowRuns | None = None,
        rescans: Rescans | None = None,
        read_backs: ReadBacks | None = None,
        tracing: Tracing | None = None,
    ) -> None:
        """`clock` is monotonic, in seconds; `worker` is closed by the caller."""
        self._gate = Gate(metrics.admission, clock)
        self.runtime = runtime
        self._under_way = UnderWay()
        self.draining = False
        self.retiring = False  # whether each answer is the last of its connection
        self.in_flight = 0
        self.started = 0
        self.finished = 0
        self._evidence = evidence
        self._metrics = metrics
        metrics.in_flight.set_function(lambda: float(self._gate.in_flight))
        self._build = build
        self._recorder = Recorder(evidence, metrics, logger, build, clock)
        self._clock = clock
        self._request_id = RequestIds(random)
        self._refusals = Refusals(self._recorder, metrics, logger, ends=self._ends)
        self._arrivals = Arrivals(self._gate, evidence, metrics, tracing)
        self._inspector = Inspector(worker, clock)
        self._forwarding = Forwarding(
            evidence, self._recorder, logger, clock, read_backs=read_backs, ends=self._ends
        )
        self._shadow = shadow
        self._rescans = rescans
        self._read_backs = read_backs
        self._tracing = tracing
        self._idle: asyncio.Event | None = None

    @property
    def runtime(self) -> Runtime:
        """The runtime of exchanges that begin now."""
        return self._runtime

    @runtime.setter
    def runtime(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._gate.configure(runtime.bounds)

    def __call__(self, request: BaseRequest) -> Answer | Coroutine[Any, Any, Answer]:
        """Handle one request: return the answer if it is refused at once, else a coroutine that answers.

        Never raises but for cancellation. The coroutine must be awaited: the exchange has begun.
        """
        runtime = self.runtime
        passage = Passage(self._request_id(), self._clock(), lane=lane_of(request))
        self.in_flight += 1
        self.started += 1
        try:
            arrival = self._arrive(request, runtime, passage)
        except Exception as error:  # noqa: BLE001  logged by `failed`
            reply = self._refusals.failed(request, passage, error)
            if self._evidence.backlog > BACKLOG:
                return self._refused_late(request.method, runtime, passage, reply)
            self._end(request.method, passage, runtime)
            return reply
        return self._rest(request, runtime, passage, arrival)

    def _arrive(self, request: BaseRequest, runtime: Runtime, passage: Passage) -> Arrival:
        if self.draining:
            raise DrainingError
        return self._arrivals(request, runtime, passage, self.in_flight)

    async def _rest(
        self, request: BaseRequest, runtime: Runtime, passage: Passage, arrival: Arrival
    ) -> Answer:
        """The rest of an admitted request's exchange."""
        task = self._under_way.begins(passage)
        try:
            return await self._steps(request, runtime, passage, arrival)
        except asyncio.CancelledError:
            if self._under_way.takes_over(task):
                return self._refusals.given_up(request, passage)
            self._recorder.abandoned(request.method, passage)
            raise
        except Exception as error:  # noqa: BLE001  logged by `failed`
            reply = self._refusals.failed(request, passage, error)
            await self._room_for_records()
            return reply
        finally:
            self._under_way.ends(task)
            self._end(request.method, passage, runtime)

    async def _refused_late(self, method: str, runtime: Runtime, passage: Passage, reply: Reply) -> Reply:
        try:
            await self._room_for_records()
        finally:
            self._end(method, passage, runtime)
        return reply

    async def _room_for_records(self) -> None:
        """Wait where the backlog of records is full, so that a flood faster than the disk fills no memory."""
        if self._evidence.backlog > BACKLOG:
            with contextlib.suppress(AuditUnavailableError):
                await self._evidence.written()

    def _end(self, method: str, passage: Passage, runtime: Runtime) -> None:
        """Release what the exchange held, count it, and start what follows it."""
        if passage.ticket is not None:
            self._gate.leave(passage.ticket)
        if passage.upstream is not None:
            passage.upstream.release()
        self._recorder.account(method, passage, line=runtime.access_log)
        if passage.trace is not None and passage.trace.sampled:
            self._trace(method, passage, passage.trace)
        if passage.rescan is not None and self._rescans is not None:
            self._rescans.ended(passage.rescan, passage.intent, unsent=passage.unsent)
        if passage.inspection is not None and passage.intent is not None and self._shadow is not None:
            self._shadow.offer(passage.request_id, passage.intent, *passage.inspection)
        if passage.written is not None and passage.intent is not None and self._read_backs is not None:
            self._read_backs.offer(passage.written, passage.intent)
        self.in_flight -= 1
        self.finished += 1
        if self._idle is not None and not self.in_flight:
            self._idle.set()

    def _trace(self, method: str, passage: Passage, trace: Trace) -> None:
        assert self._tracing is not None  # noqa: S101  it began the trace
        tracing, now = self._tracing, self._clock()
        tracing.finish(
            spans_of(trace, passage, method, ended=now, epoch=tracing.epoch(), new_id=tracing.new_span_id)
        )

    def _ends(self, request: BaseRequest) -> bool:
        """Whether the connection of the request ends with the answer that is given now."""
        protocol = request.protocol
        due = isinstance(protocol, ShieldProtocol) and protocol.is_due
        return due or self.draining or self.retiring

    async def drain(self) -> None:
        """Refuse new requests from now on, and return when no exchange is left."""
        self.draining = True
        if self.in_flight:
            self._idle = asyncio.Event()
            await self._idle.wait()

    def give_up(self) -> None:
        """Answer the exchanges in flight that have no answer yet, and forward nothing any more."""
        self._under_way.give_up()

    def unhandled(self, error: ShieldError, cause: BaseException | None) -> Reply:
        """Record and answer input that never became a request, or that broke the server's own code."""
        self.started += 1
        self.finished += 1
        return self._refusals.unhandled(Passage(self._request_id(), self._clock()), error, cause)

    # The steps, in order.

    async def _steps(
        self, request: BaseRequest, runtime: Runtime, passage: Passage, arrival: Arrival
    ) -> Answer:
        head, target, media_type, plan, ticket, others = arrival
        self._under_way.check()
        series = plan.series.admission
        if ticket is not None and ticket.waits:
            await self._gate.wait(request, ticket, series)
        body = b""
        if head.has_body:
            body = await self._read(request, head, plan, passage, runtime)
            media_type = received(media_type, body, plan, passage)
            if ticket is not None and not ticket.here:
                self._gate.received(ticket, size=len(body))
                if ticket.waits:
                    await self._gate.wait(request, ticket, series)
        still_there(request)
        if ticket is not None:
            self._gate.begins(ticket)
        bypass: Bypass[Inspected] | None = Bypass() if plan.route.on_error is OnError.BYPASS else None
        try:
            codings = _codings(head, bypass)
            digest = self._evidence.digest_body
            heart, apart, check = runtime.heart, runtime.apart, others.check
            fields = chosen_fields(plan.headers, head, forwarded=runtime.server.trusted_forwarders)
            job = Job(plan, heart, target, body, media_type, codings, digest, apart, check, fields, bypass)
            inspected = await self._inspect(job, passage)
        finally:
            if passage.ticket is not None:
                self._gate.inspected(passage.ticket)
        if bypass is not None and bypass.error is not None:
            self._bypass(bypass.error, bypass.as_received, passage)
        elif plan.shadow is not None or plan.read_back is not None:
            passage.inspection = job, inspected
        if inspected.reduced and passage.outcome is not Outcome.BYPASSED:
            if self._rescans is None:
                raise DeadlineExceededError
            passage.rescan = self._rescans.reserve(passage.request_id, job, inspected)
        if inspected.blocked:
            raise blocked_error(inspected)
        if head.has_digest and inspected.body is not body:
            check_digests(head.fields, body, dropped=plan.headers.drops)
        still_there(request)
        self._under_way.check()
        passage.intent = await self._commit(request, plan, passage, inspected)
        self._under_way.check()
        if passage.outcome is Outcome.BYPASSED:
            self._recorder.bypassed(passage, plan)
        return await self._forwarding.forward(
            request, head, plan, passage, inspected=inspected, target=target, body=body, runtime=runtime
        )

    async def _read(
        self, request: BaseRequest, head: Head, plan: RoutePlan, passage: Passage, runtime: Runtime
    ) -> bytes:
        route, most, ticket = plan.route, plan.route.limits.body_bytes, passage.ticket

        def grown(size: int) -> None:
            if ticket is not None and size > ticket.size:
                self._gate.outgrows(ticket, plan.series.admission, most=most)

        began = self._clock()
        try:
            body = received_body(request, most)
            if body is None:
                pace = Pace(route.body_timeout, runtime.server.min_body_rate, runtime.server.rate_grace)
                body = await coming_body(request, head, most, pace, grown)
            grown(len(body))
            if head.chunked and isinstance(request.protocol, ShieldProtocol):
                check_trailers(request.protocol.trailer_names(request))
        finally:
            passage.read_seconds = passage.stages["read"] = self._clock() - began
        passage.body, passage.size = body, len(body)
        return body

    async def _inspect(self, job: Job, passage: Passage) -> Inspected:
        waited = 0.0
        if passage.ticket is not None:
            waited = passage.stages["admission"] = passage.ticket.waited
            job.plan.series.admission.wait.observe(waited)
        try:
            if takes_no_time(job):
                inspected = self._inspector.inspect_now(job, passage.stages, waited=waited)
            else:
                inspected = await self._inspector.inspect(job, passage.stages, waited=waited)
        except BYPASSABLE as error:
            if job.bypass is None:
                self._count_failure(error)
                raise
            inspected = given_up(job, error)
        passage.tier = PATTERNS if inspected.reduced else job.plan.tier
        passage.before = inspected.before
        passage.findings, passage.found = inspected.findings, inspected.found
        passage.segments = inspected.segments
        passage.inspected_bytes = inspected.inspected_bytes
        passage.uninspected, passage.opaque = inspected.uninspected, inspected.opaque
        passage.unlearned = inspected.unlearned
        if inspected.looked_up:
            self._metrics.findings.remembered(inspected.remembered, inspected.looked_up)
        return inspected

    def _count_failure(self, error: ShieldError) -> None:
        if isinstance(error, DetectionIncompleteError):
            self._metrics.findings.failed(error.recognizer)

    def _bypass(self, error: ShieldError, as_received: list[str], passage: Passage) -> None:
        """Note that parts go on as they came, by the route's explicit setting; alarmed once it is sent."""
        self._count_failure(error)
        passage.reason = error.code
        passage.outcome = Outcome.BYPASSED
        passage.as_received = tuple(as_received)
        passage.tier = ""

    async def _commit(
        self, request: BaseRequest, plan: RoutePlan, passage: Passage, inspected: Inspected
    ) -> int:
        """Write the intent (or bypass) record durably. Raises AuditUnavailableError: forward nothing then."""
        if passage.outcome is Outcome.BYPASSED:
            draft = bypass_draft(passage, plan, request.method, self._build, inspected)
        else:
            decision, passage.outcome = decide(plan, inspected)
            draft = intent_draft(
                passage, plan, request.method, self._build, inspected=inspected, decision=decision
            )
        began = self._clock()
        passage.committing = True
        try:
            return await self._evidence.commit(marked(passage, draft))
        finally:
            passage.committing = False
            passage.stages["audit"] = self._clock() - began


def _codings(head: Head, bypass: Bypass[Inspected] | None) -> tuple[str, ...]:
    """The body's codings. Raises RequestError for a body that cannot be inspected and may not pass so."""
    try:
        if head.is_part and head.has_body:
            raise PartialBodyError
        return parse_content_encoding(head.content_encodings) if head.content_encodings else ()
    except BYPASSABLE as error:
        if bypass is None:
            raise
        bypass.unreadable = error
        return ()
