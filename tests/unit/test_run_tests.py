"""`make test` runs the suite in two processes: it succeeds only where both do."""

from __future__ import annotations

import importlib.util
import signal
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "run_tests.py"
ENDS = {
    "passes": (0, "pass"),
    "fails": (1, "raise SystemExit(1)"),
    "is killed": (-signal.SIGKILL, f"import os; os.kill(os.getpid(), {int(signal.SIGKILL)})"),
}


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run_tests", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("second", ENDS)
@pytest.mark.parametrize("first", ENDS)
def test_it_succeeds_only_where_both_parts_do(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, first: str, second: str
) -> None:
    ends = {"first": ENDS[first][1], "second": ENDS[second][1]}
    monkeypatch.setattr(script, "command", lambda part, _: [sys.executable, "-c", ends[part]])
    assert (script.main([]) == 0) == (first == second == "passes")
