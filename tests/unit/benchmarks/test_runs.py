"""The figures of a run are kept; a run that cannot be made ends the program and keeps nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import benchmarks.runs
from benchmarks.processes import BenchmarkError
from benchmarks.runs import kept_run


@pytest.fixture(autouse=True)
def _signals_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benchmarks.runs, "unwind_on_termination", lambda: None)


def test_what_was_measured_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "results" / "run.json"
    assert kept_run(lambda: {"rate": 7}, file) == {"rate": 7}
    assert json.loads(file.read_text()) == {"rate": 7}


def test_a_program_that_is_not_correct_ends_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def execute() -> dict[str, Any]:
        raise BenchmarkError("the peer did not start")

    with pytest.raises(SystemExit) as ended:
        kept_run(execute, tmp_path / "run.json")
    assert ended.value.code == 2
    assert capsys.readouterr().err == "the peer did not start\n"
    assert not any(tmp_path.iterdir())
