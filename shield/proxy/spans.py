"""Makes the spans of one exchange from the times that its passage measured. Pure.

There is a span of the exchange, and below it one of each stage and of the call to the upstream. Lengths are
as measured; stages are laid end to end from the exchange's beginning, the audit commit before the call that
waited for it. Names follow OpenTelemetry's semantic conventions for HTTP where these have one.
"""

from __future__ import annotations

from collections.abc import Callable

from shield.proxy.passage import Passage
from shield.telemetry.metrics import STAGES
from shield.telemetry.tracing import Attribute, Span, Trace

_SERVER_ERROR = 500
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def spans_of(
    trace: Trace, passage: Passage, method: str, *, ended: float, epoch: float, new_id: Callable[[], str]
) -> list[Span]:
    """The spans. `ended` is of the monotonic clock; add `epoch` to it for seconds since 1970."""
    method = method if method in _METHODS else "_OTHER"
    spans = [_exchange(trace, passage, method, ended + epoch, epoch)]
    called = passage.head_at is not None
    upstream_start = (passage.head_at or ended) - passage.upstream_seconds
    cursor = passage.started
    for stage in STAGES:
        seconds = passage.stages.get(stage)
        if seconds is None:
            continue
        start = upstream_start - seconds if stage == "audit" and called else cursor
        cursor = start + seconds
        spans.append(Span(stage, trace.trace_id, new_id(), trace.span_id, start + epoch, cursor + epoch))
    if called and passage.plan is not None:
        attributes: dict[str, Attribute] = {
            "http.request.method": method,
            "shield.upstream": passage.plan.upstream.upstream.name,
        }
        if passage.status:
            attributes["http.response.status_code"] = passage.status
        spans.append(
            Span(
                f"upstream {passage.plan.upstream.upstream.name}",
                trace.trace_id,
                trace.upstream_id,
                trace.span_id,
                upstream_start + epoch,
                (passage.head_at or ended) + epoch,
                kind="client",
                attributes=attributes,
                error=passage.status >= _SERVER_ERROR,
            )
        )
    return spans


def _exchange(trace: Trace, passage: Passage, method: str, end: float, epoch: float) -> Span:
    plan = passage.plan
    attributes: dict[str, Attribute] = {
        "http.request.method": method,
        "http.response.status_code": passage.status,
        "shield.request_id": passage.request_id,
        "shield.outcome": passage.outcome.value,
        "shield.findings": passage.found.total,
        "shield.uninspected_bytes": passage.uninspected_bytes,
    }
    name = method
    if plan is not None:
        name = f"{method} {plan.route.path.text}"
        attributes |= {
            "http.route": plan.route.path.text,
            "shield.route": plan.route.name,
            "shield.policy": plan.route.policy.name,
        }
    if passage.intent is not None:
        attributes["shield.record"] = passage.intent
    if passage.reason:
        attributes["error.type"] = passage.reason
    return Span(
        name,
        trace.trace_id,
        trace.span_id,
        trace.parent_id,
        passage.started + epoch,
        end,
        kind="server",
        attributes=attributes,
        error=passage.status >= _SERVER_ERROR,
    )
