"""Changes run one after another, and one run serves all requests made before it began."""

from __future__ import annotations

import asyncio

from shield.supervisor.changes import Changes


class Steps:
    """Changes that wait to be released, and their results."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.go = asyncio.Semaphore(0)

    async def reload(self) -> None:
        self.begun.append("reload")
        await self.go.acquire()

    async def roll(self) -> None:
        self.begun.append("roll")
        await self.go.acquire()

    async def broken(self) -> None:
        self.begun.append("broken")
        await self.go.acquire()
        raise OSError

    async def let_go(self, *, of: int) -> None:
        for number in range(of):
            while len(self.begun) <= number:
                await asyncio.sleep(0)
            self.go.release()


async def test_a_storm_is_the_one_under_way_and_one_more_and_holds_nothing_up() -> None:
    steps, changes = Steps(), Changes()
    changes.ask(steps.reload)
    await asyncio.sleep(0)
    for _ in range(200):
        changes.ask(steps.reload)
    changes.ask(steps.roll)
    for _ in range(200):
        changes.ask(steps.reload)
    await steps.let_go(of=3)
    assert steps.begun == ["reload", "reload", "roll"]
    await changes.end()


async def test_what_is_asked_while_the_same_is_under_way_is_done_again() -> None:
    steps, changes = Steps(), Changes()
    changes.ask(steps.roll)
    await asyncio.sleep(0)
    changes.ask(steps.roll)
    await steps.let_go(of=2)
    assert steps.begun == ["roll", "roll"]
    await changes.end()


async def test_one_that_fails_does_not_stop_the_next() -> None:
    told: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context["message"]))
    steps, changes = Steps(), Changes()
    changes.ask(steps.broken)
    changes.ask(steps.reload)
    await steps.let_go(of=2)
    assert steps.begun == ["broken", "reload"]
    assert told == ["Task exception was never retrieved"]
    await changes.end()


async def test_at_the_end_nothing_more_begins() -> None:
    steps, changes = Steps(), Changes()
    changes.ask(steps.reload)
    changes.ask(steps.roll)
    await asyncio.sleep(0)
    await changes.end()
    changes.ask(steps.roll)  # a signal may come while everything is being stopped
    await asyncio.sleep(0)
    assert steps.begun == ["reload"]
