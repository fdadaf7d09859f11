from __future__ import annotations

import os
from pathlib import Path

import pytest

from shield.supervisor.cores import available_cores, worker_count

ALL = len(os.sched_getaffinity(0))


@pytest.mark.parametrize(
    ("quota", "most"), [("max 100000", None), ("50000 100000", 1), ("100000 100000", 1), ("garbage", None)]
)
def test_a_quota_of_the_control_group_counts_as_cores(tmp_path: Path, quota: str, most: int | None) -> None:
    (tmp_path / "cpu.max").write_text(quota)
    assert available_cores(tmp_path / "none", tmp_path) == (most or ALL)


@pytest.mark.parametrize("limited", ["", "system.slice", "system.slice/shield.service"])
def test_the_groups_that_a_service_is_in_count(tmp_path: Path, limited: str) -> None:
    (tmp_path / "system.slice" / "shield.service").mkdir(parents=True)
    own = tmp_path / "own"
    own.write_text("1:cpu:/elsewhere\n0::/system.slice/shield.service\n")
    assert available_cores(own, tmp_path) == ALL
    (tmp_path / limited / "cpu.max").write_text("100000 100000\n")
    assert available_cores(own, tmp_path) == 1


def test_a_group_outside_of_what_is_mounted_is_taken_for_the_root(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.write_text("0::/../../other\n")
    (tmp_path / "cpu.max").write_text("100000 100000\n")
    assert available_cores(own, tmp_path) == 1


def test_without_a_control_group_there_are_the_cores_of_the_process(tmp_path: Path) -> None:
    assert available_cores(tmp_path / "none", tmp_path) == ALL


def test_auto_is_a_worker_a_core() -> None:
    assert worker_count("auto") == available_cores()
    assert [worker_count(0), worker_count(3)] == [0, 3]
