from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest
from prometheus_client import CollectorRegistry

from shield.analyzer.engine import Analyzer
from shield.app.warming import DELAY, Warming
from shield.domain import DetectorSpec
from shield.errors import DeadlineExceededError
from shield.proxy.worker import InspectionWorker
from shield.telemetry.metrics import Metrics


class Slow:
    """An analyzer with so many expressions left, the last of which fails if `error` is given."""

    def __init__(self, left: int, error: Exception | None = None) -> None:
        self.left = left
        self.error = error

    def compiling(self) -> Iterator[None]:
        while self.left:
            self.left -= 1
            if not self.left and self.error is not None:
                raise self.error
            yield


class Stage:
    def __init__(self) -> None:
        self.executor = ThreadPoolExecutor(1)
        self.worker = InspectionWorker(self.executor, Metrics(CollectorRegistry()), time.monotonic)
        self.slept: list[float] = []
        self.go_on = asyncio.Event()
        self.last = Slow(2)
        self.warming = Warming(self.worker, self.last.compiling, sleep=self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if seconds == DELAY:
            await self.go_on.wait()

    def start(self, *analyzers: Slow) -> asyncio.Task[None]:
        by_spec = {DetectorSpec(model=str(i)): cast("Any", each) for i, each in enumerate(analyzers)}
        self.warming.start(cast("dict[DetectorSpec, Analyzer]", by_spec))
        task = self.warming._task
        assert task is not None
        return task

    async def close(self) -> None:
        await self.warming.stop()
        self.worker.close()
        self.executor.shutdown()


@pytest.fixture
async def stage() -> Any:
    made = Stage()
    yield made
    await made.close()


async def test_it_waits_for_the_start_to_be_over_and_then_compiles_all_with_pauses(stage: Stage) -> None:
    first, second = Slow(3), Slow(2)
    task = stage.start(first, second)
    await asyncio.sleep(0)
    assert (stage.slept, first.left) == ([DELAY], 3)
    stage.go_on.set()
    await task
    assert (first.left, second.left, stage.last.left) == (0, 0, 0)
    assert len(stage.slept) == 1 + 3 + 2 + 2


@pytest.mark.parametrize(
    "error", [DeadlineExceededError(), RuntimeError("can't start new thread"), MemoryError()]
)
async def test_what_cannot_be_compiled_now_is_left_to_its_first_use(stage: Stage, error: Exception) -> None:
    first, second = Slow(2, error), Slow(1)
    task = stage.start(first, second)
    stage.go_on.set()
    await task  # raises nothing
    assert (second.left, stage.last.left) == (1, 2)


async def test_a_reload_begins_with_the_analyzers_that_it_brings(stage: Stage) -> None:
    old, new = Slow(2), Slow(2)
    before = stage.start(old)
    await asyncio.sleep(0)
    after = stage.start(new)
    stage.go_on.set()
    await after
    assert before.cancelled()
    assert (old.left, new.left) == (2, 0)


async def test_it_can_be_stopped_at_any_time(stage: Stage) -> None:
    await stage.warming.stop()
    task = stage.start(Slow(2))
    await asyncio.sleep(0)
    await stage.warming.stop()
    await stage.warming.stop()
    assert task.cancelled()
