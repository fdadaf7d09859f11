"""What a run's figures tell somebody who sizes an instance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.sizing import disk_bytes, memory_table, sentences

RUN: dict[str, Any] = {
    "peer": "shield-full",
    "workers": 2,
    "requests": 1000,
    "cpu_seconds": 7.0,
    "disk_bytes": 2_000_000,
    "states": {
        "ready": [("supervisor", 50.0), ("nursery", 100.0), ("worker", 70.0), ("worker", 80.0)],
        "after": [
            ("supervisor", 50.0),
            ("nursery", 90.0),
            ("worker", 200.0),
            ("its process for large bodies", 150.0),
            ("worker", 210.0),
        ],
    },
}


def test_each_process_has_a_row_and_all_together_have_one() -> None:
    rows = {row[0]: row[1:] for row in memory_table(RUN).rows}
    assert rows["worker 2"] == ("80", "210")
    assert rows["its process for large bodies"] == ("–", "150")  # noqa: RUF001  the table's dash
    assert rows["all"] == ("300", "700")


def test_what_to_plan_by() -> None:
    processor, disk = sentences(RUN)
    assert "7.0 ms of a core: 100 writes a second at 70%" in processor
    assert "2,000 bytes of disk: 63 GB for a year" in disk


def test_disk_is_the_audit_folder_without_what_does_not_grow(tmp_path: Path) -> None:
    for name in ("audit-full/origin/tile/entries/000", "audit-full/origin/wal/0.wal", "shield.log"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * 4096)
    only_tile = disk_bytes(tmp_path)
    (tmp_path / "audit-full/origin/wal/1.wal").write_bytes(b"x" * 4096)
    assert disk_bytes(tmp_path) == only_tile >= 4096
