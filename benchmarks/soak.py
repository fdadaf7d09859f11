"""Runs the shield for long at a steady load of ever-new words: memory and descriptors must stay flat.

    python -m benchmarks.soak --minutes 10
    python -m benchmarks.soak --minutes 60 --peer shield-patterns

Open loop, at a share of the peer's own maximum. Every content word is new in each request. Before it, enough
requests are sent at full speed to fill the memory of findings (`server.findings_cache`); a first stretch,
until allocators and pools have grown to their working size, is not counted either. Descriptors do not include
the connections of the load itself, and those to the upstream: there are more where the machine is slow.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from benchmarks import machine
from benchmarks.contenders import CONTENDERS, Running
from benchmarks.load import Command
from benchmarks.memory import FLAT_PERCENT
from benchmarks.plot import Chart, Line, svg
from benchmarks.processes import (
    RESULTS,
    Cores,
    LoadGenerator,
    free_port,
    start_upstream,
)
from benchmarks.proxy import working_folder
from benchmarks.runs import kept_run
from benchmarks.surge import Surge
from benchmarks.table import Table, figure
from shield.analyzer.remembered import ENTRY_BYTES, FINDING_BYTES
from shield.config.settings import ServerSettings

PAYLOAD = "ticket"
SHARE = 0.7
WARM = 0.2  # of the time
SAMPLES = 240
CONNECTIONS = 64  # a limit, or a slow moment of the machine would show as descriptors
FILL = ServerSettings().findings_cache // (ENTRY_BYTES + FINDING_BYTES)
"""The number of tickets that fill the memory of findings, as each has a new text with a finding."""
STRETCH = 60.0  # seconds of one run of the load generator; bounds its memory


class Watch:
    """Samples a program during the load: (seconds, MB, descriptors)."""

    def __init__(self, sample: Callable[[], tuple[float, int]], every: float) -> None:
        self._sample = sample
        self._every = every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._began = time.monotonic()
        self.samples: list[tuple[float, float, int]] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            self.samples.append((time.monotonic() - self._began, *self._sample()))
            if self._stop.wait(self._every):
                return


def execute(peer: str, minutes: float, share: float) -> dict[str, Any]:
    cores = Cores.available()
    seconds = minutes * 60
    with contextlib.ExitStack() as stack:
        work = stack.enter_context(working_folder())
        upstream_port = free_port()
        stack.enter_context(start_upstream(upstream_port, cores.rest, work))
        running = Running(CONTENDERS[peer], upstream_port, cores, work)
        program = stack.enter_context(running.program)
        running.assert_correct(PAYLOAD)
        with LoadGenerator(cores.rest) as load:
            load.run(Command("closed", running.port, PAYLOAD, 2.0))
            highest = load.run(Command("closed", running.port, PAYLOAD, 5.0))["rps"]
            load.run(Command("closed", running.port, PAYLOAD, 0.0, count=FILL, longest=1800.0, fresh=True))
        surges = stack.enter_context(LoadGenerator(cores.rest, "benchmarks.surge"))
        stretches: list[dict[str, Any]] = []
        every = max(1.0, seconds / SAMPLES)

        def taken() -> tuple[float, int]:
            return program.memory_mb(), program.descriptors(running.port, upstream_port)

        with Watch(taken, every) as watch:
            while (left := seconds - sum(it["seconds"] for it in stretches)) > 0:
                length = min(STRETCH, left)
                segments = ((share * highest, length),)
                surge = Surge(running.port, PAYLOAD, segments, CONNECTIONS, window=1.0, fresh=True)
                result = surges.run(surge)["by_segment"][0]
                stretches.append({"seconds": length, **result})
                _, memory, descriptors = watch.samples[-1]
                print(f"{result['goodput']:,.0f} req/s  {memory:.0f} MB  {descriptors} open", file=sys.stderr)
    return {
        "machine": machine.describe(),
        "peer": peer,
        "minutes": minutes,
        "rate": share * highest,
        "share": share,
        "stretches": stretches,
        "samples": watch.samples,
    }


def tenths(run: dict[str, Any]) -> list[tuple[float, float, int]]:
    """For each tenth of the time after the warm-up: its middle, the medians of memory and descriptors."""
    end = run["samples"][-1][0]
    begin = WARM * end
    found = []
    for number in range(10):
        left, right = (begin + (end - begin) * part / 10 for part in (number, number + 1))
        within = sorted(it for it in run["samples"] if left <= it[0] <= right)
        if within:
            middle = len(within) // 2
            memory = sorted(it[1] for it in within)[middle]
            descriptors = sorted(it[2] for it in within)[middle]
            found.append(((left + right) / 2, memory, descriptors))
    return found


def soak_table(run: dict[str, Any]) -> Table:
    title = (
        f"{CONTENDERS[run['peer']].title}: {run['minutes']:g} minutes of 0.9 KB tickets of ever-new words at "
        f"{run['rate']:,.0f} req/s ({run['share']:.0%} of its maximum)"
    )
    table = Table(title, ("minute", "MB", "open descriptors"), left=0)
    for at, memory, descriptors in tenths(run):
        table.rows.append((figure(at / 60), figure(memory), f"{descriptors}"))
    return table


def lines(run: dict[str, Any]) -> list[tuple[bool, str]]:
    """For each limit: whether it is kept, and a sentence that says so."""
    found = tenths(run)
    grown = 100 * (found[-1][1] / found[0][1] - 1)
    opened = 100 * (found[-1][2] / found[0][2] - 1)
    offered = sum(it["offered"] for it in run["stretches"])
    refused = sum(it["refused"] for it in run["stretches"])
    failed = offered - refused - sum(it["accepted"] for it in run["stretches"])
    sentences = [
        (grown <= FLAT_PERCENT, f"memory {grown:+.1f} % since warm; limit {FLAT_PERCENT:+.0f} %"),
        (opened <= FLAT_PERCENT, f"descriptors {opened:+.1f} % since warm; limit {FLAT_PERCENT:+.0f} %"),
        (not failed, f"{failed} of {offered:,} requests failed; {refused:,} were refused for overload"),
    ]
    return [(kept, f"{sentence}: {'kept' if kept else 'EXCEEDED'}") for kept, sentence in sentences]


def charts(run: dict[str, Any]) -> dict[str, Chart]:
    minutes = [(at / 60, memory, descriptors) for at, memory, descriptors in run["samples"]]
    return {
        "soak-memory": Chart(
            "Memory over time",
            "minutes",
            "MB resident, all processes",
            [Line("resident", [(at, memory) for at, memory, _ in minutes])],
        ),
        "soak-descriptors": Chart(
            "Descriptors over time",
            "minutes",
            "open, all processes",
            [Line("open", [(at, descriptors) for at, _, descriptors in minutes])],
        ),
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.soak",
        description="Memory and descriptors over a long time at a steady load.",
        epilog="exit status: 0 within the limits; 1 not; 2 the peer did not start or is not correct",
    )
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--share", type=float, default=SHARE, help="of the peer's own maximum (default 0.7)")
    parser.add_argument(
        "--peer", choices=("shield-full", "shield-patterns", "shield-none"), default="shield-full"
    )
    parser.add_argument("--json", type=Path, default=RESULTS / "soak.json", help="where the figures go")
    parser.add_argument("--plots", type=Path, default=RESULTS, help="the folder of the plots")
    parser.add_argument("--markdown", action="store_true", help="print as in docs/performance.md")
    parser.add_argument(
        "--show", action="store_true", help="print and draw what --json holds; measure nothing"
    )
    given = parser.parse_args()
    if given.show:
        run = json.loads(given.json.read_text())
    else:
        run = kept_run(lambda: execute(given.peer, given.minutes, given.share), given.json)
    given.plots.mkdir(parents=True, exist_ok=True)
    for name, chart in charts(run).items():
        (given.plots / f"{name}.svg").write_text(svg(chart))
    table, told = soak_table(run), lines(run)
    print(table.markdown() if given.markdown else table.plain(), end="\n\n")
    print(*(f"- {sentence}" if given.markdown else sentence for _, sentence in told), sep="\n")
    print(f"written: {given.json} {given.plots}/soak-*.svg", file=sys.stderr)
    return 0 if all(kept for kept, _ in told) else 1


if __name__ == "__main__":
    sys.exit(main())
