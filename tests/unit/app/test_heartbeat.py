from __future__ import annotations

import asyncio
from typing import Any

from shield.app.heartbeat import Heartbeat
from shield.audit import run_records
from shield.audit.record import Draft
from shield.errors import AuditUnavailableError


class Turns:
    """A sleep that the test ends."""

    def __init__(self) -> None:
        self.asked: asyncio.Queue[float] = asyncio.Queue()
        self._go: asyncio.Queue[None] = asyncio.Queue()

    async def sleep(self, seconds: float) -> None:
        self.asked.put_nowait(seconds)
        await self._go.get()

    async def turn(self) -> None:
        self._go.put_nowait(None)
        await self.asked.get()


class Log:
    def __init__(self) -> None:
        self.fields: list[Any] = []
        self.failed = False

    def append(self, draft: Draft) -> int:
        if self.failed:
            raise AuditUnavailableError
        self.fields.append(draft.fields)
        return len(self.fields) - 1


def beating(log: Log, turns: Turns) -> Heartbeat:
    def draft() -> Draft:
        number = len(log.fields)
        return run_records.heartbeat(
            interval=30.0,
            config_digest="sha256:a",
            requests_started=number,
            requests_finished=number,
            requests_ended={},
        )

    return Heartbeat(log.append, draft, 30.0, sleep=turns.sleep)


async def test_one_at_the_start_one_an_interval_one_at_the_end() -> None:
    log, turns = Log(), Turns()
    heartbeat = beating(log, turns)
    heartbeat.start()
    assert len(log.fields) == 1
    assert await turns.asked.get() == 30.0
    await turns.turn()
    await turns.turn()
    assert len(log.fields) == 3
    await heartbeat.stop()
    await heartbeat.stop()
    assert [fields["requests_started"] for fields in log.fields] == [0, 1, 2, 3]
    assert log.fields[0]["interval_us"] == 30_000_000


async def test_it_ends_with_the_log_and_needs_no_start_to_be_stopped() -> None:
    log, turns = Log(), Turns()
    heartbeat = beating(log, turns)
    await heartbeat.stop()
    heartbeat.start()
    await turns.asked.get()
    log.failed = True
    turns._go.put_nowait(None)
    await heartbeat.stop()
    assert len(log.fields) == 1
