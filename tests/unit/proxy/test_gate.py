"""The admission gate on an event loop; `test_admission` covers its decisions."""

from __future__ import annotations

import asyncio
import gc
from types import SimpleNamespace
from typing import Any, cast

import pytest
from prometheus_client import CollectorRegistry

from shield.domain import Shortage
from shield.errors import SaturatedError
from shield.proxy.gate import Gate
from shield.proxy.passage import Passage
from shield.proxy.tickets import Bounds, Capacity, Terms, Ticket
from shield.telemetry.metrics import Metrics


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


PLAN = cast("Any", SimpleNamespace(route=SimpleNamespace(name="a")))
CLIENT = cast("Any", SimpleNamespace(transport=SimpleNamespace(is_closing=lambda: False), protocol=None))


def made(capacity: Capacity) -> tuple[Gate, Any]:
    metrics = Metrics(CollectorRegistry())
    series = metrics.route("a", media_types=(), operators=(), bypass_reasons=()).admission
    gate = Gate(metrics.admission, Clock())
    gate.configure(Bounds(capacity, {"a": Terms()}, {}))
    return gate, series


def ask(gate: Gate, series: Any) -> Ticket:
    return gate.ask(Passage("id", 0.0, plan=PLAN), series, size=10, here=True)


def refuse(gate: Gate, series: Any) -> None:
    with pytest.raises(SaturatedError):
        ask(gate, series)


async def test_slots_are_given_back_in_the_next_turn_all_together() -> None:
    gate, series = made(Capacity())
    first = [ask(gate, series) for _ in range(8)]
    waiting = [ask(gate, series) for _ in range(3)]
    waits = [asyncio.ensure_future(gate.wait(CLIENT, ticket, series)) for ticket in waiting]
    await asyncio.sleep(0)
    for ticket in first[:2]:
        gate.inspected(ticket)
    gate.leave(first[2])  # it leaves without having been inspected
    assert [ticket.waits for ticket in waiting] == [True, True, True]
    await asyncio.wait_for(asyncio.gather(*waits), 5)
    assert [ticket.waits for ticket in waiting] == [False, False, False]
    assert gate.in_flight == 10


async def test_a_refusal_leaves_nothing_for_the_collector() -> None:
    gate, series = made(Capacity(requests=1, queued=0))
    ask(gate, series)
    refuse(gate, series)
    gc.collect()
    gc.disable()
    try:
        for _ in range(5):
            refuse(gate, series)
        assert gc.collect() == 0
    finally:
        gc.enable()
    assert series.refusals[Shortage.QUEUE_FULL]._value.get() == 6


async def test_who_waited_too_long_leaves_nothing_for_the_collector() -> None:
    gate, series = made(Capacity(requests=1, patience=0.001))
    ask(gate, series)

    async def wait() -> None:
        try:
            await gate.wait(CLIENT, ask(gate, series), series)
        except SaturatedError:
            return
        raise AssertionError

    await wait()
    gc.collect()
    gc.disable()
    try:
        await wait()
        assert gc.collect() == 0
    finally:
        gc.enable()
