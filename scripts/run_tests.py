"""The test suite in two processes side by side, for two cores: `python scripts/run_tests.py [ARGUMENTS]`.

Much of a test's time is a wait: for a browser, for a server to start, for a limit to pass. Each process runs
whole folders in their order, so that what a folder shares is started once. The second one's report is printed
after the first one's. With arguments it is pytest with these, in one process.
"""

# ruff: noqa: INP001, S603  a script by itself; it starts this Python
from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
APART = ("integration", "leak")
"""Folders of the second process: about half of the time. All others are the first one's."""


def command(part: str, arguments: list[str]) -> list[str]:
    """Each part remembers in a folder of its own what failed last."""
    return [sys.executable, "-m", "pytest", "-o", f"cache_dir=.pytest_cache/{part}", *arguments]


def main(arguments: list[str]) -> int:
    """0 where pytest succeeded in both, else what failed said: negative where a signal ended it."""
    if arguments:
        return subprocess.run(
            [sys.executable, "-m", "pytest", *arguments], cwd=PROJECT, check=False
        ).returncode
    folders = sorted(path.parent for path in (PROJECT / "tests").glob("*/__init__.py"))
    parts = {
        "first": [str(path) for path in folders if path.name not in APART],
        "second": [str(PROJECT / "tests" / name) for name in APART],
    }
    with tempfile.TemporaryFile() as report:
        beside = subprocess.Popen(
            command("second", parts["second"]), cwd=PROJECT, stdout=report, stderr=subprocess.STDOUT
        )
        try:
            first = subprocess.run(command("first", parts["first"]), cwd=PROJECT, check=False).returncode
            second = beside.wait()
        finally:
            beside.terminate()
            beside.wait()
        report.seek(0)
        sys.stdout.buffer.write(report.read())
    return first or second


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
