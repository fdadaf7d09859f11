"""The load generator: a process that reads one JSON command per line and answers each with one JSON line.

    echo '{"mode": "closed", "port": 9000, "payload": "ticket", "seconds": 2}' | python -m benchmarks.load

Modes:

- `closed`: N connections, each sends its next request when the last one was answered. Shows the highest
  throughput; its latencies are those of a saturated server.
- `open`: requests are sent on a schedule of constant rate whether or not earlier ones were answered, and a
  latency counts from the moment at which the request *should* have been sent. A stall therefore shows in
  every request that it delayed (no coordinated omission).

All latencies are kept and sorted, so percentiles are exact, not binned.
"""

from __future__ import annotations

import asyncio
import gc
import json
import math
import sys
import time
from array import array
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import uvloop

from benchmarks.payloads import PAYLOADS, Pool
from benchmarks.timer import PeriodicTimer
from benchmarks.wire import CHUNKED, CONTENT_LENGTH, dechunk

PERCENTILES = (50.0, 75.0, 90.0, 95.0, 99.0, 99.5, 99.9, 100.0)
OPEN_CONNECTIONS = 64
GRACE = 120.0  # seconds that a run waits for requests in flight

Answered = Callable[["Connection", int, int], None]
"""Called with the connection, the status (0: the connection broke) and the time in ns."""


@dataclass(frozen=True, slots=True)
class Command:
    """One run. `rate` is in requests per second (open loop); `count` ends a closed run by number."""

    mode: str
    port: int
    payload: str
    seconds: float
    connections: int = 0
    rate: float = 0.0
    warm: float = 0.5  # seconds of the run that are not counted
    least: int = 4  # a closed run lasts until this many were counted, up to `longest` seconds
    longest: float = 60.0
    count: int = 0
    fresh: bool = False
    each: bool = False  # the result has every latency, not only percentiles


class Connection(asyncio.Protocol):
    """One keep-alive connection with at most one request in flight."""

    def __init__(self, answered: Answered) -> None:
        self._answered = answered
        self._buffer = b""
        self.transport: asyncio.Transport | None = None
        self.since = 0  # when the request in flight was (or should have been) sent, ns; 0: none is

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is not a subclass of it

    def send(self, request: bytes, since: int) -> None:
        self.since = since
        if self.transport is None:
            self.connection_lost(None)
        else:
            self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        if self._buffer:
            data = self._buffer + data
        while data:
            head_end = data.find(b"\r\n\r\n") + 4
            if head_end < 4:
                break
            status = int(data[9:12])
            if status < 200:
                data = data[head_end:]
                continue
            length = CONTENT_LENGTH.search(data, 0, head_end)
            end = head_end
            if length is not None:
                end += int(length[1])
            elif CHUNKED.search(data, 0, head_end):
                dechunked = dechunk(data, head_end)
                if dechunked is None:
                    break
                end = dechunked[1]
            if len(data) < end:
                break
            self._buffer = data = data[end:]
            self._answered(self, status, time.perf_counter_ns())
        self._buffer = data

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol's signature
        self.transport = None
        if self.since:
            self._answered(self, 0, time.perf_counter_ns())


class Requests:
    """Whole HTTP requests, one after another."""

    def __init__(self, port: int, path: str, bodies: Pool) -> None:
        self._bodies = bodies
        self._head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
            "Accept: */*\r\nUser-Agent: benchmark\r\nContent-Length: %d\r\n\r\n"
        ).encode()

    def __next__(self) -> bytes:
        body = next(self._bodies)
        return self._head % len(body) + body


@dataclass
class Tally:
    """The counts of a run."""

    latencies: array[int] = field(default_factory=lambda: array("q"))
    statuses: Counter[int] = field(default_factory=Counter)
    began: int = 0
    ended: int = 0
    unfinished: int = 0

    def count(self, status: int, latency: int, now: int) -> None:
        self.latencies.append(latency)
        self.statuses[status] += 1
        self.ended = now

    def result(self) -> dict[str, Any]:
        """Rates in requests per second, latencies in milliseconds; without any answer both are null.

        What was answered otherwise than with success counts as an error, not as throughput: a refusal takes a
        small part of what serving takes.
        """
        ordered = sorted(self.latencies)
        served = sum(count for status, count in self.statuses.items() if 200 <= status < 300)
        seconds = (self.ended - self.began) / 1e9
        return {
            "requests": len(ordered),
            "seconds": seconds,
            "rps": served / seconds if ordered and seconds > 0 else None,
            "errors": len(ordered) - served,
            "statuses": {str(status): count for status, count in sorted(self.statuses.items())},
            "unfinished": self.unfinished,
            "mean_ms": sum(ordered) / len(ordered) / 1e6 if ordered else None,
            "latency_ms": {f"p{at:g}": percentile(ordered, at) for at in PERCENTILES},
        }


def percentile(ordered: Sequence[int], at: float) -> float | None:
    """The smallest latency that at least `at` percent do not exceed (nearest rank), in ms."""
    if not ordered:
        return None
    return ordered[max(0, math.ceil(len(ordered) * at / 100) - 1)] / 1e6


async def _connect(port: int, answered: Answered) -> Connection:
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(lambda: Connection(answered), "127.0.0.1", port)
    return connection


def _close(connections: Sequence[Connection]) -> None:
    for connection in connections:
        connection.since = 0
        if connection.transport is not None:
            connection.transport.abort()


