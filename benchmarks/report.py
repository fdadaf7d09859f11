"""Renders the JSON of a run as the Markdown of docs/performance.md.

python -m benchmarks.report [benchmarks/results/proxy.json] [--memory benchmarks/results/memory.json]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.memory import memory_lines, memory_table
from benchmarks.processes import RESULTS
from benchmarks.summary import (
    Run,
    caution_lines,
    latency_table,
    machine_lines,
    rounds_table,
    target_lines,
    throughput_table,
)


def proxy_markdown(run: Run) -> str:
    tables = [throughput_table(run), rounds_table(run), latency_table(run)]
    parts = ["\n".join(f"- {line}" for line in machine_lines(run))]
    parts.extend(table.markdown() for table in tables if table.rows)
    remarks = [sentence for _, sentence in target_lines(run)]
    remarks.extend(f"Caution: {line}" for line in caution_lines(run))
    parts.append("\n".join(f"- {line}" for line in remarks))
    return "\n\n".join(part for part in parts if part)


def memory_markdown(run: dict[str, Any]) -> str:
    lines = "\n".join(f"- {line}" for _, line in memory_lines(run))
    return f"{memory_table(run).markdown()}\n\n{lines}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report", description="JSON to Markdown.")
    parser.add_argument("proxy", type=Path, nargs="?", default=RESULTS / "proxy.json")
    parser.add_argument("--memory", type=Path, default=RESULTS / "memory.json")
    given = parser.parse_args()
    parts: list[str] = []
    if given.proxy.exists():
        parts.append(proxy_markdown(json.loads(given.proxy.read_text())))
    if given.memory.exists():
        parts.append(memory_markdown(json.loads(given.memory.read_text())))
    if not parts:
        print(f"neither {given.proxy} nor {given.memory} is there: run the benchmarks first", file=sys.stderr)
        return 2
    print("\n\n".join(parts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
