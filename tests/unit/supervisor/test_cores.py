from __future__ import annotations

import os
from pathlib import Path

import pytest

from shield.supervisor.cores import available_cores, worker_count


@pytest.mark.parametrize(
    ("quota", "most"), [("max 100000", None), ("50000 100000", 1), ("100000 100000", 1), ("garbage", None)]
)
def test_a_quota_of_the_control_group_counts_as_cores(tmp_path: Path, quota: str, most: int | None) -> None:
    file = tmp_path / "cpu.max"
    file.write_text(quota)
    assert available_cores(file) == (most or len(os.sched_getaffinity(0)))


def test_without_a_control_group_there_are_the_cores_of_the_process(tmp_path: Path) -> None:
    assert available_cores(tmp_path / "none") == len(os.sched_getaffinity(0))


def test_auto_is_a_worker_a_core() -> None:
    assert worker_count("auto") == available_cores()
    assert [worker_count(0), worker_count(3)] == [0, 3]
