"""Measures how the console slows writes: `python -m benchmarks.console --only writes`.

`shield serve` runs with its console. The worker has one core; the load, the upstream and the readers' own
work have another; the console may use both. Writes are sent on a schedule, at a rate that the worker handles
easily, and a latency counts from the moment at which the request should have been sent.

Each round has three short phases in random order: `alone`, `readers`, who request pages without pause, and
`again`, which is `alone` once more. The difference between `again` and `alone` is the noise of this machine,
against which the difference of `readers` is to be judged. Before each phase is a pause in which the leftovers
of the one before (an access log that is signed and released) are finished.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import requests
import yaml

from benchmarks.load import Command
from benchmarks.processes import (
    BenchmarkError,
    Cores,
    LoadGenerator,
    Program,
    cpu_seconds,
    free_port,
    start_upstream,
)
from benchmarks.ratio import Interval, percentile, percentile_interval, ratio_interval
from benchmarks.shield_config import shield_settings
from benchmarks.table import Table, figure

PATHS = ("/", "/log", "/log?route=tickets&entity=PERSON", "/exceptions", "/keys", "/policies")
KINDS = ("alone", "readers", "again")
PERCENTILES = (50, 95, 99)
PAUSE_SECONDS = 1.5


class Readers:
    """Users who request pages without pause. Their own work has low priority, as it is not measured."""

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


def written_config(
    work: Path, old_log: Path, *, proxy: int, admin: int, upstream: int, console: int, priority: str
) -> Path:
    """Writes the configuration of one worker and of a console over another log; the keywords are ports."""
    settings = shield_settings(
        "patterns", proxy_port=proxy, admin_port=admin, upstream_port=upstream, work=work
    )
    settings["server"] = {"workers": 1}
    settings["console"] = {
        "listener": {"host": "127.0.0.1", "port": console},
        "directory": str(work / "console-writes"),
        "audit_directories": [str(old_log)],
        "verify_interval": "365d",
        "priority": priority,
    }
    config = work / "writes.yaml"
    config.write_text(yaml.safe_dump(settings, sort_keys=False))
    return config


def measure_writes(
    work: Path,
    old_log: Path,
    sign_in: Callable[[Program, int], requests.Session],
    wait_indexed: Callable[[int], None],
    *,
    seconds: float,
    rate: float,
    rounds: int,
    readers: int,
    priority: str,
) -> dict[str, Any]:
    """Latencies in milliseconds by kind and round: `rate` writes a second, `rounds` phases of each kind."""
    cores = Cores.available()
    upstream_port, proxy_port, admin_port, port = (free_port() for _ in range(4))
    config = written_config(
        work,
        old_log,
        proxy=proxy_port,
        admin=admin_port,
        upstream=upstream_port,
        console=port,
        priority=priority,
    )
    found: dict[str, list[list[float]]] = {kind: [] for kind in KINDS}
    page_ms: list[float] = []
    refused = 0
    with contextlib.ExitStack() as stack:
        stack.enter_context(start_upstream(upstream_port, cores.rest, work))
        arguments = ["-m", "shield", "serve", "-c", str(config)]
        shield = Program("shield", arguments, cores.tested, work)
        stack.enter_context(shield)
        shield.wait_ready(admin_port, "/readyz")
        shield.wait_ready(port, "/healthz")
        session = sign_in(shield, port)
        console = console_pids(shield)
        for pid in console:
            for task in Path(f"/proc/{pid}/task").iterdir():
                os.sched_setaffinity(int(task.name), cores.tested | cores.rest)
        wait_indexed(port)
        load = stack.enter_context(LoadGenerator(cores.rest))
        command = Command("open", proxy_port, "ticket", seconds, rate=rate, each=True)
        load.run(command)  # not counted: a warm-up
        chance = random.Random(rounds)
        console_seconds = 0.0
        for _ in range(rounds):
            for kind in chance.sample(KINDS, len(KINDS)):
                wait_indexed(port)
                os.sync()  # pending disk writes of earlier phases must not count in this one
                time.sleep(PAUSE_SECONDS)
                if kind != "readers":
                    found[kind].append(_write(load, command))
                    continue
                began = sum(map(cpu_seconds, console))
                with Readers(session, port, readers, cores.rest) as reading:
                    found[kind].append(_write(load, command))
                console_seconds += sum(map(cpu_seconds, console)) - began
                page_ms += reading.page_ms
                refused += reading.refused
    return {
        "rate": rate,
        "seconds": seconds,
        "rounds": rounds,
        "readers": readers,
        "priority": priority,
        "page_ms": sorted(page_ms),
        "pages_refused": refused,
        "console_cpu_seconds": console_seconds,
        "latencies_ms": found,
    }


def console_pids(shield: Program) -> list[int]:
    """The processes of the console of a shield, with its children."""
    found = [pid for pid in shield.pids() if b"\0console\0" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    if not found:
        raise BenchmarkError("there is no console beside the shield")
    return found


def _write(load: LoadGenerator, command: Command) -> list[float]:
    result = load.run(command)
    if result["errors"] or result["unfinished"]:
        raise BenchmarkError(f"{result['errors']} writes failed, {result['unfinished']} had no answer")
    latencies: list[float] = result["latencies_ms"]
    return latencies


def print_writes(result: dict[str, Any]) -> None:
    found: dict[str, list[list[float]]] = result["latencies_ms"]
    words = {
        "alone": "idle",
        "readers": f"{result['readers']} readers without pause",
        "again": "idle again (control)",
    }
    counted = sum(len(values) for values in found["alone"])
    table = Table(
        f"Writes at {result['rate']:.0f} a second, milliseconds: {result['rounds']} phases of "
        f"{result['seconds']:g} s of each kind, {counted:,} writes (95 % interval over phases)",
        ("console", *(f"p{at}" for at in PERCENTILES), "p99 of the median phase"),
        left=1,
    )
    for kind in KINDS:
        cells = [_with_bounds(percentile_interval(found[kind], at)) for at in PERCENTILES]
        middle = statistics.median(percentile([values], 99) for values in found[kind])
        table.rows.append((words[kind], *cells, figure(middle, 2)))
    print(table.markdown())
    ratios = Table(
        "In multiples of the first row (95 % interval)",
        ("console", *(f"p{at}" for at in PERCENTILES)),
        left=1,
    )
    for kind in KINDS[1:]:
        cells = [_with_bounds(ratio_interval(found[kind], found["alone"], at)) for at in PERCENTILES]
        ratios.rows.append((words[kind], *cells))
    both = [[*one, *two] for one, two in zip(found["alone"], found["again"], strict=True)]
    against = [_with_bounds(ratio_interval(found["readers"], both, at)) for at in PERCENTILES]
    ratios.rows.append((f"{words['readers']}, against both idle ones", *against))
    print(ratios.markdown())
    pages = result["page_ms"]
    if pages:
        took = result["seconds"] * result["rounds"]
        print(
            f"they read {len(pages) / took:.0f} pages a second: median {statistics.median(pages):.0f} ms, "
            f"95 % {pages[int(0.95 * (len(pages) - 1))]:.0f} ms; {result['pages_refused']} refused; "
            f"the console used {result['console_cpu_seconds'] / took:.0%} of a core; "
            f"priority: {result['priority']}"
        )


def _with_bounds(it: Interval) -> str:
    return f"{it.value:.2f} ({it.low:.2f} to {it.high:.2f})"
