"""Traces: decides which exchanges are traced, and hands on the spans that are made of them.

A request that names a parent is traced if its parent is; of the others, a share is. Spans are made once the
exchange has ended, from times that it measured anyway, so that an untraced one costs only its header. Law: an
attribute is a name of the configuration, a number, a code or an id of ours, never text of a request; a path
appears in a span as the route's template.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from shield.domain import EMPTY
from shield.telemetry import trace_context
from shield.telemetry.trace_context import TraceParent

Attribute = str | int | float | bool

_SPAN_BYTES = 8
_TRACE_BYTES = 16
_SHARE_BITS = 56


@dataclass(frozen=True, slots=True)
class Trace:
    """The part of a trace that one exchange is. Ids as in `TraceParent`; `parent_id` is empty for a root."""

    trace_id: str
    parent_id: str
    span_id: str  # of the exchange
    upstream_id: str  # of the call to the upstream, which the upstream sees as its parent
    sampled: bool

    def onto(self, fields: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """The fields for the upstream, with its parent in place of the shield's own."""
        kept = [item for item in fields if item[0].lower() != trace_context.NAME]
        parent = TraceParent(self.trace_id, self.upstream_id, self.sampled)
        return [*kept, (trace_context.NAME, parent.header())]


@dataclass(frozen=True, slots=True)
class Span:
    """One step. Times are seconds since 1970; `kind` is `server`, `client` or `internal`."""

    name: str
    trace_id: str
    span_id: str
    parent_id: str
    start: float
    end: float
    kind: str = "internal"
    attributes: Mapping[str, Attribute] = field(default_factory=lambda: EMPTY)
    error: bool = False


class SpanSink(Protocol):
    """Receives spans. Neither call waits for a network or raises."""

    def take(self, spans: Sequence[Span]) -> None: ...

    def close(self) -> None:
        """Send the remaining spans, for a short time."""
        ...


class Tracing:
    """Begins traces and hands their spans on. A `share` (0 to 1) of the traces that begin here is sampled."""

    def __init__(
        self,
        sink: SpanSink,
        share: float,
        *,
        random: Callable[[int], bytes],
        clock: Callable[[], float],
        wall_clock: Callable[[], int],
    ) -> None:
        """`clock` is monotonic, in seconds, `wall_clock` nanoseconds since 1970."""
        self._sink = sink
        self._share = share
        self._random = random
        self._clock = clock
        self._wall_clock = wall_clock

    def begin(self, fields: Sequence[tuple[str, str]]) -> Trace:
        """The trace of a request with these fields."""
        parent = trace_context.parse([value for name, value in fields if name.lower() == trace_context.NAME])
        span_id, upstream_id = self._new_id(_SPAN_BYTES), self._new_id(_SPAN_BYTES)
        if parent is not None:
            return Trace(parent.trace_id, parent.span_id, span_id, upstream_id, parent.sampled)
        trace_id = self._new_id(_TRACE_BYTES)
        # By the id's random last 56 bits (W3C Trace Context, level 2), so that every hop decides alike.
        sampled = int(trace_id[-_SHARE_BITS // 4 :], 16) >= (1.0 - self._share) * (1 << _SHARE_BITS)
        return Trace(trace_id, "", span_id, upstream_id, sampled)

    def new_span_id(self) -> str:
        return self._new_id(_SPAN_BYTES)

    def epoch(self) -> float:
        """The seconds to add to a monotonic time to get seconds since 1970."""
        return self._wall_clock() / 1e9 - self._clock()

    def finish(self, spans: Sequence[Span]) -> None:
        """Hand on the spans of a sampled trace."""
        self._sink.take(spans)

    def close(self) -> None:
        self._sink.close()

    def _new_id(self, size: int) -> str:
        while not any(made := self._random(size)):
            continue  # all zeros is no id
        return made.hex()
