"""Measures throughput and latency of the shield and its peers, with the same upstream, in one run.

    python -m benchmarks                          # everything, about 20 minutes
    python -m benchmarks --quick                  # one short round of the 0.9 KB ticket
    python -m benchmarks --peers bare,presidio --payloads ticket --seconds 3 --rounds 3

Rounds are interleaved (A B C, then B C A, …), so that a slow minute of the machine affects all peers; a
ratio is always between two figures of the same round. Each peer's work is checked before it is timed.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.contenders import CONTENDERS, DIRECT, Running
from benchmarks.load import Command
from benchmarks.payloads import TIMED
from benchmarks.processes import (
    RESULTS,
    Cores,
    LoadGenerator,
    Program,
    free_port,
    start_upstream,
)
from benchmarks.runs import kept_run
from benchmarks.summary import (
    Run,
    Sample,
    caution_lines,
    latency_table,
    machine_lines,
    rounds_table,
    target_lines,
    throughput_table,
)

LEAST_OPEN = 20  # an open-loop measurement is prolonged (up to four times) to reach this many requests
LEAST_WORTH = 5  # and left out where it would not reach this many


@dataclass(frozen=True, slots=True)
class Options:
    peers: tuple[str, ...]
    payloads: tuple[str, ...]
    seconds: float
    rounds: int
    shares: tuple[float, ...]
    connections: int


@contextlib.contextmanager
def working_folder() -> Iterator[Path]:
    """A folder on the disk of the checkout (audit logs are synced to it), removed afterwards."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="work-", dir=RESULTS))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Bench:
    """Everything that runs during a run."""

    def __init__(
        self,
        options: Options,
        load: LoadGenerator,
        upstream: Program,
        upstream_port: int,
        peers: list[Running],
    ) -> None:
        self._options = options
        self._load = load
        self._upstream = upstream
        self._upstream_port = upstream_port
        self._peers = {peer.contender.name: peer for peer in peers}

    def check(self) -> None:
        for peer in self._peers.values():
            for payload in self._options.payloads:
                peer.assert_correct(payload)

    def warm_up(self) -> None:
        for peer in self._peers.values():
            for payload in self._options.payloads:
                command = Command("closed", peer.port, payload, 1.0, warm=0.0, least=2, longest=30.0)
                self._load.run(command)

    def measure(self) -> tuple[list[Sample], list[Sample]]:
        """The samples of all rounds: closed loop, open loop."""
        closed: list[Sample] = []
        opened: list[Sample] = []
        names = list(self._peers)
        for number in range(self._options.rounds):
            turn = number % len(names)
            for payload in self._options.payloads:
                for name in (DIRECT, *names[turn:], *names[:turn]):
                    sample: Sample = {"round": number, "payload": payload, "peer": name}
                    sample |= self._closed(name, payload)
                    closed.append(sample)
                    _progress(sample)
                    if name != DIRECT and sample["rps"]:
                        opened.extend(self._open(number, name, payload, sample["rps"]))
        return closed, opened

    def _closed(self, name: str, payload: str) -> Sample:
        tested = self._upstream if name == DIRECT else self._peers[name].program
        port = self._upstream_port if name == DIRECT else self._peers[name].port
        before, busy, since = tested.cpu_seconds(), machine.busy_seconds(), time.perf_counter()
        ours = self._own_cpu()
        result = self._load.run(
            Command("closed", port, payload, self._options.seconds, self._options.connections)
        )
        elapsed = time.perf_counter() - since
        foreign = machine.busy_seconds() - busy - (self._own_cpu() - ours)
        return result | {
            "cpu_percent": 100 * (tested.cpu_seconds() - before) / elapsed,
            "foreign_cpu_percent": max(0.0, 100 * foreign / elapsed),
            "rss_mb": tested.memory_mb(),
        }

    def _own_cpu(self) -> float:
        programs = [self._upstream, *(peer.program for peer in self._peers.values())]
        return sum(program.cpu_seconds() for program in programs) + self._load.cpu_seconds()

    def _open(self, number: int, name: str, payload: str, highest: float) -> Iterator[Sample]:
        seconds = self._options.seconds
        for share in self._options.shares:
            rate = share * highest
            lasting = min(4 * seconds, max(seconds, LEAST_OPEN / rate))
            if rate * lasting < LEAST_WORTH:
                continue
            result = self._load.run(Command("open", self._peers[name].port, payload, lasting, rate=rate))
            shorter = max(min(2.0, lasting), LEAST_WORTH / rate)
            direct = self._load.run(Command("open", self._upstream_port, payload, shorter, rate=rate))
            sample = {"round": number, "payload": payload, "peer": name, "share": share, "rate": rate}
            yield sample | result | {"direct": direct}


