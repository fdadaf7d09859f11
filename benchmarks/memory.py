"""Measures the resident memory of the shield over many requests with ever-new words.

    python -m benchmarks.memory                       # 100,000 requests, everything on
    python -m benchmarks.memory --requests 10000 --peer shield-patterns

A vocabulary, a cache or a pool that grows with the words it sees shows as a slope; a fixed cost does not.
Every content word of these bodies is new in each request.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.contenders import CONTENDERS, Running
from benchmarks.load import Command
from benchmarks.processes import (
    RESULTS,
    Cores,
    LoadGenerator,
    free_port,
    start_upstream,
)
from benchmarks.proxy import working_folder
from benchmarks.runs import kept_run
from benchmarks.table import Table, figure

LIMIT_MB = 600.0
FLAT_PERCENT = 5.0  # how much the end may exceed the warm state
WARM_SHARE = 0.1  # of the requests; allocators and pools have grown to their working size by then
SAMPLES = 100
PAYLOAD = "note"


def slope(points: list[tuple[int, float]]) -> float:
    """The slope by least squares, in MB per 100,000 requests."""
    if len(points) < 2:
        return 0.0
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return 100_000 * sum((x - mean_x) * (y - mean_y) for x, y in points) / spread


def execute(peer: str, requests: int) -> dict[str, Any]:
    cores = Cores.available()
    chunk = max(1, requests // SAMPLES)
    with contextlib.ExitStack() as stack:
        work = stack.enter_context(working_folder())
        upstream_port = free_port()
        stack.enter_context(start_upstream(upstream_port, cores.rest, work))
        running = Running(CONTENDERS[peer], upstream_port, cores, work)
        program = stack.enter_context(running.program)
        load = stack.enter_context(LoadGenerator(cores.rest))
        samples = [(0, program.memory_mb())]
        running.assert_correct(PAYLOAD)
        errors = 0
        seconds = 0.0
        sent = 0
        while sent < requests:
            count = min(chunk, requests - sent)
            result = load.run(
                Command(
                    "closed", running.port, PAYLOAD, 0.0, warm=0.0, count=count, longest=600.0, fresh=True
                )
            )
            sent += count
            seconds += result["seconds"]
            errors += result["errors"]
            samples.append((sent, program.memory_mb()))
            if sent * 10 // requests > (sent - count) * 10 // requests:
                print(f"{sent:>8} requests  {samples[-1][1]:.0f} MB", file=sys.stderr)
        peak = program.memory_mb("VmHWM")
    return {
        "machine": machine.describe(),
        "peer": peer,
        "requests": requests,
        "seconds": seconds,
        "errors": errors,
        "peak_mb": peak,
        "samples": samples,
    }


def _warm(run: dict[str, Any]) -> list[tuple[int, float]]:
    """The samples after the warm-up; `requests` of the first tells when that ended."""
    return [(sent, mb) for sent, mb in run["samples"] if sent >= WARM_SHARE * run["requests"]]


def memory_table(run: dict[str, Any]) -> Table:
    warm = _warm(run)
    title = (
        f"Resident memory of {CONTENDERS[run['peer']].title}, {run['requests']:,} requests of ever-new words"
    )
    table = Table(title, ("state", "requests", "MB"), left=1)
    table.rows.append(("ready, no request yet", "0", figure(run["samples"][0][1])))
    table.rows.append(("warm", f"{warm[0][0]:,}", figure(warm[0][1])))
    for tenth in (0.25, 0.5, 0.75):
        sent, mb = next(point for point in run["samples"] if point[0] >= tenth * run["requests"])
        table.rows.append(("", f"{sent:,}", figure(mb)))
    table.rows.append(("end", f"{run['samples'][-1][0]:,}", figure(run["samples"][-1][1])))
    table.rows.append(("peak", "", figure(run["peak_mb"])))
    return table


def memory_lines(run: dict[str, Any]) -> list[tuple[bool, str]]:
    """For each limit: whether it is kept, and a sentence that says so."""
    warm = _warm(run)
    growth = 100 * (warm[-1][1] / warm[0][1] - 1)
    grown = f"growth since warm {growth:+.1f} %, slope {slope(warm):+.1f} MB per 100,000 requests"
    return [
        _judged(run["peak_mb"] < LIMIT_MB, f"peak {run['peak_mb']:.0f} MB; limit {LIMIT_MB:.0f} MB"),
        _judged(growth <= FLAT_PERCENT, f"{grown}; limit {FLAT_PERCENT:+.0f} %"),
        _judged(
            not run["errors"], f"{run['errors']} errors at {run['requests'] / run['seconds']:,.0f} req/s"
        ),
    ]


def _judged(kept: bool, sentence: str) -> tuple[bool, str]:
    return kept, f"{sentence}: {'kept' if kept else 'EXCEEDED'}"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.memory",
        description="Resident memory over many requests of ever-new words.",
        epilog="exit status: 0 within the limits; 1 not; 2 the peer did not start or is not correct",
    )
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--peer", choices=tuple(CONTENDERS), default="shield-full")
    parser.add_argument("--json", type=Path, default=RESULTS / "memory.json")
    given = parser.parse_args()
    run = kept_run(lambda: execute(given.peer, given.requests), given.json)
    print(memory_table(run).plain())
    print()
    for _, sentence in memory_lines(run):
        print(sentence)
    print(f"\nwritten to {given.json}")
    return 0 if all(kept for kept, _ in memory_lines(run)) else 1


if __name__ == "__main__":
    sys.exit(main())
