from __future__ import annotations

from typing import Any

import pytest

from benchmarks.processes import Cores
from benchmarks.workers import cores_for, linearity, workers_line, workers_table


def run_of(two: float, shield: float) -> dict[str, Any]:
    def sample(workers: int, rps: float, cores: float) -> dict[str, Any]:
        return {
            "round": 0, "workers": workers, "rps": rps, "p99_ms": 10.0, "errors": 0,
            "shield_cores": cores, "other_cores": 0.2,
        }  # fmt: skip

    return {"peer": "shield-full", "samples": [sample(1, 100.0, 1.0), sample(2, two, shield)]}


def test_linear_is_by_the_processor_time_that_the_shield_got() -> None:
    run = run_of(180.0, 1.8)
    assert linearity(run) == pytest.approx(1.0)
    assert workers_line(run)[0]
    assert workers_table(run).rows[1][:3] == ("2", "180", "1.80")
    assert not workers_line(run_of(140.0, 1.8))[0]


def test_with_two_workers_nobody_has_a_core_of_its_own() -> None:
    cores = Cores(frozenset({3}), frozenset({0}))
    assert cores_for(1, cores) == ({3}, {0})
    assert cores_for(2, cores) == ({0, 3}, {0, 3})
