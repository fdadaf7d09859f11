from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from prometheus_client import CollectorRegistry

from shield.errors import DetectionIncompleteError, ResourcesExhaustedError
from shield.proxy.worker import (
    LARGE,
    LARGE_BYTES,
    STUCK_SECONDS,
    THREADS,
    InspectionWorker,
    Pause,
)
from shield.telemetry.metrics import Metrics


class Stage:
    """A worker with one thread, a clock that the test sets, and work that waits for the test."""

    def __init__(self) -> None:
        self.metrics = Metrics(CollectorRegistry())
        self.executor = ThreadPoolExecutor(LARGE + 1)
        self.now = 100.0
        self.worker = InspectionWorker(self.executor, self.metrics, lambda: self.now)
        self.begun = threading.Event()
        self.go_on = threading.Event()

    def work(self, name: str, seconds: float) -> str:
        self.begun.set()
        assert self.go_on.wait(10)
        self.now += seconds
        return name

    def value(self, name: str) -> float | None:
        return self.metrics.registry.get_sample_value(name)


async def test_what_waits_and_what_works_is_measured() -> None:
    stage = Stage()
    with stage.executor:
        first = asyncio.ensure_future(stage.worker.run(lambda _pause: stage.work("first", 2.0)))
        await asyncio.to_thread(stage.begun.wait, 10)
        second = asyncio.ensure_future(stage.worker.run(lambda _pause: stage.work("second", 3.0)))
        await asyncio.sleep(0)  # lets it take its place
        assert stage.value("shield_inspection_queue_length") == 1
        stage.go_on.set()
        assert [await first, await second] == ["first", "second"]
    assert stage.value("shield_inspection_queue_length") == 0
    assert stage.value("shield_inspection_busy_seconds_total") == 5.0
    assert stage.value("shield_inspection_queue_wait_seconds_count") == 2
    assert stage.value("shield_inspection_queue_wait_seconds_sum") == 2.0  # the second, behind the first


async def test_what_is_given_up_while_it_waits_leaves_the_queue_and_never_runs() -> None:
    stage = Stage()
    with stage.executor:
        first = asyncio.ensure_future(stage.worker.run(lambda _pause: stage.work("first", 2.0)))
        await asyncio.to_thread(stage.begun.wait, 10)
        second = asyncio.ensure_future(stage.worker.run(lambda _pause: stage.work("second", 3.0)))
        await asyncio.sleep(0)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        assert stage.value("shield_inspection_queue_length") == 0
        stage.go_on.set()
        await first
    assert stage.value("shield_inspection_busy_seconds_total") == 2.0
    assert stage.value("shield_inspection_queue_wait_seconds_count") == 1


async def test_work_that_fails_is_measured_too() -> None:
    stage = Stage()

    def fail(_pause: Pause) -> None:
        stage.now += 4.0
        raise DetectionIncompleteError(recognizer="Broken")

    with stage.executor, pytest.raises(DetectionIncompleteError, match="recognizer Broken failed"):
        await stage.worker.run(fail)
    assert stage.value("shield_inspection_busy_seconds_total") == 4.0
    assert stage.value("shield_inspection_queue_length") == 0


async def test_large_ones_leave_threads_for_usual_ones() -> None:
    stage = Stage()
    stage.go_on.set()
    under_way = threading.Semaphore(0)
    proceed = threading.Event()

    def large(pause: Pause) -> None:
        under_way.release()
        while not proceed.is_set():
            stage.now += 1.0  # its turn is over
            pause()

    with stage.executor:
        larges = [asyncio.ensure_future(stage.worker.run(large, size=LARGE_BYTES)) for _ in range(LARGE + 2)]
        for _ in range(LARGE):
            assert await asyncio.to_thread(under_way.acquire, timeout=10)
        assert await stage.worker.run(lambda _pause: stage.work("usual", 0.0), size=900) == "usual"
        assert not any(task.done() for task in larges)
        proceed.set()
        await asyncio.gather(*larges)
    assert stage.value("shield_inspection_queue_length") == 0


async def test_what_it_waits_for_others_is_not_its_own_work() -> None:
    stage = Stage()
    stage.go_on.set()
    waited: list[float] = []

    def long(pause: Pause) -> None:
        stage.now += 1.0
        stage.begun.set()
        while not waited:
            if seconds := pause():
                waited.append(seconds)

    with stage.executor:
        first = asyncio.ensure_future(stage.worker.run(long))
        await asyncio.to_thread(stage.begun.wait, 10)
        assert await stage.worker.run(lambda _pause: stage.work("short", 2.0)) == "short"
        await first
    assert waited == [2.0]
    assert stage.value("shield_inspection_busy_seconds_total") == 3.0


async def test_work_that_hangs_keeps_its_thread_and_nothing_else() -> None:
    stage = Stage()
    hang = threading.Event()

    def hanging(_pause: Pause) -> None:
        stage.begun.set()
        assert hang.wait(10)

    with stage.executor:
        task = asyncio.ensure_future(stage.worker.run(hanging))
        await asyncio.to_thread(stage.begun.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        stage.go_on.set()
        assert await stage.worker.run(lambda _pause: stage.work("next", 1.0)) == "next"
        hang.set()
    assert stage.value("shield_inspection_busy_seconds_total") == 1.0
    assert stage.value("shield_inspection_queue_length") == 0


async def test_threads_that_all_hang_for_long_are_stuck() -> None:
    stage = Stage()
    hang = threading.Event()
    begun = threading.Semaphore(0)

    def hanging(_pause: Pause) -> None:
        begun.release()
        assert hang.wait(10)

    with ThreadPoolExecutor(THREADS) as threads:
        worker = InspectionWorker(threads, stage.metrics, lambda: stage.now)
        for _ in range(THREADS):
            assert not worker.stuck
            task = asyncio.ensure_future(worker.run(hanging))
            assert await asyncio.to_thread(begun.acquire, timeout=10)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert not worker.stuck  # it may yet come back
        stage.now += STUCK_SECONDS + 1
        assert worker.stuck
        assert await worker.run_first(lambda _pause: "done") == "done"
        assert await worker.run_idle(lambda pause: pause()) == 0.0
        hang.set()
    assert not worker.stuck
    worker.close()


@pytest.mark.parametrize("way", ["run", "run_first", "run_apart"])
async def test_where_the_system_gives_no_thread_the_work_is_refused_and_leaves_the_queue(way: str) -> None:
    def no_thread(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    stage = Stage()
    ran = []
    with stage.executor:
        with pytest.MonkeyPatch.context() as limited:
            limited.setattr(threading.Thread, "start", no_thread)
            with pytest.raises(ResourcesExhaustedError):
                await getattr(stage.worker, way)(lambda _pause: ran.append(1))
        assert stage.value("shield_inspection_queue_length") == 0
        assert await getattr(stage.worker, way)(lambda _pause: "later") == "later"
    assert ran == ([1] if way == "run_apart" else [])
    stage.worker.close()
