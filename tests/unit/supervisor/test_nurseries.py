"""The nursery in force stays usable if another cannot be started at once."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import Awaitable
from pathlib import Path
from typing import cast

import pytest

from shield.errors import ShieldError
from shield.supervisor.channel import ChannelClosedError
from shield.supervisor.nurseries import Nurseries
from shield.supervisor.nursery import Nursery
from shield.telemetry.logging import silent


async def test_where_the_system_makes_no_process_the_error_is_one_that_is_handled() -> None:
    too_large = {"TOO_LARGE": "x" * 1024 * 1024}  # for any one argument or variable (execve(2), E2BIG)
    with pytest.raises(ShieldError, match="cannot be started"):
        Nursery.start(Path("shield.yaml"), too_large, board=0, listening=())


class Loaded:
    """A nursery that has loaded, without a real process."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.ended = asyncio.Event()
        self.closed_listening = False

    def close_listening(self) -> None:
        self.closed_listening = True

    async def loaded(self) -> str:
        return "digest"

    async def close(self) -> None:
        self.ended.set()


async def test_one_that_cannot_be_started_is_tried_again() -> None:
    first, second = Loaded(1), Loaded(2)
    tried: list[Loaded | None] = [second, None, first]
    all_tried = asyncio.Event()

    def make() -> Nursery:
        nursery = tried.pop()
        if not tried:
            all_tried.set()
        if nursery is None:
            raise ShieldError("none")
        return cast("Nursery", nursery)

    nurseries = Nurseries(make, lambda: "digest", silent())
    await nurseries.start()
    first.ended.set()
    async with asyncio.timeout(30):
        await all_tried.wait()
    assert await nurseries.living() is second
    await nurseries.close()


async def test_one_whose_workers_still_run_is_kept_until_they_are_gone() -> None:
    first, second, third = (Loaded(number) for number in (1, 2, 3))
    nurseries = Nurseries(lambda: cast("Nursery", first), lambda: "digest", silent())
    await nurseries.start()
    for new in (second, third):
        nurseries.supersede(cast("Nursery", new))
    await nurseries.close_unused({cast("Nursery", first)})
    assert not first.ended.is_set()
    assert second.ended.is_set()
    nurseries.close_listening()
    assert first.closed_listening
    assert third.closed_listening
    await nurseries.close_unused(())
    assert first.ended.is_set()
    assert not third.ended.is_set()
    await nurseries.close()


@pytest.mark.parametrize("ask", ["loaded", "prepare", "fork"])
async def test_one_that_hangs_is_ended_so_that_another_takes_its_place(ask: str) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.settimeout(0)
    # Not `theirs`: a socket in its own queue stays open until some process on the machine closes another
    # one (unix(7): only then does the kernel collect such cycles), and the end would not be seen.
    control, worker = socket.socketpair()
    with theirs, control, worker:
        hanging = subprocess.Popen([sys.executable, "-c", "input()"], stdin=theirs)  # it sends nothing
        nursery = Nursery(hanging, ours, patience=0)
        asked: Awaitable[object] = (
            nursery.fork(0, 1, worker, worker.fileno()) if ask == "fork" else getattr(nursery, ask)()
        )
        with pytest.raises((ShieldError, ChannelClosedError)):
            await asked
    await nursery.ended.wait()
    assert await asyncio.to_thread(hanging.wait) == -signal.SIGKILL
    await nursery.close()
