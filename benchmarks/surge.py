"""A load generator for overload: a schedule with changing rates, over as many connections as needed.

    echo '{"port": 9000, "payload": "ticket", "segments": [[100, 5], [600, 20]]}' | python -m benchmarks.surge

Where no connection is free another one is opened, as many clients would, up to `connections`; beyond that a
request waits for one, and the wait counts. Refused requests are not repeated. Answers are counted by windows
of the time at which their requests should have been sent, and by windows of the time at which they came.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import uvloop

from benchmarks.load import GRACE, Connection, Requests, percentile
from benchmarks.payloads import PAYLOADS, Pool
from benchmarks.timer import PeriodicTimer

_TICK_NS = 500_000


@dataclass(frozen=True, slots=True)
class Surge:
    """One run: `segments` of (requests a second, seconds); `window` in seconds."""

    port: int
    payload: str
    segments: tuple[tuple[float, float], ...]
    connections: int = 1800
    window: float = 0.25
    fresh: bool = False


@dataclass(slots=True)
class Window:
    """The results of requests that should have been sent in this window, and the answers that came in it."""

    offered: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    accepted: list[int] = field(default_factory=list)  # latencies, ns
    refused: list[int] = field(default_factory=list)
    done: int = 0  # 2xx answers that came in it

    def plain(self) -> dict[str, Any]:
        ordered, refused = sorted(self.accepted), sorted(self.refused)
        return {
            "offered": self.offered,
            "accepted": len(ordered),
            "refused": len(refused),
            "failed": self.offered - len(ordered) - len(refused),
            "done": self.done,
            "p50_ms": percentile(ordered, 50),
            "p99_ms": percentile(ordered, 99),
            "refused_p50_ms": percentile(refused, 50),
        }


class Run:
    """One surge, in one event loop."""

    def __init__(self, surge: Surge, requests: Requests) -> None:
        self._surge = surge
        self._requests = requests
        self._idle: list[Connection] = []
        self._waiting: deque[int] = deque()
        self._opening = 0
        self._open = 0
        self._most = 0
        self._under_way = 0
        self._dialing: set[asyncio.Task[None]] = set()
        self._finished = asyncio.Event()
        self._windows: list[Window] = []
        self._all: list[int] = []
        self._began = self._next = 0
        self._segment = 0
        self._segment_ends = 0

    async def run(self) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        self._began = self._next = time.perf_counter_ns()
        self._segment_ends = self._began + int(self._surge.segments[0][1] * 1e9)
        with PeriodicTimer(_TICK_NS) as timer:
            loop.add_reader(timer.fd, self._tick, timer)
            try:
                async with asyncio.timeout(sum(it[1] for it in self._surge.segments) + GRACE):
                    await self._finished.wait()
            finally:
                loop.remove_reader(timer.fd)
        for connection in self._idle:
            connection.since = 0
            if connection.transport is not None:
                connection.transport.abort()
        self._all.sort()
        return {
            "window": self._surge.window,
            "segments": self._surge.segments,
            "connections": self._most,
            "windows": [window.plain() for window in self._windows],
            "by_segment": [self._segment_result(number) for number in range(len(self._surge.segments))],
        }

    def _segment_result(self, number: int) -> dict[str, Any]:
        before = sum(it[1] for it in self._surge.segments[:number])
        seconds = self._surge.segments[number][1]
        size = self._surge.window
        windows = self._windows[round(before / size) : round((before + seconds) / size)]
        accepted = sorted(latency for window in windows for latency in window.accepted)
        refused = sorted(latency for window in windows for latency in window.refused)
        statuses: Counter[str] = Counter()
        for window in windows:
            statuses += window.statuses
        return {
            "offered": sum(window.offered for window in windows),
            "accepted": len(accepted),
            "refused": len(refused),
            "statuses": dict(statuses),
            "goodput": sum(window.done for window in windows) / seconds,
            "latency_ms": {f"p{at:g}": percentile(accepted, at) for at in (50.0, 90.0, 99.0, 100.0)},
            "refused_ms": {f"p{at:g}": percentile(refused, at) for at in (50.0, 99.0)},
        }

    def _window(self, at: int) -> Window:
        place = int((at - self._began) / 1e9 / self._surge.window)
        while len(self._windows) <= place:
            self._windows.append(Window())
        return self._windows[place]

    def _tick(self, timer: PeriodicTimer) -> None:
        timer.acknowledge()
        now = time.perf_counter_ns()
        segments = self._surge.segments
        while self._segment < len(segments) and self._next <= now:
            if self._next >= self._segment_ends:
                self._segment += 1
                self._next = self._segment_ends
                if self._segment < len(segments):
                    self._segment_ends += int(segments[self._segment][1] * 1e9)
                continue
            self._leave(self._next)
            self._next += int(1e9 / segments[self._segment][0])
        if self._segment >= len(segments) and not self._under_way and not self._waiting:
            self._finished.set()

    def _leave(self, intended: int) -> None:
        self._window(intended).offered += 1
        while self._idle:
            connection = self._idle.pop()
            if connection.transport is not None and not connection.transport.is_closing():
                self._under_way += 1
                connection.send(next(self._requests), intended)
                return
            self._open -= 1
        self._waiting.append(intended)
        self._dial()

    def _dial(self) -> None:
        if self._opening >= len(self._waiting) or self._open + self._opening >= self._surge.connections:
            return
        self._opening += 1
        task = asyncio.get_running_loop().create_task(self._connect())
        self._dialing.add(task)
        task.add_done_callback(self._dialing.discard)

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            _, connection = await loop.create_connection(
                lambda: Connection(self._answered), "127.0.0.1", self._surge.port
            )
        except OSError:
            self._opening -= 1
            if self._waiting:
                self._window(self._waiting.popleft()).statuses["unreachable"] += 1
            return
        self._opening -= 1
        self._open += 1
        self._most = max(self._most, self._open)
        self._use(connection)

    def _use(self, connection: Connection) -> None:
        if self._waiting:
            self._under_way += 1
            connection.send(next(self._requests), self._waiting.popleft())
        else:
            self._idle.append(connection)

    def _answered(self, connection: Connection, status: int, now: int) -> None:
        intended = connection.since
        connection.since = 0
        self._under_way -= 1
        window = self._window(intended)
        window.statuses[str(status)] += 1
        if 200 <= status < 300:
            window.accepted.append(now - intended)
            self._window(now).done += 1
        elif status in (429, 503):
            window.refused.append(now - intended)
        if connection.transport is None or connection.transport.is_closing():
            self._open -= 1
            if self._waiting:
                self._dial()
        else:
            self._use(connection)


def run(surge: Surge, pools: dict[str, Pool]) -> dict[str, Any]:
    """Run one; the pools of bodies are kept for the next ones."""
    pool = pools.setdefault(surge.payload, Pool(PAYLOADS[surge.payload], seed=len(pools) + 11))
    pool.fresh = surge.fresh
    if not surge.fresh:
        pool.fill(int(sum(rate * seconds for rate, seconds in surge.segments)))
    requests = Requests(surge.port, PAYLOADS[surge.payload].path, pool)
    gc.collect()
    gc.freeze()
    return uvloop.run(Run(surge, requests).run())


def _surge(line: str) -> Surge:
    given = json.loads(line)
    segments: Sequence[Sequence[float]] = given.pop("segments")
    return Surge(segments=tuple((rate, seconds) for rate, seconds in segments), **given)


def main() -> None:
    gc.disable()  # a collection in the generator would show as latency of the server
    pools: dict[str, Pool] = {}
    for line in sys.stdin:
        print(json.dumps(run(_surge(line), pools)), flush=True)


if __name__ == "__main__":
    main()
