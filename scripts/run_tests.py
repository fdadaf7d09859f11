"""Runs the test suite in parts, four at a time, for two cores: `python scripts/run_tests.py [ARGUMENTS]`.

Much of a test's time is waiting: for the disk, for a browser, for a limit to pass. So two processes more than
there are cores keep these busy. Each part runs whole folders in order, so that what a folder
shares is started once; the dearest part begins first, so that none is left over at the end. A part's report
is printed when it has ended, and at the end a summary of what failed in any; it is also in `FAILURES`, as
some logs keep only their end. Before the parts begin, what several of them need is compiled once and kept.
With arguments, it runs pytest with these, in one process.

A few failures are retried once, when nothing else runs: some tests drive browsers and servers by their time
limits, and a machine that stalls for seconds breaks those. A test that then passes does not fail the run, but
is named at the end as unsteady: that is a fault of the test, to be mended. A failed property is retried with
the example that it failed on.
"""

# ruff: noqa: INP001, S603  a script by itself; it starts this Python
from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from xml.etree import ElementTree as ET

PROJECT = Path(__file__).resolve().parents[1]
AT_ONCE = 4
TESTS = PROJECT / "tests"
REST = "rest"
PARTS: dict[str, tuple[str, ...]] = {
    REST: (),
    "analyzer": ("unit/analyzer",),
    "integration": ("integration",),
    "supervised": ("integration/supervised",),
    "browser": ("browser", "conformance", "observability"),
    "servers": ("integration/proxy", "integration/console"),
    "leak": ("leak",),
}
"""Folders of the parts, in the order in which these begin: the dearest first. `REST` has all other folders.

Parts of a few minutes each: fewer are hard to balance, and each imports everything anew.
"""
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


def compile_shared() -> None:
    """Compile what several parts need; where that fails, their tests say so."""
    subprocess.run([sys.executable, "-m", "tests.unit.analyzer.built"], cwd=PROJECT, check=False)


def folders_of() -> dict[str, list[str]]:
    """The pytest arguments of each part: together they name every folder of tests, each once."""
    apart = [TESTS / name for names in PARTS.values() for name in names]
    parts = {name: [TESTS / folder for folder in folders] for name, folders in PARTS.items()}
    every = sorted(path.parent for path in TESTS.glob("*/__init__.py"))
    parts[REST] = [folder for folder in every if folder not in apart]
    return {
        name: [
            *map(str, folders),
            *(f"--ignore={other}" for other in apart if any(it in other.parents for it in folders)),
        ]
        for name, folders in parts.items()
    }


def run(part: str, arguments: list[str]) -> tuple[int, bytes]:
    """Run a part; the exit code of pytest and its report."""
    sys.stdout.write(f"--- tests of {part}: began\n")
    sys.stdout.flush()
    began = time.monotonic()
    ran = subprocess.run(
        command(part, arguments), cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    took = f"--- tests of {part}: took {time.monotonic() - began:.0f} s\n"
    return ran.returncode, ran.stdout + took.encode()


def passes_again(part: str, arguments: list[str]) -> bool:
    """Whether what failed in a part passes by itself."""
    again = [*command(part, arguments), "--last-failed", "--last-failed-no-failures=none"]
    return subprocess.run(again, cwd=PROJECT, check=False).returncode == 0


def main(arguments: list[str]) -> int:
    """0 where pytest succeeded in all parts, else the exit code of a failed one; negative after a signal."""
    if arguments:
        return subprocess.run(
            [sys.executable, "-m", "pytest", *arguments], cwd=PROJECT, check=False
        ).returncode
    parts = folders_of()
    KEPT.mkdir(exist_ok=True)
    for part in parts:
        (KEPT / f"{part}.xml").unlink(missing_ok=True)
    compile_shared()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = {pool.submit(run, part, folders): part for part, folders in parts.items()}
        ends = {}
        try:
            for ended in as_completed(running):
                ends[running[ended]], report = ended.result()
                sys.stdout.buffer.write(report)
                sys.stdout.buffer.flush()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # who stops it wants no further part begun
    told = []
    for part in parts:
        end, failed = ends[part], failures(part)
        # Only 1, pytest's exit code for failed tests, leads to a retry.
        if end == 1 and 0 < len(failed) <= MOST_TRIED_AGAIN and passes_again(part, parts[part]):
            ends[part] = 0
            failed = [f"UNSTEADY, passed when it was tried again: {failure}" for failure in failed]
        told += failed
    FAILURES.write_text("".join(f"{failure}\n" for failure in told), encoding="utf-8")
    sys.stdout.write("".join(f"\n{failure}" for failure in told) + "\n")
    return next((end for end in ends.values() if end), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