def _progress(sample: Sample) -> None:
    rps = f"{sample['rps']:,.1f} req/s" if sample["rps"] else "no answer"
    print(f"round {sample['round'] + 1}  {sample['payload']:<11} {sample['peer']:<16} {rps}", file=sys.stderr)


def execute(options: Options) -> Run:
    """Starts everything, checks, warms up, measures, stops everything."""
    cores = Cores.available()
    started = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    with contextlib.ExitStack() as stack:
        work = stack.enter_context(working_folder())
        upstream_port = free_port()
        upstream = stack.enter_context(start_upstream(upstream_port, cores.rest, work))
        peers: list[Running] = []
        for name in options.peers:
            running = Running(CONTENDERS[name], upstream_port, cores, work)
            stack.enter_context(running.program)
            peers.append(running)
        load = stack.enter_context(LoadGenerator(cores.rest))
        bench = Bench(options, load, upstream, upstream_port, peers)
        bench.check()
        bench.warm_up()
        described = machine.describe()
        closed, opened = bench.measure()
    return {
        "started": started,
        "machine": described,
        "options": {
            "peers": options.peers,
            "payloads": options.payloads,
            "seconds": options.seconds,
            "rounds": options.rounds,
            "shares": options.shares,
            "connections": options.connections,
        },
        "closed": closed,
        "open": opened,
    }


def render(run: Run) -> str:
    tables = [throughput_table(run), rounds_table(run), latency_table(run)]
    parts = ["\n".join(machine_lines(run)), *(table.plain() for table in tables if table.rows)]
    parts.append("\n".join(sentence for _, sentence in target_lines(run)))
    parts.append("\n".join(f"caution: {line}" for line in caution_lines(run)))
    return "\n\n".join(part for part in parts if part)


def _names(allowed: tuple[str, ...]) -> Any:
    def parse(text: str) -> tuple[str, ...]:
        names = tuple(name.strip() for name in text.split(",") if name.strip())
        for name in names:
            if name not in allowed:
                raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(allowed)}")
        return names

    return parse


def _shares(text: str) -> tuple[float, ...]:
    return tuple(float(share) for share in text.split(",") if share)


def main() -> int:
    peers = tuple(CONTENDERS)
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Throughput and added latency of the shield and its peers against one upstream.",
        epilog="exit status: 0 measured; 1 a request failed, or with --check a target was missed; "
        "2 a peer did not start or is not correct",
    )
    parser.add_argument("--peers", type=_names(peers), default=peers, help=f"of {','.join(peers)}")
    parser.add_argument("--payloads", type=_names(TIMED), default=TIMED, help=f"of {','.join(TIMED)}")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each measurement (5)")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds (3)")
    parser.add_argument("--shares", type=_shares, default=(0.3, 0.7), help="of the own maximum (0.3,0.7)")
    parser.add_argument(
        "--connections", type=int, default=0, help="of the closed loop (64, 16, 4 by payload)"
    )
    parser.add_argument("--json", type=Path, default=RESULTS / "proxy.json", help="where the figures go")
    parser.add_argument("--quick", action="store_true", help="one round of 1.5 s, the 0.9 KB ticket, 70 %%")
    parser.add_argument("--check", action="store_true", help="fail where a target is missed")
    given = parser.parse_args()
    options = Options(
        given.peers, given.payloads, given.seconds, given.rounds, given.shares, given.connections
    )
    if given.quick:
        options = Options(given.peers, ("ticket",), 1.5, 1, (0.7,), given.connections)
    run = kept_run(lambda: execute(options), given.json)
    print(render(run))
    print(f"\nwritten to {given.json}")
    failed = any(sample["errors"] or sample["unfinished"] for sample in (*run["closed"], *run["open"]))
    missed = given.check and not all(met for met, _ in target_lines(run))
    return 1 if failed or missed else 0


if __name__ == "__main__":
    sys.exit(main())
