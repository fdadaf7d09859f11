"""The addresses of a name when the resolver fails, hangs, or changes its answer."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from typing import Any

import pytest

from shield.proxy.resolution import AGAIN_SECONDS, BELIEVED_SECONDS, PATIENCE_SECONDS, Resolution
from tests.loop_clock import Clock

FIRST, SECOND = ["192.0.2.1"], ["192.0.2.2"]
SILENT = socket.gaierror(socket.EAI_AGAIN, "no answer")
GONE = socket.gaierror(socket.EAI_NONAME, "no such name")


class Resolver:
    """Gives its answers in order; an answer of None waits until `answered` is set."""

    def __init__(self, *answers: Sequence[str] | socket.gaierror | None) -> None:
        self.left = list(answers)
        self.asked = 0
        self.failures = 0
        self.answered = asyncio.Event()
        self.name = Resolution(self.ask, self.failed)

    def failed(self) -> None:
        self.failures += 1

    async def ask(self) -> list[Any]:
        self.asked += 1
        answer = self.left.pop(0)
        if answer is None:
            await self.answered.wait()
            answer = SECOND
        if isinstance(answer, socket.gaierror):
            raise answer
        return list(answer)


@pytest.fixture
async def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    loop = asyncio.get_running_loop()
    made = Clock(loop)
    monkeypatch.setattr(loop, "time", made.time)
    return made


async def test_a_name_is_asked_for_once_by_all_and_again_when_it_is_old(clock: Clock) -> None:
    resolver = Resolver(FIRST, SECOND)
    assert await asyncio.gather(*(resolver.name.addresses() for _ in range(50))) == [FIRST] * 50
    assert resolver.asked == 1
    await clock.skip(BELIEVED_SECONDS)
    assert await resolver.name.addresses() == SECOND
    assert resolver.failures == 0


async def test_while_nobody_answers_the_addresses_of_before_are_used(clock: Clock) -> None:
    resolver = Resolver(FIRST, SILENT, SILENT, SECOND)
    await resolver.name.addresses()
    await clock.skip(BELIEVED_SECONDS)
    for times in (1, 2):
        assert await resolver.name.addresses() == FIRST
        assert await resolver.name.addresses() == FIRST  # and not one query for each connection
        assert resolver.failures == times
        await clock.skip(AGAIN_SECONDS)
    assert await resolver.name.addresses() == SECOND


async def test_a_resolver_that_hangs_is_waited_for_once(clock: Clock) -> None:
    resolver = Resolver(FIRST, None)
    await resolver.name.addresses()
    await clock.skip(BELIEVED_SECONDS)
    waiting = asyncio.create_task(resolver.name.addresses())
    await clock.skip(PATIENCE_SECONDS / 2)
    assert not waiting.done()
    await clock.skip(PATIENCE_SECONDS)
    assert await waiting == FIRST
    assert await resolver.name.addresses() == FIRST
    assert resolver.asked == 2
    resolver.answered.set()
    await clock.skip(0)
    assert await resolver.name.addresses() == SECOND


async def test_a_name_that_is_gone_has_no_address(clock: Clock) -> None:
    resolver = Resolver(FIRST, GONE, SILENT, FIRST)
    await resolver.name.addresses()
    await clock.skip(BELIEVED_SECONDS)
    for reason in ("no such name", "no answer"):  # nor is earlier knowledge trusted after that
        with pytest.raises(socket.gaierror, match=reason):
            await resolver.name.addresses()
    assert await resolver.name.addresses() == FIRST


async def test_addresses_at_which_nothing_answers_are_asked_for_anew_and_kept(clock: Clock) -> None:
    resolver = Resolver(FIRST, SILENT, SECOND)
    await resolver.name.addresses()
    resolver.name.doubt()
    assert await resolver.name.addresses() == FIRST
    resolver.name.doubt()
    assert await resolver.name.addresses() == SECOND


async def test_who_gives_up_leaves_the_question_to_the_others() -> None:
    resolver = Resolver(None)
    first, second = (asyncio.create_task(resolver.name.addresses()) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    resolver.answered.set()
    assert await second == SECOND
    assert first.cancelled()
