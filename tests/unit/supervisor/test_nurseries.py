"""The nursery in force where another cannot be started at once."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import cast

import pytest

from shield.errors import ShieldError
from shield.supervisor.nurseries import Nurseries
from shield.supervisor.nursery import Nursery
from shield.telemetry.logging import silent


async def test_where_the_system_makes_no_process_the_error_is_one_that_is_handled() -> None:
    too_large = {"TOO_LARGE": "x" * 1024 * 1024}  # for any one argument or variable (execve(2), E2BIG)
    with pytest.raises(ShieldError, match="cannot be started"):
        Nursery.start(Path("shield.yaml"), too_large, board=0, listening=())


class Loaded:
    """A nursery that has loaded; its process is nobody's."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.ended = asyncio.Event()

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
