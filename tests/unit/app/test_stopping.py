"""A proxy stops in order: requests in flight, the log, then the rest; and it stops all of them."""

from __future__ import annotations

import asyncio
import io
import json
from types import SimpleNamespace
from typing import Any

import pytest

from shield.app.stopping import retire, stop
from shield.config.settings import LoggingSettings
from shield.errors import AuditUnavailableError
from shield.telemetry.logging import configure

OPTIONAL = (
    *("canaries", "proxy", "exchange", "shadow", "read_backs", "rescans", "upkeep", "heartbeat", "audit"),
    *("warming", "anchoring", "pool", "tracing", "admin"),
)


class Bench:
    """Parts that note what is done to them, in order."""

    def __init__(self, *, drain_timeout: float = 30.0) -> None:
        self.done: list[str] = []
        self.output = io.StringIO()
        self.drained = asyncio.Event()
        self.drained.set()
        self.audit_fails = False
        self.parts: Any = SimpleNamespace(
            settings=SimpleNamespace(server=SimpleNamespace(drain_timeout=drain_timeout)),
            logger=configure(LoggingSettings(), self.output),
            stopping=False,
            bound=[SimpleNamespace(close=self._now("address"))],
            canaries=SimpleNamespace(stop=self._later("canaries")),
            proxy=SimpleNamespace(
                stop_accepting=self._now("no more connections"), stop=self._later("proxy"), connections=0
            ),
            exchange=SimpleNamespace(
                drain=self._drain,
                in_flight=1,
                retiring=False,
                give_up=self._now("given up"),
            ),
            shadow=SimpleNamespace(close=self._later("shadow")),
            read_backs=SimpleNamespace(close=self._later("read_backs")),
            rescans=SimpleNamespace(close=self._later("rescans")),
            warming=SimpleNamespace(stop=self._later("warming")),
            upkeep=SimpleNamespace(stop=self._later("upkeep")),
            heartbeat=SimpleNamespace(stop=self._later("heartbeat")),
            audit=SimpleNamespace(close=self._close_log),
            anchoring=SimpleNamespace(finish=self._finish),
            pool=SimpleNamespace(close=self._later("pool")),
            tracing=SimpleNamespace(close=self._now("tracing")),
            lag=SimpleNamespace(stop=self._later("lag")),
            admin=SimpleNamespace(stop=self._later("admin")),
            inspections=SimpleNamespace(close=self._now("inspections")),
            worker=SimpleNamespace(close=self._now("worker")),
            threads=SimpleNamespace(shutdown=self._now("threads")),
        )

    def _now(self, name: str) -> Any:
        def call(*_: object, **__: object) -> None:
            self.done.append(name)

        return call

    def _later(self, name: str) -> Any:
        async def call(*_: object) -> None:
            self.done.append(name)

        return call

    async def _drain(self) -> None:
        await self.drained.wait()
        self.done.append("drained")

    async def _close_log(self, reason: str) -> None:
        if self.audit_fails:
            raise AuditUnavailableError
        self.done.append(f"log: {reason}")

    async def _finish(self, close: Any) -> None:
        await close()
        self.done.append("anchored")

    def events(self) -> list[str]:
        return [json.loads(line)["event"] for line in self.output.getvalue().splitlines()]


async def test_all_is_ended_in_order() -> None:
    bench = Bench()
    await stop(bench.parts, "signal")
    assert bench.done == [
        *("canaries", "warming", "no more connections", "address", "drained", "proxy", "shadow"),
        *(
            "read_backs",
            "rescans",
            "upkeep",
            "heartbeat",
            "log: signal",
            "anchored",
            "pool",
            "tracing",
            "lag",
            "admin",
        ),
        *("inspections", "worker", "threads"),
    ]
    assert bench.parts.stopping
    assert bench.events() == ["stopped"]


async def test_nothing_is_closed_under_an_exchange_that_is_in_flight() -> None:
    bench = Bench()
    bench.drained.clear()
    stopping = asyncio.create_task(stop(bench.parts, "signal"))
    while "no more connections" not in bench.done:
        await asyncio.sleep(0)
    assert bench.parts.stopping  # not ready from the first moment
    assert bench.done == ["canaries", "warming", "no more connections", "address"]
    bench.drained.set()
    await stopping
    assert bench.done.index("drained") < bench.done.index("log: signal") < bench.done.index("pool")


async def test_what_does_not_end_in_time_is_said_and_not_waited_for() -> None:
    bench = Bench(drain_timeout=0.0)
    bench.drained.clear()
    await stop(bench.parts, "signal")
    assert "drained" not in bench.done
    assert bench.done.index("given up") < bench.done.index("proxy")  # they are answered before it closes
    assert bench.done[-1] == "threads"
    assert bench.events() == ["drain_timeout", "stopped"]


async def test_a_log_that_cannot_be_closed_keeps_nothing_else_open() -> None:
    bench = Bench()
    bench.audit_fails = True
    await stop(bench.parts, "signal")
    assert bench.done[-8:] == [
        *("heartbeat", "pool", "tracing", "lag", "admin", "inspections", "worker", "threads"),
    ]
    assert bench.events() == ["audit_close_failed", "stopped"]


@pytest.mark.parametrize("missing", OPTIONAL)
async def test_a_start_that_failed_is_stopped_with_what_there_is(missing: str) -> None:
    bench = Bench()
    setattr(bench.parts, missing, None)
    await stop(bench.parts, "start_failed")
    assert bench.done[-3:] == ["inspections", "worker", "threads"]
    assert ("log: start_failed" in bench.done) is (missing != "audit")


async def test_a_start_that_made_nothing_is_stopped() -> None:
    bench = Bench()
    for name in OPTIONAL:
        setattr(bench.parts, name, None)
    await stop(bench.parts, "start_failed")
    assert bench.done == ["address", "lag", "inspections", "worker", "threads"]


async def test_retiring_serves_each_connection_once_more() -> None:
    bench = Bench()
    bench.parts.proxy.connections = 2
    retiring = asyncio.create_task(retire(bench.parts, 600.0))
    while not bench.parts.exchange.retiring:
        await asyncio.sleep(0)
    assert bench.done == ["no more connections"]
    assert bench.parts.stopping
    assert not retiring.done()
    bench.parts.proxy.connections = 0
    await retiring
    assert bench.done == ["no more connections"]  # it closes nothing itself


async def test_retiring_waits_no_longer_than_for_idle_connections() -> None:
    bench = Bench()
    bench.parts.proxy.connections = 1
    await retire(bench.parts, 0.0)
    assert bench.parts.exchange.retiring


@pytest.mark.parametrize("missing", ["proxy", "exchange"])
async def test_retiring_before_the_start_is_over_is_nothing(missing: str) -> None:
    bench = Bench()
    setattr(bench.parts, missing, None)
    await retire(bench.parts, 600.0)
    assert bench.parts.stopping
    assert bench.done == []
