"""Records how an exchange ends: its last audit record, its metrics, its access line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shield.audit import exchange_records
from shield.audit.record import OUTCOME_UNKNOWN
from shield.errors import AuditUnavailableError, DrainingError, ShieldError
from shield.proxy.passage import Passage, marked, refusal_draft
from shield.proxy.runtime import Evidence, RoutePlan
from shield.telemetry.logging import Logger, line_writer
from shield.telemetry.metrics import NO_ROUTE, Metrics, Outcome


class Recorder:
    """Writes the results of exchanges.

    An audit log that fails here is logged, not raised: nothing more is forwarded in that exchange, and the
    log's state refuses the next ones.
    """

    def __init__(
        self, evidence: Evidence, metrics: Metrics, logger: Logger, build: str, clock: Callable[[], float]
    ) -> None:
        self._evidence = evidence
        self._metrics = metrics
        self._logger = logger
        self._build = build
        self._clock = clock
        self._line = line_writer(logger, "exchange")

    def refused(self, method: str, passage: Passage, error: ShieldError) -> None:
        """Write the reject record of an exchange that ended before its intent.

        It has the keyed digest of a body that arrived whole, even if its inspection failed or never ran.
        """
        if passage.body and not passage.before:
            passage.before = self._evidence.digest_body(passage.body)
        draft = marked(passage, refusal_draft(passage, method, self._build, error))
        try:
            passage.refusal = self._evidence.append(draft)
        except AuditUnavailableError:
            # Nothing is forwarded, so nothing lacks evidence; the log line and the metric remain.
            self._logger.warning("refusal_not_recorded", request_id=passage.request_id, code=error.code)

    def bypassed(self, passage: Passage, plan: RoutePlan) -> None:
        """Count and log a bypass: the record is durable, and the uninspected request is sent now."""
        self._metrics.bypass(plan.route.name, passage.reason)
        self._logger.warning(
            "bypass", request_id=passage.request_id, route=plan.route.name, reason=passage.reason
        )

    def close_intent(self, passage: Passage, status: int | None, result: str) -> None:
        """Write the one outcome record of the intent."""
        if passage.intent is None or passage.closed:
            return
        passage.closed = True
        try:
            self._evidence.append(
                exchange_records.outcome(
                    request_id=passage.request_id,
                    intent=passage.intent,
                    status=status,
                    result=result or OUTCOME_UNKNOWN,
                    upstream_seconds=passage.upstream_seconds or None,
                )
            )
        except AuditUnavailableError:
            # The write is done and its intent is durable; the log refuses all further records.
            self._logger.exception(
                "outcome_not_recorded", request_id=passage.request_id, intent=passage.intent
            )

    def abandoned(self, method: str, passage: Passage) -> None:
        """The server cancelled the exchange (drain time is over): record what is not known."""
        if passage.intent is not None:
            self.close_intent(passage, None, "")
        else:
            self.refused(method, passage, DrainingError())
        passage.outcome = Outcome.UNAVAILABLE
        passage.reason = DrainingError.code

    def account(self, method: str, passage: Passage, *, line: bool) -> None:
        """Count the metrics and write the access line, once. A canary is counted where it is judged."""
        if passage.lane is not None:
            passage.lane.ended(passage)
            return
        now = self._clock()
        plan = passage.plan
        series = plan.series if plan is not None else self._metrics.no_route
        total = now - passage.started
        added = (passage.head_at or now) - passage.started - passage.read_seconds - passage.upstream_seconds
        series.requests[passage.outcome].inc()
        series.duration.observe(total)
        series.added_latency.observe(max(0.0, added))
        stage = self._metrics.stage
        for name, seconds in passage.stages.items():
            stage[name].observe(seconds)
        route = plan.route.name if plan is not None else NO_ROUTE
        if passage.tier and passage.intent is not None:
            reduced = passage.rescan is not None and not passage.unsent
            self._metrics.detection.inspected(route, passage.tier, reduced=reduced)
        for kind, count in passage.found.alike.items():
            self._metrics.findings.found(route, *kind, count=count)
        if passage.intent is not None:
            series.inspected_bytes.inc(passage.inspected_bytes)
            for reason, size in passage.uninspected.items():
                series.uninspected_bytes[reason].inc(size)
            if passage.unlearned:
                series.unlearned_characters.inc(passage.unlearned)
        if line:
            fields: dict[str, Any] = {
                "request_id": passage.request_id,
                "route": plan.route.name if plan is not None else None,
                "method": method,
                "status": passage.status,
                "outcome": passage.outcome,
                "reason": passage.reason,
                "findings": passage.found.total,
                "bytes": passage.size,
                "record": passage.intent,
                "ms": round(total * 1000, 2),
                "added_ms": round(added * 1000, 2),
            }
            if passage.rescan is not None:
                fields["tier"] = passage.tier
            if passage.trace is not None and passage.trace.sampled:
                fields["trace_id"] = passage.trace.trace_id
            self._line(fields)
