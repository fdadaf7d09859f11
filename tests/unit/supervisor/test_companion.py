from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
from io import StringIO
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from shield.config.settings import LoggingSettings
from shield.supervisor.backoff import FIRST
from shield.supervisor.companion import Companion, CompanionProcess, Companions
from shield.telemetry.logging import configure
from shield.telemetry.supervision import CompanionMetrics

PROGRAM = """
import os, pathlib, signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
with pathlib.Path(sys.argv[1]).open("a") as file:
    file.write(f"{os.getpid()}\\n")
signal.pause()
"""


@pytest.fixture
def companion(tmp_path: Path) -> Companion:
    return Companion("console", (sys.executable, "-c", PROGRAM, str(tmp_path / "pids")))


async def started(path: Path, count: int) -> list[int]:
    """The processes that started, as soon as there are `count`."""
    async with asyncio.timeout(60):
        while len(found := path.read_text().split() if path.exists() else []) < count:
            await asyncio.sleep(0.01)
    return [int(pid) for pid in found]


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


async def test_one_that_ends_is_counted_and_started_again(companion: Companion, tmp_path: Path) -> None:
    logger = configure(LoggingSettings(), StringIO())
    exits: list[str] = []
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    process = CompanionProcess(companion, os.environ, logger, exits.append, sleep=sleep)
    process.start()
    (first,) = await started(tmp_path / "pids", 1)
    while process.pid is None:  # the program may be ahead of whoever waits for its start
        await asyncio.sleep(0.01)
    assert process.pid == first == os.getsid(first)
    os.kill(first, signal.SIGKILL)
    _, second = await started(tmp_path / "pids", 2)
    assert (exits, len(waits)) == (["console"], 1)
    await process.stop()
    assert gone(first)
    assert gone(second)


async def test_one_that_the_system_does_not_start_is_tried_again() -> None:
    stream = StringIO()
    waits: list[float] = []
    tried = asyncio.Event()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            tried.set()
            await asyncio.Event().wait()

    absent = Companion("console", ("/nowhere/console",))
    process = CompanionProcess(
        absent, os.environ, configure(LoggingSettings(), stream), lambda _name: None, sleep=sleep
    )
    process.start()
    async with asyncio.timeout(60):
        await tried.wait()
    await process.stop()
    assert waits == [FIRST, 2 * FIRST, 4 * FIRST]
    assert stream.getvalue().count("companion_not_started") == 3


DEAF = """
import os, pathlib, signal, subprocess, sys
signal.signal(signal.SIGTERM, lambda *_: None)
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
with pathlib.Path(sys.argv[1]).open("a") as file:
    file.write(f"{os.getpid()}\\n{child.pid}\\n")
while True:
    signal.pause()
"""


async def test_one_that_does_not_stop_in_time_is_killed_and_its_children_end(tmp_path: Path) -> None:
    companion = Companion("console", (sys.executable, "-c", DEAF, str(tmp_path / "pids")))
    logger = configure(LoggingSettings(), StringIO())
    process = CompanionProcess(companion, os.environ, logger, lambda _name: None, patience=0.0)
    process.start()
    parent, child = await started(tmp_path / "pids", 2)
    ending = os.pidfd_open(child)
    await process.stop()
    assert gone(parent)
    assert select.select([ending], [], [], 60)[0] == [ending]
    os.close(ending)


async def test_all_start_and_stop_together(companion: Companion, tmp_path: Path) -> None:
    stream, registry = StringIO(), CollectorRegistry()
    logger = configure(LoggingSettings(), stream)
    companions = Companions([companion, companion], os.environ, logger, CompanionMetrics(registry))
    companions.start()
    pids = await started(tmp_path / "pids", 2)
    await companions.stop()
    assert all(map(gone, pids))
    assert registry.get_sample_value("shield_companion_exits_total", {"companion": "console"}) == 0
    assert stream.getvalue().count("companion_started") == 2


async def test_none_is_nothing() -> None:
    companions = Companions(
        [], os.environ, configure(LoggingSettings(), StringIO()), CompanionMetrics(CollectorRegistry())
    )
    companions.start()
    await companions.stop()
