"""How long a report over a large log takes: `python -m benchmarks.evidence [--records N] [--json FILE]`.

Two logs are written by the real writer (`benchmarks.evidence_log`), a small one and a large one. For each the
command `shield evidence report` runs as its own process, and its time and its highest resident memory are
taken. The peer of the same run is `shield audit verify` on the same log: what must be paid first.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.evidence_log import write_log
from benchmarks.machine import describe
from benchmarks.table import Table

TARGET_SECONDS = 120.0


def measured(*arguments: str) -> tuple[float, float]:
    """Seconds, and the peak resident memory in MB, of one command."""
    began = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "shield", *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"shield {arguments[0]} {arguments[1]} failed: {status}")
    return time.monotonic() - began, usage.ru_maxrss / 1024


def size_of(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--small", type=int, default=20_000)
    parser.add_argument("--directory", type=Path, help="where to write; a temporary folder without it")
    parser.add_argument("--no-pdf", action="store_true")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    rows, results = [], []
    with tempfile.TemporaryDirectory(dir=arguments.directory) as scratch:
        for records in (arguments.small, arguments.records):
            place = Path(scratch) / str(records)
            began = time.monotonic()
            write_log(place / "audit", records)
            written = time.monotonic() - began
            verify_seconds, _ = measured("audit", "verify", str(place / "audit"), "--access", "off")
            pdf = ["--no-pdf"] if arguments.no_pdf else []
            seconds, megabytes = measured(
                "evidence", "report", str(place / "audit"), "--out", str(place / "pack"),
                "--seed", "benchmark", "--access", "off", *pdf,
            )  # fmt: skip
            result = {
                "records": records,
                "write_s": written,
                "verify_s": verify_seconds,
                "report_s": seconds,
                "report_peak_mb": megabytes,
                "pack_mb": size_of(place / "pack"),
            }
            results.append(result)
            rows.append(
                (
                    f"{records:,}",
                    f"{written:.1f}",
                    f"{verify_seconds:.1f}",
                    f"{seconds:.1f}",
                    f"{seconds / verify_seconds:.2f}",
                    f"{records / seconds:,.0f}",
                    f"{megabytes:.0f}",
                    f"{result['pack_mb']:.0f}",
                )
            )
    columns = ("records", "write s", "verify s", "report s", "x verify", "records/s", "peak MB", "pack MB")
    table = Table("A report over a log of thirty days", columns, left=0)
    table.rows += rows
    machine = describe()
    print(
        f"- {machine['cpu']}, {machine['cores']} cores, Linux {machine['kernel']}, Python {machine['python']}"
    )
    print(table.markdown())
    last = results[-1]
    met = "met" if last["report_s"] < TARGET_SECONDS else "MISSED"
    said = f"{last['records']:,} records in {last['report_s']:.1f} s"
    print(f"- report over {said}; target {TARGET_SECONDS:.0f} s: {met}")
    if arguments.json:
        arguments.json.write_text(json.dumps({"machine": machine, "results": results}, indent=2))


if __name__ == "__main__":
    main()
