"""Who was stopped does not blame others for it."""

from __future__ import annotations

import asyncio

import pytest

from shield.proxy.time_limits import LATE_SECONDS, MOST_SECONDS, second_look, time_limit
from tests.loop_clock import Clock


def test_only_a_timer_that_comes_late_is_set_again() -> None:
    assert second_look(10.0, 10.0 - LATE_SECONDS / 2) == 0.0
    assert second_look(10.0, 9.5) == 0.5
    assert second_look(10.0, 1.0) == MOST_SECONDS


async def test_what_takes_too_long_is_ended() -> None:
    with pytest.raises(TimeoutError):
        async with time_limit(0.01):
            await asyncio.Event().wait()


async def test_what_is_done_at_once_after_the_process_stood_still_is_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loop = asyncio.get_running_loop()
    clock = Clock(loop)
    monkeypatch.setattr(loop, "time", clock.time)
    async with time_limit(30.0):
        await clock.skip(60.0)