class ClosedLoop:
    """Each connection is always waiting for an answer."""

    def __init__(self, command: Command, requests: Requests) -> None:
        self._command = command
        self._requests = requests
        self._tally = Tally()
        self._done = asyncio.Event()
        self._under_way = 0
        self._stopping = False
        self._counting = False
        now = time.perf_counter_ns()
        self._warm_until = now + int(command.warm * 1e9)
        self._count_until = self._longest_until = 0

    async def run(self) -> Tally:
        command = self._command
        wanted = command.connections or PAYLOADS[command.payload].connections
        connections = [await _connect(command.port, self._answered) for _ in range(wanted)]
        if command.warm <= 0:
            self._start_counting(time.perf_counter_ns())
        for connection in connections:
            self._send(connection)
        await self._done.wait()
        _close(connections)
        return self._tally

    def _start_counting(self, now: int) -> None:
        self._counting = True
        self._tally.began = self._tally.ended = now
        self._count_until = now + int(self._command.seconds * 1e9)
        self._longest_until = now + int(max(self._command.seconds, self._command.longest) * 1e9)

    def _send(self, connection: Connection) -> None:
        self._under_way += 1
        connection.send(next(self._requests), time.perf_counter_ns())

    def _answered(self, connection: Connection, status: int, now: int) -> None:
        latency = now - connection.since
        connection.since = 0
        self._under_way -= 1
        if self._counting and not self._stopping:
            self._tally.count(status, latency, now)
            self._stopping = self._is_over(now)
        elif not self._counting and now >= self._warm_until:
            self._start_counting(now)
        if not self._stopping and connection.transport is not None:
            self._send(connection)
        elif self._under_way == 0:
            self._done.set()

    def _is_over(self, now: int) -> bool:
        counted = len(self._tally.latencies)
        if self._command.count:
            return counted + self._under_way >= self._command.count
        return now >= self._longest_until or (now >= self._count_until and counted >= self._command.least)


class OpenLoop:
    """Requests are sent on a schedule; where no connection is free they queue, and the wait counts."""

    def __init__(self, command: Command, requests: Requests) -> None:
        self._requests = requests
        self._tally = Tally()
        self._port = command.port
        self._interval = int(1e9 / command.rate)
        self._connections = command.connections or OPEN_CONNECTIONS
        self._warm = int(command.warm * 1e9)
        self._seconds = int(command.seconds * 1e9)
        self._idle: list[Connection] = []
        self._waiting: deque[int] = deque()
        self._next = 0
        self._last = 0
        self._under_way = 0
        self._finished = asyncio.Event()

    async def run(self) -> Tally:
        connections = [await _connect(self._port, self._answered) for _ in range(self._connections)]
        self._idle = list(connections)
        loop = asyncio.get_running_loop()
        now = time.perf_counter_ns()
        self._next = now + self._interval
        self._tally.began = now + self._warm
        self._last = self._tally.began + self._seconds
        with PeriodicTimer(self._interval) as timer:
            loop.add_reader(timer.fd, self._tick, timer)
            try:
                async with asyncio.timeout((self._warm + self._seconds) / 1e9 + GRACE):
                    await self._finished.wait()
            except TimeoutError:
                self._tally.unfinished = self._under_way + len(self._waiting)
            finally:
                loop.remove_reader(timer.fd)
        _close(connections)
        return self._tally

    def _tick(self, timer: PeriodicTimer) -> None:
        timer.acknowledge()
        now = time.perf_counter_ns()
        while self._next <= min(now, self._last):
            self._leave(self._next)
            self._next += self._interval
        if self._next > self._last and not self._under_way and not self._waiting:
            self._finished.set()

    def _leave(self, intended: int) -> None:
        if self._idle:
            self._under_way += 1
            self._idle.pop().send(next(self._requests), intended)
        else:
            self._waiting.append(intended)

    def _answered(self, connection: Connection, status: int, now: int) -> None:
        intended = connection.since
        connection.since = 0
        self._under_way -= 1
        if intended >= self._tally.began:
            self._tally.count(status, now - intended, now)
        if connection.transport is None:
            return  # the server closed it: there is one connection less; its request counts as an error
        if self._waiting:
            self._under_way += 1
            connection.send(next(self._requests), self._waiting.popleft())
        else:
            self._idle.append(connection)


def _expected(command: Command) -> int:
    """How many bodies to prepare; bounded by the pool's bytes where the rate is not known."""
    if command.fresh:
        return 0
    if command.mode == "open":
        return int(command.rate * (command.seconds + command.warm)) + 1
    return command.count or 1_000_000


def run(command: Command, pools: dict[str, Pool]) -> dict[str, Any]:
    """Runs one command; the pools of bodies are kept for later ones."""
    payload = PAYLOADS[command.payload]
    pool = pools.setdefault(command.payload, Pool(payload, seed=len(pools) + 1))
    pool.fresh = command.fresh
    pool.fill(_expected(command))
    requests = Requests(command.port, payload.path, pool)
    gc.collect()
    gc.freeze()

    async def drive() -> Tally:
        loop = OpenLoop(command, requests) if command.mode == "open" else ClosedLoop(command, requests)
        return await loop.run()

    tally = uvloop.run(drive())
    result = {**tally.result(), "prepared_bodies": pool.prepared}
    if command.each:
        result["latencies_ms"] = [latency / 1e6 for latency in tally.latencies]
    return result


def main() -> None:
    gc.disable()  # a collection in the generator would look like latency of the server
    pools: dict[str, Pool] = {}
    for line in sys.stdin:
        print(json.dumps(run(Command(**json.loads(line)), pools)), flush=True)


if __name__ == "__main__":
    main()
