"""Which exchanges are traced, and under which parent."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

import pytest

from shield.telemetry.tracing import Span, Tracing

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


class Sink:
    def take(self, spans: Sequence[Span]) -> None: ...

    def close(self) -> None: ...


def tracing(share: float, seed: int = 1) -> Tracing:
    return Tracing(
        Sink(), share, random=random.Random(seed).randbytes, clock=lambda: 1.0, wall_clock=lambda: 5 * 10**9
    )


@pytest.mark.parametrize("flag", ["00", "01"])
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_request_with_a_parent_follows_it(flag: str, share: float) -> None:
    trace = tracing(share).begin([("TraceParent", f"00-{TRACE}-{SPAN}-{flag}")])
    assert (trace.trace_id, trace.parent_id, trace.sampled) == (TRACE, SPAN, flag == "01")
    fields = trace.onto([("Traceparent", "old"), ("tracestate", "a=b"), ("X", "y")])
    assert fields == [
        ("tracestate", "a=b"),
        ("X", "y"),
        ("traceparent", f"00-{TRACE}-{trace.upstream_id}-{flag}"),
    ]


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_of_the_others_a_share_is_traced(share: float) -> None:
    made = tracing(share)
    traces = [made.begin([]) for _ in range(2000)]
    assert sum(trace.sampled for trace in traces) / 2000 == pytest.approx(share, abs=0.05)
    assert {trace.parent_id for trace in traces} == {""}
    ids = [trace.trace_id for trace in traces]
    assert len(set(ids)) == len(ids)


def test_ids_are_never_zero() -> None:
    sizes = itertools.count()
    made = Tracing(
        Sink(),
        1,
        random=lambda size: bytes(size) if next(sizes) % 2 else b"\1" * size,
        clock=float,
        wall_clock=int,
    )
    for _ in range(5):
        trace = made.begin([])
        assert trace.span_id.strip("0")
        assert trace.upstream_id.strip("0")
        assert trace.trace_id.strip("0")


def test_monotonic_times_become_times_since_1970() -> None:
    assert tracing(1).epoch() == 4.0
