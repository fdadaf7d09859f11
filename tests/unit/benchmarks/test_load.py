"""What a run of load counts."""

from __future__ import annotations

from benchmarks.load import Tally

SECOND = 1_000_000_000


def test_refusals_are_no_throughput() -> None:
    tally = Tally(began=0)
    for number in range(10):
        tally.count(201, SECOND // 100, number * SECOND // 10)
    for _ in range(90):
        tally.count(503, SECOND // 1000, 2 * SECOND)

    result = tally.result()

    assert result["rps"] == 5.0
    assert result["errors"] == 90
    assert result["requests"] == 100
