"""`make test` runs the suite in parts, succeeds only if all do, and names failures at the end."""

from __future__ import annotations

import importlib.util
import signal
import sys
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SCRIPT = PROJECT / "scripts" / "run_tests.py"
ENDS = {
    "passes": (0, "pass"),
    "fails": (1, "raise SystemExit(1)"),
    "is killed": (-signal.SIGKILL, f"import os; os.kill(os.getpid(), {int(signal.SIGKILL)})"),
}


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("run_tests", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    # The run that this test is part of has its own reports.
    monkeypatch.setattr(module, "KEPT", tmp_path)
    monkeypatch.setattr(module, "FAILURES", tmp_path / "failures.txt")
    monkeypatch.setattr(module, "compile_shared", lambda: None)
    return module


def test_each_file_of_tests_is_in_one_part(script: ModuleType) -> None:
    parts = script.folders_of().values()
    for file in (PROJECT / "tests").rglob("test_*.py"):
        reached = [
            arguments
            for arguments in parts
            if any(str(folder) in arguments for folder in file.parents)
            and not any(f"--ignore={folder}" in arguments for folder in file.parents)
        ]
        assert len(reached) == 1, file
    every = [each for arguments in parts for each in arguments if not each.startswith("--")]
    assert all(Path(folder).is_dir() for folder in every)
    assert len(set(every)) == len(every)


@pytest.fixture
def of_two(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script for a suite of two parts."""
    monkeypatch.setattr(script, "folders_of", lambda: {"first": [], "second": []})
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # importing them takes ten times as long
    return script


@pytest.mark.parametrize("second", ENDS)
@pytest.mark.parametrize("first", ENDS)
def test_it_succeeds_only_where_both_parts_do(
    of_two: ModuleType, monkeypatch: pytest.MonkeyPatch, first: str, second: str
) -> None:
    ends = {"first": ENDS[first][1], "second": ENDS[second][1]}
    monkeypatch.setattr(of_two, "command", lambda part, _: [sys.executable, "-c", ends[part]])
    assert (of_two.main([]) == 0) == (first == second == "passes")


def of_one_test_each(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, folder: Path, bodies: dict[str, str]
) -> None:
    """Both parts run pytest over one test with the given body."""
    command = script.command

    def of_one_test(part: str, _: list[str]) -> list[str]:
        test = folder / f"test_{part}.py"
        test.write_text(f"def test_of_{part}(): {bodies[part]}\n", encoding="utf-8")
        run: list[str] = command(part, ["-p", "no:asyncio", f"--rootdir={folder}", str(test)])
        return run

    monkeypatch.setattr(script, "command", of_one_test)


def test_what_failed_in_either_is_said_once_more_at_the_end(
    of_two: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    of_one_test_each(of_two, monkeypatch, tmp_path, {"first": "assert 'the' == 'cause'", "second": "pass"})
    assert of_two.main([]) == 1
    told = of_two.FAILURES.read_text(encoding="utf-8")
    assert told.startswith("FAILURE test_first::test_of_first\n")
    assert "assert 'the' == 'cause'" in told
    assert "test_of_second" not in told
    assert capfd.readouterr().out.endswith(f"\n{told}")


def test_a_part_that_ended_without_a_report_is_said(
    of_two: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_two, "command", lambda part, _: [sys.executable, "-c", ENDS["is killed"][1]])
    assert of_two.main([]) != 0
    assert of_two.FAILURES.read_text(encoding="utf-8").splitlines() == [
        "first: ended without a report",
        "second: ended without a report",
    ]


def test_what_passes_when_it_is_tried_again_is_named_and_fails_nothing(
    of_two: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tried = str(tmp_path / "tried")
    first = f"import os; again = os.path.isdir({tried!r}); again or os.mkdir({tried!r}); assert again"
    of_one_test_each(of_two, monkeypatch, tmp_path, {"first": first, "second": "pass"})
    assert of_two.main([]) == 0
    told = of_two.FAILURES.read_text(encoding="utf-8")
    assert told.startswith("UNSTEADY, passed when it was tried again: FAILURE test_first::test_of_first\n")
