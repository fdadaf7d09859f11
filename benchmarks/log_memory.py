"""What a log costs in memory, small and large: `python -m benchmarks.log_memory [--records N,N,N]`.

For each size a log of thirty days is written through the real `AuditLog` (write-ahead log, tiles, signed
heads; nothing is left out), by a process of its own that says what it holds at the end. Then each reader
runs as a process of its own: `shield audit verify`, `evidence reconcile`, `evidence report` without its
PDF, and the console's index. Of each the highest resident memory and the time are taken. What grows from
one row to the next grows with the log.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.audit import resident_mib
from benchmarks.evidence_log import BUILD, MODEL, ORIGIN, POLICIES, Clock, Made, digest
from benchmarks.machine import describe
from benchmarks.table import Table
from shield.audit import exchange_records
from shield.audit.documents import keep_documents
from shield.audit.files import OsFiles
from shield.audit.log import AuditLog
from shield.config.settings_audit import AuditSettings
from shield.console.indexing import index_logs

SIZES = (10_000, 1_000_000, 10_000_000)
GROUP = 4_096
READERS = ("verify", "reconcile", "report", "index")


async def append(directory: Path, records: int) -> dict[str, float]:
    """Writes the log; returns this process's memory at the end, and how long it took."""
    clock = Clock(1_900_000_000_000_000_000)
    made = Made(clock, records)
    log = await AuditLog.open(
        AuditSettings(directory, ORIGIN), build=BUILD, clock=clock, random=random.Random(2).randbytes
    )
    keep_documents(OsFiles(), log.folder, {digest(text): text for text in (*POLICIES, MODEL)})
    began = time.monotonic()
    waiting = 0
    for draft, forwarded in made.drafts(1, records):
        index = log.append(draft)
        waiting += 1
        if forwarded:
            outcome = exchange_records.outcome(
                request_id=draft.fields["request_id"],
                intent=index,
                status=201,
                result="answered",
                upstream_seconds=0.004,
            )
            log.append(outcome)
            waiting += 1
        if waiting >= GROUP:
            await log.commit(made.heartbeat())
            waiting = 0
    await log.checkpoint()
    seconds, held, size = time.monotonic() - began, resident_mib(), log.size
    await log.close()
    return {"records": size, "append_s": seconds, "append_mib": held}


def index(directory: Path) -> None:
    """Makes the console's index, step by step as the console does."""
    with tempfile.TemporaryDirectory(dir=directory.parent) as scratch:
        while index_logs(Path(scratch) / "index.sqlite3", [directory]):
            pass


def child(*arguments: str) -> tuple[float, float, str]:
    """Seconds, the peak resident memory in MiB, and the output of a Python process."""
    began = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", *arguments], stdout=subprocess.PIPE, text=True)
    output = process.stdout.read() if process.stdout is not None else ""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(arguments[:3])} failed: {process.returncode}\n{output[-2000:]}")
    return time.monotonic() - began, usage.ru_maxrss / 1024, output


def measure(records: int, scratch: Path, readers: list[str]) -> dict[str, Any]:
    directory, own = scratch / "audit", "benchmarks.log_memory"
    _, _, output = child(own, "--append", str(directory), "--records", str(records))
    result: dict[str, Any] = json.loads(output.splitlines()[-1])
    commands = {
        "verify": ("shield", "audit", "verify", str(directory), "--access", "off"),
        "reconcile": ("shield", "evidence", "reconcile", str(directory), "--access", "off"),
        "report": (
            *("shield", "evidence", "report", str(directory), "--out", str(scratch / "pack")),
            *("--seed", "benchmark", "--no-pdf", "--access", "off"),
        ),
        "index": (own, "--index", str(directory)),
    }
    say("append", result)
    for name in readers:
        result[f"{name}_s"], result[f"{name}_mib"], _ = child(*commands[name])
        shutil.rmtree(scratch / "pack", ignore_errors=True)
        say(name, result)
    return result


def say(name: str, result: dict[str, Any]) -> None:
    """Prints each result as soon as it is there, as ten million records take their time."""
    told = (
        f"{result['records']:,} records: {name} {result[f'{name}_s']:.1f} s, {result[f'{name}_mib']:.0f} MiB"
    )
    print(told, file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", default=",".join(map(str, SIZES)), help="the sizes, with commas")
    parser.add_argument("--readers", default=",".join(READERS), help="which of them, with commas")
    parser.add_argument("--directory", type=Path, help="where to write; a temporary folder without it")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--append", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--index", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    sizes = [int(size) for size in options.records.split(",")]
    if options.append:
        print(json.dumps(asyncio.run(append(options.append, sizes[0]))))
        return
    if options.index:
        index(options.index)
        return
    readers = options.readers.split(",")
    results = []
    columns = ["records", "append s", "MiB"]
    for name in readers:
        columns += [f"{name} s", "MiB"]
    table = Table("Highest resident memory, by the size of the log", columns, left=0)
    for size in sizes:
        with tempfile.TemporaryDirectory(dir=options.directory) as scratch:
            result = measure(size, Path(scratch), readers)
        results.append(result)
        row = [f"{result['records']:,}"]
        for name in ("append", *readers):
            row += [f"{result[f'{name}_s']:.1f}", f"{result[f'{name}_mib']:.0f}"]
        table.rows.append(row)
    machine = describe()
    print(
        f"- {machine['cpu']}, {machine['cores']} cores, Linux {machine['kernel']}, Python {machine['python']}"
    )
    print(table.markdown())
    if options.json:
        options.json.write_text(json.dumps({"machine": machine, "results": results}, indent=2) + "\n")


if __name__ == "__main__":
    main()
