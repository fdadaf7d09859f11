"""What a slot does when its worker ends, with a stand-in for the worker and no process."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from shield.supervisor.backoff import FIRST
from shield.supervisor.channel import ChannelClosedError
from shield.supervisor.slot import Slot
from shield.supervisor.worker import State, WorkerProcess


class StandIn:
    def __init__(self) -> None:
        self.state = State.READY
        self.reasons: tuple[str, ...] = ()
        self.error = None
        self.cause = "killed"
        self.ended = asyncio.Event()
        self.stopped: list[str] = []

    async def stop(self, reason: str, seconds: float) -> None:
        self.stopped.append(reason)
        self.end()

    def kill(self) -> None:
        self.end()

    def end(self) -> None:
        self.state = State.ENDED
        self.ended.set()


class Stage:
    def __init__(self, failures: int = 0) -> None:
        self.made: list[StandIn] = []
        self.exits: list[tuple[str, float]] = []
        self.ends = 0
        self.waits: list[float] = []
        self.failures = failures
        self.slot = Slot(0, self.make, on_end=self.on_end, on_exit=self.on_exit, sleep=self.sleep)

    async def make(self, _index: int) -> WorkerProcess:
        if self.failures:
            self.failures -= 1
            raise ChannelClosedError
        self.made.append(StandIn())
        return cast("WorkerProcess", self.made[-1])

    def on_end(self, _worker: Any) -> None:
        self.ends += 1

    def on_exit(self, _worker: Any, cause: str, wait: float) -> None:
        self.exits.append((cause, wait))

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def settle(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)


async def test_a_worker_that_ends_is_followed_by_another_after_growing_waits() -> None:
    stage = Stage()
    stage.slot.start()
    await stage.settle()
    for _ in range(3):
        stage.made[-1].end()
        await stage.settle()
    assert len(stage.made) == 4
    assert stage.exits == [("killed", FIRST), ("killed", 2 * FIRST), ("killed", 4 * FIRST)]
    assert stage.slot.serving
    await stage.slot.close("stop", 1.0)
    assert stage.made[-1].stopped == ["stop"]
    assert stage.ends == 4
    assert not stage.slot.serving


async def test_a_worker_that_is_replaced_is_followed_at_once_and_is_no_exit() -> None:
    stage = Stage()
    stage.slot.start()
    await stage.settle()
    await stage.slot.replace("rolling_reload", 1.0)
    await stage.settle()
    assert len(stage.made) == 2
    assert stage.exits == []
    assert stage.waits == []
    await stage.slot.close("stop", 1.0)


async def test_what_failed_before_a_replacement_makes_nobody_wait_after_it() -> None:
    stage = Stage(failures=6)
    stage.slot.start()
    await stage.settle()
    await stage.slot.replace("rolling_reload", 1.0)
    await stage.settle()
    stage.made[-1].end()
    await stage.settle()
    assert stage.exits == [("killed", FIRST)]
    await stage.slot.close("stop", 1.0)


async def test_a_worker_that_must_go_is_an_exit_with_its_cause() -> None:
    stage = Stage()
    stage.slot.start()
    await stage.settle()
    await stage.slot.replace("memory", 1.0, cause="memory")
    await stage.settle()
    stage.slot.kill("stalled")
    await stage.settle()
    assert [cause for cause, _ in stage.exits] == ["memory", "stalled"]
    await stage.slot.close("stop", 1.0)


async def test_where_no_worker_can_be_made_it_tries_again() -> None:
    stage = Stage(failures=3)
    stage.slot.start()
    await stage.settle()
    assert stage.waits == [FIRST, 2 * FIRST, 4 * FIRST]
    assert len(stage.made) == 1
    await stage.slot.close("stop", 1.0)
