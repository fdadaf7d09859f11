"""What the console costs writes: `python -m benchmarks.console --only writes`.

`shield serve` with its console beside it. The worker has one core; the load, the upstream and the readers'
own work another; the console may use both. Writes come by the clock, at a share of what the shield can do
at most. Rounds with the console idle and rounds with readers who ask for pages without pause take turns,
on one log and one disk. A latency counts from the moment at which the request should have left.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import requests
import yaml

from benchmarks.load import Command
from benchmarks.processes import Cores, LoadGenerator, Program, free_port, start_upstream
from benchmarks.shield_config import shield_settings
from benchmarks.table import Table, figure

PATHS = ("/", "/log", "/log?route=tickets&entity=PERSON", "/exceptions", "/keys", "/policies")
PERCENTILES = ("p50", "p95", "p99")
CONNECTIONS = 8
PROBE_SECONDS = 3.0


class Readers:
    """Users who ask for pages without pause. Their own work stands back: it is not what is measured."""

    def __init__(self, session: requests.Session, port: int, count: int, cores: frozenset[int]) -> None:
        self._stop = threading.Event()
        self._cookies = session.cookies
        self._url = f"http://127.0.0.1:{port}"
        self._cores = cores
        self.page_ms: list[float] = []
        self.refused = 0
        self._threads = [threading.Thread(target=self._read, args=(number,)) for number in range(count)]

    def _read(self, number: int) -> None:
        os.sched_setaffinity(0, self._cores)  # of this thread alone
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
        session = requests.Session()
        session.cookies.update(self._cookies)
        for path in itertools.islice(itertools.cycle(PATHS), number, None):
            if self._stop.is_set():
                return
            began = time.perf_counter()
            answer = session.get(f"{self._url}{path}", timeout=300)
            self.page_ms.append((time.perf_counter() - began) * 1000)
            self.refused += answer.status_code != requests.codes.ok

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


def measure_writes(
    work: Path,
    old_log: Path,
    sign_in: Callable[[Program, int], requests.Session],
    wait_indexed: Callable[[int], None],
    *,
    seconds: float,
    share: float,
    rounds: int,
    readers: int,
    priority: str,
) -> dict[str, Any]:
    """`share` of the highest rate; `rounds` of each kind. Latencies in milliseconds."""
    cores = Cores.available()
    upstream_port, proxy_port, admin_port, port = (free_port() for _ in range(4))
    settings = shield_settings(
        "patterns", proxy_port=proxy_port, admin_port=admin_port, upstream_port=upstream_port, work=work
    )
    settings["server"] = {"workers": 1}
    settings["console"] = {
        "listener": {"host": "127.0.0.1", "port": port},
        "directory": str(work / "console-writes"),
        "audit_directories": [str(old_log)],
        "verify_interval": "365d",
        "priority": priority,
    }
    config = work / "writes.yaml"
    config.write_text(yaml.safe_dump(settings, sort_keys=False))
    found: dict[str, list[dict[str, float]]] = {"idle": [], "read": []}
    page_ms: list[float] = []
    refused = 0
    with contextlib.ExitStack() as stack:
        stack.enter_context(start_upstream(upstream_port, cores.rest, work))
        shield = Program("shield", ["-m", "shield", "serve", "-c", str(config)], cores.tested, work)
        stack.enter_context(shield)
        shield.wait_ready(admin_port, "/readyz")
        shield.wait_ready(port, "/healthz")
        session = sign_in(shield, port)
        for pid in shield.pids():
            if b"\0console\0" in Path(f"/proc/{pid}/cmdline").read_bytes():
                for task in Path(f"/proc/{pid}/task").iterdir():
                    os.sched_setaffinity(int(task.name), cores.tested | cores.rest)
        wait_indexed(port)
        load = stack.enter_context(LoadGenerator(cores.rest))
        probe = Command("closed", proxy_port, "ticket", PROBE_SECONDS, connections=CONNECTIONS)
        most = float(load.run(probe)["rps"])
        command = Command("open", proxy_port, "ticket", seconds, rate=share * most)
        for number in range(rounds):
            for kind in ("idle", "read") if number % 2 == 0 else ("read", "idle"):
                wait_indexed(port)
                os.sync()  # what earlier rounds left for the disk is no part of this one
                if kind == "idle":
                    found[kind].append(load.run(command)["latency_ms"])
                    continue
                with Readers(session, port, readers, cores.rest) as reading:
                    found[kind].append(load.run(command)["latency_ms"])
                page_ms += reading.page_ms
                refused += reading.refused
    return {
        "most_rps": most,
        "rate": share * most,
        "share": share,
        "seconds": seconds,
        "rounds": rounds,
        "readers": readers,
        "priority": priority,
        "page_ms": sorted(page_ms),
        "pages_refused": refused,
        **found,
    }


def print_writes(result: dict[str, Any]) -> None:
    rounds = result["rounds"]
    table = Table(
        f"Writes at {result['rate']:.0f} a second ({result['share']:.0%} of the most), milliseconds: "
        f"median of {rounds} rounds (lowest to highest)",
        ("console", *PERCENTILES),
        left=1,
    )
    middle: dict[str, float] = {}
    for kind, words in (("idle", "idle"), ("read", f"{result['readers']} readers without pause")):
        cells = []
        for at in PERCENTILES:
            values = [each[at] for each in result[kind]]
            middle[f"{kind} {at}"] = statistics.median(values)
            cells.append(f"{figure(statistics.median(values), 2)} ({min(values):.1f} to {max(values):.1f})")
        table.rows.append((words, *cells))
    print(table.markdown())
    ratios = [read["p99"] / idle["p99"] for idle, read in zip(result["idle"], result["read"], strict=True)]
    pages = result["page_ms"]
    print(
        f"p99 with readers is {middle['read p99'] / middle['idle p99']:.2f} times that without "
        f"(pairs of rounds: {min(ratios):.2f} to {max(ratios):.2f}); priority: {result['priority']}"
    )
    if pages:
        took = result["seconds"] * rounds
        print(
            f"they read {len(pages) / took:.0f} pages a second: median {statistics.median(pages):.0f} ms, "
            f"95 % {pages[int(0.95 * (len(pages) - 1))]:.0f} ms; {result['pages_refused']} refused"
        )
