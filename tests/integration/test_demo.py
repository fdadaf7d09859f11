"""`make demo`'s command passes on the shipped samples and fails on samples that must make it fail."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.warm import python

PROJECT = Path(__file__).parents[2]


def run_demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [python(), "-m", "shield.demo", *arguments]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=300, check=False)


def test_the_shipped_samples_leave_nothing_behind() -> None:
    done = run_demo()
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    assert "before" in done.stdout
    assert "<PERSON>" in done.stdout
    assert "Latency added by the shield" in done.stdout
    assert "result: verified" in done.stdout
    assert "FAIL" not in done.stdout
    assert len([line for line in done.stdout.splitlines() if line.startswith("ok    ")]) == 6
    assert "tickets read back from the store as they were forwarded" in done.stdout


def test_a_stored_value_makes_it_fail(tmp_path: Path) -> None:
    (tmp_path / "tickets").mkdir()
    (tmp_path / "tickets" / "a.json").write_text('{"body": "a blue bicycle"}')
    (tmp_path / "planted.json").write_text(json.dumps({"tickets/a.json": ["blue bicycle"]}))
    done = run_demo("--samples", str(tmp_path))
    assert done.returncode == 1
    assert "STORED IN PLAIN: blue bicycle" in done.stdout
    assert "FAIL  planted values absent from the store: blue bicycle in tickets/1" in done.stdout


def test_samples_that_are_not_as_they_should_be_are_a_usage_error(tmp_path: Path) -> None:
    done = run_demo("--samples", str(tmp_path))
    assert done.returncode == 2
    assert "planted.json" in done.stderr
