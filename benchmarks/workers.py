"""Measures the gain of a second worker: the shield with one worker on one core, and with two on two.

    python -m benchmarks.workers                       # everything on, 0.9 KB tickets
    python -m benchmarks.workers --peer shield-patterns

Both run all the time and are measured by turns, in a closed loop. With one worker the load generator and the
upstream have the other core. With two they have none of their own and take time from the workers: how much
that was is printed, and besides the plain ratio the one relative to the processor time that the shield got.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from benchmarks import machine
from benchmarks.contenders import CONTENDERS, Contender, Running
from benchmarks.load import Command
from benchmarks.processes import (
    RESULTS,
    Cores,
    LoadGenerator,
    Program,
    free_port,
    start_upstream,
)
from benchmarks.proxy import working_folder
from benchmarks.runs import kept_run
from benchmarks.table import Table, figure, significant

PAYLOAD = "ticket"
CONNECTIONS = 64
WORKERS = (1, 2)
LIMIT = 0.85
"""The share of a doubling that counts as near-linear, relative to the processor time that the shield got."""


def with_workers(contender: Contender, number: int) -> Contender:
    """The contender with `number` workers under a supervisor."""

    def arguments(proxy_port: int, admin_port: int, upstream_port: int, work: Path) -> list[str]:
        folder = work / f"workers-{number}"
        folder.mkdir()
        given = contender.arguments(proxy_port, admin_port, upstream_port, folder)
        path = Path(given[-1])
        settings = yaml.safe_load(path.read_text())
        settings["server"]["workers"] = number
        path.write_text(yaml.safe_dump(settings, sort_keys=False))
        return given

    return replace(contender, arguments=arguments, name=f"{contender.name}-{number}")


def cores_for(number: int, all_cores: Cores) -> tuple[frozenset[int], frozenset[int]]:
    """The cores of the shield, and those of the load generator and the upstream."""
    if number == 1:
        return all_cores.tested, all_cores.rest
    both = all_cores.tested | all_cores.rest
    return both, both


def execute(peer: str, seconds: float, rounds: int) -> dict[str, Any]:
    available = Cores.available()
    samples: list[dict[str, Any]] = []
    with contextlib.ExitStack() as stack:
        work = stack.enter_context(working_folder())
        setups: list[tuple[int, Running, Program, LoadGenerator]] = []
        for number in WORKERS:
            own, rest = cores_for(number, available)
            upstream_port = free_port()
            (work / f"upstream-{number}").mkdir()
            upstream = stack.enter_context(start_upstream(upstream_port, rest, work / f"upstream-{number}"))
            running = Running(with_workers(CONTENDERS[peer], number), upstream_port, Cores(own, rest), work)
            stack.enter_context(running.program)
            load = stack.enter_context(LoadGenerator(rest))
            running.assert_correct(PAYLOAD)
            load.run(Command("closed", running.port, PAYLOAD, 2.0, CONNECTIONS))
            setups.append((number, running, upstream, load))
        for turn in range(rounds):
            for number, running, upstream, load in setups:
                since = time.perf_counter()
                before = running.program.cpu_seconds(), upstream.cpu_seconds() + load.cpu_seconds()
                result = load.run(Command("closed", running.port, PAYLOAD, seconds, CONNECTIONS))
                elapsed = time.perf_counter() - since
                after = running.program.cpu_seconds(), upstream.cpu_seconds() + load.cpu_seconds()
                sample = {
                    "round": turn,
                    "workers": number,
                    "rps": result["rps"],
                    "p99_ms": result["latency_ms"]["p99"],
                    "errors": result["errors"] + result["unfinished"],
                    "shield_cores": (after[0] - before[0]) / elapsed,
                    "other_cores": (after[1] - before[1]) / elapsed,
                }
                samples.append(sample)
                print(f"round {turn + 1}  {number} worker(s)  {sample['rps']:,.1f} req/s", file=sys.stderr)
    return {"machine": machine.describe(), "peer": peer, "seconds": seconds, "samples": samples}


def middle(run: dict[str, Any], workers: int, what: str) -> float:
    """The median of a figure over the rounds."""
    return statistics.median(it[what] for it in run["samples"] if it["workers"] == workers)


def workers_table(run: dict[str, Any]) -> Table:
    title = f"{CONTENDERS[run['peer']].title}: 0.9 KB tickets, closed loop, medians of the rounds"
    header = ("workers", "req/s", "x one", "p99 ms", "shield, cores", "load and upstream, cores", "errors")
    table = Table(title, header, left=1)
    for number in WORKERS:
        table.rows.append(
            (
                str(number),
                significant(middle(run, number, "rps")),
                figure(middle(run, number, "rps") / middle(run, WORKERS[0], "rps"), 2),
                significant(middle(run, number, "p99_ms")),
                figure(middle(run, number, "shield_cores"), 2),
                figure(middle(run, number, "other_cores"), 2),
                str(sum(it["errors"] for it in run["samples"] if it["workers"] == number)),
            )
        )
    return table


def linearity(run: dict[str, Any]) -> float:
    """Requests per second of the shield's processor time with two workers, divided by those with one."""
    one, two = (middle(run, it, "rps") / middle(run, it, "shield_cores") for it in WORKERS)
    return two / one


def workers_line(run: dict[str, Any]) -> tuple[bool, str]:
    """Whether it is near-linear, and a sentence that says so."""
    share = linearity(run)
    met = share >= LIMIT
    verdict = "met" if met else "MISSED"
    return met, (
        f"with two workers {share:.2f} x the requests of one for each second of the shield's processor time; "
        f"target at least {LIMIT:g}: {verdict}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.workers",
        description="One worker on one core against two on two.",
        epilog="exit status: 0 near-linear; 1 not; 2 the peer did not start or is not correct, or there is "
        "one core only",
    )
    parser.add_argument(
        "--peer", choices=("shield-full", "shield-patterns", "shield-none"), default="shield-full"
    )
    parser.add_argument("--seconds", type=float, default=5.0, help="of each measurement (5)")
    parser.add_argument("--rounds", type=int, default=3, help="in turns (3)")
    parser.add_argument("--json", type=Path, default=RESULTS / "workers.json", help="where the figures go")
    parser.add_argument("--markdown", action="store_true", help="print as in docs/performance.md")
    given = parser.parse_args()
    available = Cores.available()
    if available.tested == available.rest:
        print("two cores are needed", file=sys.stderr)
        return 2
    run = kept_run(lambda: execute(given.peer, given.seconds, given.rounds), given.json)
    table, (met, sentence) = workers_table(run), workers_line(run)
    print(table.markdown() if given.markdown else table.plain(), end="\n\n")
    print(f"- {sentence}" if given.markdown else sentence)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
