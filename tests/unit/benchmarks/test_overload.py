from __future__ import annotations

import asyncio
from typing import Any
from xml.etree import ElementTree as ET

from benchmarks.load import Requests
from benchmarks.overload import lines, recovery
from benchmarks.payloads import PAYLOADS, Pool
from benchmarks.plot import Chart, Line, svg
from benchmarks.soak import lines as soak_lines
from benchmarks.soak import tenths
from benchmarks.surge import Run, Surge
from benchmarks.upstream import Store, Upstream

REFUSED = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"


class Moody(Store):
    """Refuses every third write."""

    def answer(self, request_line: bytes, body: bytes) -> bytes:
        answer = super().answer(request_line, body)
        return REFUSED if self.writes % 3 == 0 else answer


async def test_a_surge_tells_what_became_of_each_request_by_segment() -> None:
    store = Moody()
    server = await asyncio.get_running_loop().create_server(lambda: Upstream(store), "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    surge = Surge(port, "note", ((50, 0.2), (200, 0.25)), window=0.05)
    pool = Pool(PAYLOADS["note"], seed=3)
    try:
        result = await Run(surge, Requests(port, PAYLOADS["note"].path, pool)).run()
    finally:
        server.close()
    first, second = result["by_segment"]
    assert first["offered"] == 10
    assert second["offered"] == 50
    assert first["accepted"] + second["accepted"] == 40
    assert first["refused"] + second["refused"] == 20 == store.writes // 3
    assert all(it["failed"] == 0 for it in result["windows"])


def window(**changes: Any) -> dict[str, Any]:
    return {"p50_ms": 10.0, "refused": 0, "failed": 0, **changes}


def surge_of(*after: dict[str, Any]) -> dict[str, Any]:
    """One second before, one second of surge, and the time after, in half-second windows."""
    windows = [window(), window(), window(refused=9), window(refused=9), *after]
    return {"window": 0.5, "segments": [(1, 1.0), (3, 1.0), (1, len(after) / 2)], "windows": windows}


def test_recovery_is_the_time_until_all_is_as_before() -> None:
    assert recovery(surge_of(window(), window()), 1.0, 2.0) == 0.0
    assert recovery(surge_of(window(refused=1), window(), window()), 1.0, 2.0) == 0.5
    assert recovery(surge_of(window(), window(p50_ms=900.0), window()), 1.0, 2.0) == 1.0
    assert recovery(surge_of(window(), window(failed=1)), 1.0, 2.0) is None


def test_each_target_is_judged() -> None:
    segment = {
        "offered": 300, "accepted": 90, "refused": 210, "statuses": {}, "goodput": 90.0,
        "latency_ms": {"p50": 1.0, "p99": 900.0}, "refused_ms": {"p50": 1.0},
    }  # fmt: skip
    run = {
        "surge": {"by_segment": [segment, segment, segment]}, "maximum": 100.0, "deadline": 10.0,
        "recovery": 0.5, "stored_but_not_accepted": 0,
    }  # fmt: skip
    assert [met for met, _ in lines(run)] == [True] * 5
    slow = {**segment, "goodput": 80.0, "refused": 200, "latency_ms": {"p50": 1.0, "p99": 10_001.0}}
    run |= {"surge": {"by_segment": [segment, slow, segment]}, "recovery": None, "stored_but_not_accepted": 1}
    assert [met for met, _ in lines(run)] == [False] * 5


def test_a_soak_is_judged_from_the_warm_state_on() -> None:
    samples = [(float(second), 100.0 + min(second, 20), 40) for second in range(101)]
    stretch = {"offered": 10, "accepted": 9, "refused": 1}
    run = {"samples": samples, "stretches": [stretch]}
    assert len(tenths(run)) == 10
    assert [kept for kept, _ in soak_lines(run)] == [True, True, True]
    samples = [(at, memory + at, 40 + int(at)) for at, memory, _ in samples]
    run = {"samples": samples, "stretches": [stretch, {"offered": 10, "accepted": 9, "refused": 0}]}
    assert [kept for kept, _ in soak_lines(run)] == [False, False, False]


def test_a_chart_is_a_whole_document_with_a_line_for_each_series() -> None:
    chart = Chart("a < b", "x", "y", [Line("one", [(0, 0), (2, 30)]), Line("two", [(0, 1)])], (0.5, 1, "now"))
    root = ET.fromstring(svg(chart))  # noqa: S314  our own
    names = [element.tag.rpartition("}")[2] for element in root.iter()]
    assert names.count("polyline") == 2
    assert "a < b" in [element.text for element in root.iter()]


def test_a_chart_without_points_is_drawn() -> None:
    ET.fromstring(svg(Chart("none", "x", "y", [Line("one", [])])))  # noqa: S314  our own
