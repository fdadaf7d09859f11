"""Measures how large bodies affect the latency of small ones that are inspected at the same time.

    python -m benchmarks.fairness                     # patterns only, 5 MB beside 0.9 KB tickets
    python -m benchmarks.fairness --peer shield-full --megabytes 1

Tickets are sent on a schedule (open loop), first alone, then while another client sends one large body after
another. The rate is a share of the peer's maximum with tickets alone, so that there is time for both.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any, Self

from benchmarks import machine
from benchmarks.contenders import CONTENDERS, Running
from benchmarks.load import Command
from benchmarks.payloads import PAYLOADS, Words
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

LIMIT = 3.0
SMALL = "ticket"
COMMENT_LENGTH = 2000
READY_SECONDS = 10.0


def send_large(port: int, body: bytes) -> int:
    """Sends one body and waits for its answer; returns its status. Raises OSError."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    try:
        connection.request("POST", PAYLOADS[SMALL].path, body, {"Content-Type": "application/json"})
        return connection.getresponse().status
    finally:
        connection.close()


class LargeBodies:
    """A client that sends one large body after another, each when the one before was answered.

    It is pinned to `cores`: sending megabytes over the loopback device, including the receiving side, is work
    on the sender's core, and must not be charged to the program under test.
    """

    def __init__(self, port: int, body: bytes, cores: frozenset[int]) -> None:
        self._port = port
        self._body = body
        self._cores = cores
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.begun = threading.Event()
        self.answered = 0
        self.statuses: set[int] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        self.begun.wait(60)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()

    def _run(self) -> None:
        os.sched_setaffinity(0, self._cores)  # of this thread
        while not self._stop.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=600)
            try:
                connection.request(
                    "POST", PAYLOADS[SMALL].path, self._body, {"Content-Type": "application/json"}
                )
                self.begun.set()
                self.statuses.add(connection.getresponse().status)
                self.answered += 1
            except OSError:
                if not self._stop.is_set():
                    self.statuses.add(0)
            finally:
                connection.close()


def large_body(size: int) -> bytes:
    """One JSON body of about `size` bytes: a thread of long comments."""
    words = Words(7)
    comments = [
        {"author": words.name(), "body": f"{words.text(COMMENT_LENGTH)} I paid with card {words.card()}."}
        for _ in range(size // COMMENT_LENGTH)
    ]
    return json.dumps({"comments": comments}, separators=(",", ":")).encode()


def execute(peer: str, size: int, seconds: float, share: float) -> dict[str, Any]:
    cores = Cores.available()
    body = large_body(size)
    with contextlib.ExitStack() as stack:
        work = stack.enter_context(working_folder())
        upstream_port = free_port()
        stack.enter_context(start_upstream(upstream_port, cores.rest, work))
        running = Running(CONTENDERS[peer], upstream_port, cores, work)
        stack.enter_context(running.program)
        load = stack.enter_context(LoadGenerator(cores.rest))
        running.assert_correct(SMALL)
        send_large(running.port, body)
        time.sleep(READY_SECONDS)  # preparations for the first body must not be measured
        highest = load.run(Command("closed", running.port, SMALL, 2.0))["rps"]
        command = Command("open", running.port, SMALL, seconds, rate=share * highest)
        alone = load.run(command)
        with LargeBodies(running.port, body, cores.rest) as large:
            beside = load.run(command)
            statuses, answered = sorted(large.statuses), large.answered
    return {
        "machine": machine.describe(),
        "peer": peer,
        "bytes": size,
        "rate": share * highest,
        "alone": alone,
        "beside": beside,
        "large_answered": answered,
        "large_statuses": statuses,
    }


def fairness_table(run: dict[str, Any]) -> Table:
    title = (
        f"{CONTENDERS[run['peer']].title}: 0.9 KB tickets at {run['rate']:,.0f} req/s, alone and beside "
        f"bodies of {run['bytes'] / 1e6:g} MB, latency in ms"
    )
    table = Table(title, ("", "requests", "p50", "p90", "p99", "errors"), left=1)
    for name in ("alone", "beside"):
        result = run[name]
        latency = result["latency_ms"]
        values = [figure(latency[at]) for at in ("p50", "p90", "p99")]
        table.rows.append((name, str(result["requests"]), *values, str(result["errors"])))
    return table


def fairness_line(run: dict[str, Any]) -> tuple[bool, str]:
    """Whether the limit is kept, and a sentence that says so."""
    ratio = run["beside"]["latency_ms"]["p99"] / run["alone"]["latency_ms"]["p99"]
    kept = ratio <= LIMIT
    verdict = "kept" if kept else "EXCEEDED"
    return kept, f"p99 beside a large body {ratio:.1f} x that alone; limit {LIMIT:.0f} x: {verdict}"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.fairness",
        description="The latency of small bodies beside a large one.",
        epilog="exit status: 0 within the limit; 1 not; 2 a peer did not start or is not correct",
    )
    parser.add_argument("--peer", choices=["shield-patterns", "shield-full"], default="shield-patterns")
    parser.add_argument("--megabytes", type=float, default=5.0, help="of the large body (5)")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each measurement (10)")
    parser.add_argument("--share", type=float, default=0.3, help="of the peer's highest rate (0.3)")
    parser.add_argument("--json", type=Path, default=RESULTS / "fairness.json", help="where the figures go")
    given = parser.parse_args()
    run = kept_run(
        lambda: execute(given.peer, int(given.megabytes * 1e6), given.seconds, given.share), given.json
    )
    kept, sentence = fairness_line(run)
    print(fairness_table(run).plain())
    print(f"large bodies answered meanwhile: {run['large_answered']}, statuses {run['large_statuses']}")
    print(sentence)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
