"""A worker and its supervisor over their channel: of two reloads the later wins, whichever loads longer."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from shield.app.worker import Worker, WorkerSpec
from shield.config.loader import load
from shield.errors import ShieldError
from shield.proxy.board import Board
from shield.proxy.tls_contexts import Spares
from shield.supervisor.channel import Asker, Channel, Message
from tests.unit.app.test_checking import write

SECONDS = 30.0


class Loading:
    """The service, whose `prepare` takes until it is `loaded`; it prepares the digest itself."""

    def __init__(self) -> None:
        self.asked: dict[str, asyncio.Event] = {}
        self.loaded: dict[str, asyncio.Event] = {}
        self.in_force: list[Any] = []

    def slow(self, digest: str) -> None:
        self.asked[digest], self.loaded[digest] = asyncio.Event(), asyncio.Event()

    async def prepare(self, digest: str) -> Any:
        if digest in self.asked:
            self.asked[digest].set()
            await self.loaded[digest].wait()
        return digest

    async def commit(self, prepared: Any) -> None:
        self.in_force.append(prepared)

    async def refuse(self, error: ShieldError) -> None: ...


class Supervisor:
    """The other end of the channel."""

    def __init__(self, service: Loading, asker: Asker) -> None:
        self.service = service
        self._asker = asker

    async def ask(self, op: str, **arguments: Any) -> Message:
        return await self._asker.ask(op, SECONDS, **arguments)


@asynccontextmanager
async def supervised(folder: Path) -> AsyncIterator[Supervisor]:
    board = Board.create(1)
    ours, theirs = socket.socketpair()
    worker = Worker(
        WorkerSpec(folder / "shield.yaml", 0, 1, theirs.fileno(), 2, board.descriptor, ()),
        load(write(folder), {}),
        {},
        Spares(),
    )
    service = Loading()
    worker._service = service  # type: ignore[assignment]
    channel = await Channel.open(theirs)
    listening = asyncio.create_task(worker._listen(channel))
    asker = Asker(await Channel.open(ours), lambda _: None)
    running = asyncio.create_task(asker.run())
    try:
        yield Supervisor(service, asker)
    finally:
        channel.close()
        await asyncio.gather(running, listening)
        board.close()
        os.close(board.descriptor)


async def test_a_preparation_that_outlasts_its_reload_is_not_put_in_force_by_the_next(tmp_path: Path) -> None:
    async with supervised(tmp_path) as supervisor:
        service = supervisor.service
        service.slow("first")
        late = asyncio.create_task(supervisor.ask("prepare", reload=1, digest="first"))
        await service.asked["first"].wait()
        # The supervisor's patience ends: it refuses that reload, and the next one is prepared.
        await supervisor.ask("refuse", error={"code": "config_invalid", "detail": ""})
        assert "error" not in await supervisor.ask("prepare", reload=2, digest="second")
        service.loaded["first"].set()
        assert "over" in str((await late)["error"])
        assert "error" not in await supervisor.ask("commit", reload=2)
        assert service.in_force == ["second"]


async def test_one_that_is_still_loading_when_a_later_reload_was_done_is_dropped(tmp_path: Path) -> None:
    async with supervised(tmp_path) as supervisor:
        service = supervisor.service
        service.slow("first")
        late = asyncio.create_task(supervisor.ask("prepare", reload=1, digest="first"))
        await service.asked["first"].wait()
        await supervisor.ask("refuse", error={"code": "config_invalid", "detail": ""})
        await supervisor.ask("prepare", reload=2, digest="second")
        await supervisor.ask("commit", reload=2)
        service.loaded["first"].set()
        assert "error" in await late
        for number in (1, 2, 3):
            assert "nothing was prepared" in str((await supervisor.ask("commit", reload=number))["error"])
        assert service.in_force == ["second"]


@pytest.mark.parametrize("refused", [1, 2])
async def test_what_a_refused_reload_prepared_is_not_put_in_force(tmp_path: Path, refused: int) -> None:
    async with supervised(tmp_path) as supervisor:
        await supervisor.ask("prepare", reload=refused, digest="refused")
        await supervisor.ask("refuse", error={"code": "config_invalid", "detail": ""})
        assert "error" in await supervisor.ask("commit", reload=refused)
        assert supervisor.service.in_force == []
