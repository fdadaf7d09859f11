"""Runs the test suite in two parallel processes, for two cores: `python scripts/run_tests.py [ARGUMENTS]`.

Much of a test's time is waiting: for a browser, for a server to start, for a limit to pass. Each process runs
whole folders in order, so that what a folder shares is started once. The second one's report is printed
after the first one's, and at the end a summary of what failed in either; it is also in `FAILURES`, as some
logs keep only their end. With arguments, it runs pytest with these, in one process.

A few failures are retried once, when nothing else runs: some tests drive browsers and servers by their time
limits, and a machine that stalls for seconds breaks those. A test that then passes does not fail the run, but
is named at the end as unsteady: that is a fault of the test, to be mended. A failed property is retried with
the example that it failed on.
"""

# ruff: noqa: INP001, S603  a script by itself; it starts this Python
from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree as ET

PROJECT = Path(__file__).resolve().parents[1]
APART = ("integration", "leak")
"""Folders of the second process, about half of the time; all others run in the first one."""
KEPT = PROJECT / ".pytest_cache"
FAILURES = KEPT / "failures.txt"
"""What failed in the last run, one paragraph per test; empty where nothing did."""
LINES_A_FAILURE = 12
MOST_TRIED_AGAIN = 3
"""More failures than this in a part are not an accident of the machine."""


def command(part: str, arguments: list[str]) -> list[str]:
    """The pytest command of a part; each part has its own cache folder for what failed last."""
    options = ["-o", f"cache_dir={KEPT / part}", f"--junitxml={KEPT / part}.xml"]
    return [sys.executable, "-m", "pytest", *options, *arguments]


def failures(part: str) -> list[str]:
    """Each failed test of a part: its name and the last lines of its report."""
    report = KEPT / f"{part}.xml"
    if not report.is_file():
        return [f"{part}: ended without a report"]
    told = []
    for case in ET.parse(report).iter("testcase"):  # noqa: S314  pytest's own file
        for kind in ("failure", "error"):
            for found in case.iter(kind):
                lines = (found.text or "").strip().splitlines()[-LINES_A_FAILURE:]
                name = f"{case.get('classname')}::{case.get('name')}"
                told.append("\n".join([f"{kind.upper()} {name}", *(f"    {line}" for line in lines)]))
    return told


def passes_again(part: str, folders: list[str]) -> bool:
    """Whether what failed in a part passes by itself."""
    again = [*command(part, folders), "--last-failed", "--last-failed-no-failures=none"]
    return subprocess.run(again, cwd=PROJECT, check=False).returncode == 0


def main(arguments: list[str]) -> int:
    """0 where pytest succeeded in both, else the exit code of the failed one; negative after a signal."""
    if arguments:
        return subprocess.run(
            [sys.executable, "-m", "pytest", *arguments], cwd=PROJECT, check=False
        ).returncode
    folders = sorted(path.parent for path in (PROJECT / "tests").glob("*/__init__.py"))
    parts = {
        "first": [str(path) for path in folders if path.name not in APART],
        "second": [str(PROJECT / "tests" / name) for name in APART],
    }
    KEPT.mkdir(exist_ok=True)
    for part in parts:
        (KEPT / f"{part}.xml").unlink(missing_ok=True)
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
        sys.stdout.buffer.flush()
    told = []
    ends = {"first": first, "second": second}
    for part, end in ends.items():
        failed = failures(part)
        # Only 1, pytest's exit code for failed tests, leads to a retry.
        if end == 1 and 0 < len(failed) <= MOST_TRIED_AGAIN and passes_again(part, parts[part]):
            ends[part] = 0
            failed = [f"UNSTEADY, passed when it was tried again: {failure}" for failure in failed]
        told += failed
    FAILURES.write_text("".join(f"{failure}\n" for failure in told), encoding="utf-8")
    sys.stdout.write("".join(f"\n{failure}" for failure in told) + "\n")
    return ends["first"] or ends["second"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
