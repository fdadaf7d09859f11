"""A task in the background is ended, and who waits for that can be cancelled itself."""

from __future__ import annotations

import asyncio

import pytest

from shield.background import ended


async def test_it_has_cleaned_up_when_it_has_ended() -> None:
    done: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            done.append("cleaned up")

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    await ended(task)
    assert done == ["cleaned up"]
    await ended(task)
    await ended(None)


async def test_what_it_failed_with_is_raised() -> None:
    async def work() -> None:
        raise OSError("no space")

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    with pytest.raises(OSError, match="no space"):
        await ended(task)


async def test_who_is_cancelled_meanwhile_does_not_go_on() -> None:
    release, went_on = asyncio.Event(), False

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await release.wait()

    async def stop(task: asyncio.Task[None]) -> None:
        nonlocal went_on
        await ended(task)
        went_on = True

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    stopping = asyncio.create_task(stop(task))
    await asyncio.sleep(0)
    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    assert not went_on
    release.set()
    await ended(task)
