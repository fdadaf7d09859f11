"""Measures an instance's processor time, memory and disk, to size machines by.

    python -m benchmarks.sizing                    # the quick start, two workers, 10,000 tickets
    python -m benchmarks.sizing --peer shield-patterns --workers 4

Each ticket has ever-new words, so no findings are remembered: traffic with recurring threads takes less
processor time. Memory is what a process has of its own plus its share of shared pages (`Pss`, proc(5)), so
the rows add up. Disk is the audit folder after an orderly end, in whole blocks, without the write-ahead logs,
which do not grow with the requests.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.contenders import CONTENDERS, Running
from benchmarks.load import Command
from benchmarks.payloads import PAYLOADS, Words
from benchmarks.processes import (
    RESULTS,
    BenchmarkError,
    Cores,
    LoadGenerator,
    Program,
    free_port,
    http_call,
    start_upstream,
)
from benchmarks.proxy import working_folder
from benchmarks.runs import kept_run
from benchmarks.table import Table, figure
from benchmarks.workers import with_workers

PAYLOAD = "ticket"
CONNECTIONS = 16
LARGE_CHARACTERS = 300_000
"""The size of a body that is inspected in the process for large bodies."""
LARGE_BODIES = 8
ROLES = ("supervisor", "nursery", "worker", "its process for large bodies")
"""The role of a process, by its depth below the first process."""
BUSY = 0.7
"""The planned utilization of a core; above it, waiting times grow quickly."""
YEAR = 365 * 86_400
BLOCK = 512
"""Bytes, the unit of `st_blocks` (stat(2))."""


def pss_mb(pid: int) -> float:
    """Memory of a process with its share of shared pages, in MB of 10^6 bytes; 0 where it has ended."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def disk_bytes(folder: Path) -> int:
    """Bytes on disk of the audit folder below `folder`, without write-ahead logs."""
    kept = (path for path in folder.glob("**/audit-*/**/*") if "wal" not in path.parts)
    return sum(path.lstat().st_blocks * BLOCK for path in kept)


def tree(pid: int, depth: int = 0) -> list[tuple[int, int]]:
    """A process and its descendants, each with its depth."""
    found = [(pid, depth)]
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for children in sorted(Path(f"/proc/{pid}/task").glob("*/children")):
            for child in children.read_text().split():
                found.extend(tree(int(child), depth + 1))
    return found


def memory(program: Program) -> list[tuple[str, float]]:
    """Each process by its role, with its memory in MB."""
    return [(ROLES[depth], pss_mb(pid)) for pid, depth in tree(program.pids()[0])]


def send_large(port: int) -> None:
    """Sends bodies of 300 KB until each worker has most likely had one."""
    words = Words(seed=7)
    for _ in range(LARGE_BODIES):
        body = json.dumps({"subject": words.word(), "comment": {"body": words.text(LARGE_CHARACTERS)}})
        status = http_call(port, "POST", PAYLOADS[PAYLOAD].path, body.encode())[0]
        if status != 201:
            raise BenchmarkError(f"a large body was answered {status}")


def execute(peer: str, workers: int, requests: int) -> dict[str, Any]:
    """Runs the shield on all cores, beside the load generator, and reads its costs."""
    cores = Cores.available()
    everything = cores.tested | cores.rest
    with contextlib.ExitStack() as stack:
        work = stack.enter_context(working_folder())
        upstream_port = free_port()
        stack.enter_context(start_upstream(upstream_port, cores.rest, work))
        contender = with_workers(CONTENDERS[peer], workers)
        running = Running(contender, upstream_port, Cores(everything, cores.rest), work)
        with running.program as program:
            load = stack.enter_context(LoadGenerator(cores.rest))
            running.assert_correct(PAYLOAD)
            states = {"ready": memory(program)}
            busy, disk = program.cpu_seconds(), disk_bytes(work)
            result = load.run(
                Command(
                    "closed", running.port, PAYLOAD, 0.0, CONNECTIONS, warm=0.0, count=requests, longest=600.0
                )
            )
            busy = program.cpu_seconds() - busy
            states["after the tickets"] = memory(program)
            without_large = disk_bytes(work)
            send_large(running.port)
            states["after large bodies"] = memory(program)
            large = disk_bytes(work) - without_large
        disk = disk_bytes(work) - large - disk
    if result["errors"] or result["unfinished"]:
        raise BenchmarkError(f"{result['errors'] + result['unfinished']} requests failed")
    return {
        "machine": machine.describe(),
        "peer": peer,
        "workers": workers,
        "requests": requests,
        "cpu_seconds": busy,
        "disk_bytes": disk,
        "states": states,
    }


def memory_table(run: dict[str, Any]) -> Table:
    """A row for each process, and one for all; a dash where a process does not exist yet."""
    title = f"{CONTENDERS[run['peer']].title}, {run['workers']} workers: memory (Pss), MB"
    table = Table(title, ("process", *run["states"]), left=1)
    last = list(run["states"].values())[-1]
    columns = [dict(_numbered(rows)) for rows in run["states"].values()]
    table.rows.extend(
        (name, *(figure(column.get(name), 0) for column in columns)) for name, _ in _numbered(last)
    )
    table.rows.append(("all", *(figure(sum(column.values()), 0) for column in columns)))
    return table


def _numbered(rows: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """The rows with numbered names where several processes have the same role."""
    seen: Counter[str] = Counter()
    named = []
    for role, mb in rows:
        seen[role] += 1
        several = sum(other == role for other, _ in rows) > 1
        named.append((f"{role} {seen[role]}" if several else role, mb))
    return named


def sentences(run: dict[str, Any]) -> list[str]:
    """Sentences with the figures to plan by."""
    each, kept = run["cpu_seconds"] / run["requests"], run["disk_bytes"] / run["requests"]
    rate, year = BUSY / each, YEAR * kept / 1e9
    return [
        f"a 0.9 KB ticket takes {1000 * each:.1f} ms of a core: {rate:,.0f} writes a second at {BUSY:.0%}",
        f"a 0.9 KB ticket takes {kept:,.0f} bytes of disk: {year:,.0f} GB for a year of one write a second",
    ]


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.sizing",
        description="Processor time, memory and disk of an instance.",
        epilog="exit status: 0 measured; 2 the shield did not start, is not correct, or a request failed",
    )
    parser.add_argument(
        "--peer", choices=("shield-full", "shield-patterns", "shield-none"), default="shield-full"
    )
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--json", type=Path, default=RESULTS / "sizing.json", help="where the figures go")
    parser.add_argument("--markdown", action="store_true", help="print as in docs/operations.md")
    given = parser.parse_args()
    run = kept_run(lambda: execute(given.peer, given.workers, given.requests), given.json)
    table = memory_table(run)
    print(table.markdown() if given.markdown else table.plain(), end="\n\n")
    print("\n".join(f"- {line}" if given.markdown else line for line in sentences(run)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
