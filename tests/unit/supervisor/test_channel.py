from __future__ import annotations

import asyncio
import socket

import pytest

from shield.supervisor.channel import Asker, Channel, ChannelClosedError, Message


async def test_questions_are_answered_in_any_order_and_events_come_unasked() -> None:
    ours, theirs = socket.socketpair()
    events: list[Message] = []
    asker = Asker(await Channel.open(ours), events.append)
    reading = asyncio.create_task(asker.run())
    worker = await Channel.open(theirs)

    async def answer_backwards() -> None:
        asked: list[Message] = []
        async for message in worker.messages():
            asked.append(message)
            if len(asked) == 2:
                worker.send({"event": "ready"})
                for one in reversed(asked):
                    worker.send({"id": one["id"], "said": one["op"]})
                return

    _, first, second = await asyncio.gather(answer_backwards(), asker.ask("one", 5), asker.ask("two", 5))
    assert (first["said"], second["said"]) == ("one", "two")
    assert events == [{"event": "ready"}]
    worker.close()
    await reading
    with pytest.raises(ChannelClosedError):
        await asker.ask("three", 5)


async def test_who_waits_for_a_process_that_ends_is_told() -> None:
    ours, theirs = socket.socketpair()
    asker = Asker(await Channel.open(ours), lambda _message: None)
    reading = asyncio.create_task(asker.run())
    asking = asyncio.create_task(asker.ask("metrics", 5))
    await asyncio.sleep(0)
    theirs.send(b'{"id": 1, "cut')
    theirs.close()
    with pytest.raises(ChannelClosedError):
        await asking
    await reading


async def test_a_worker_that_does_not_answer_is_not_waited_for() -> None:
    ours, theirs = socket.socketpair()
    asker = Asker(await Channel.open(ours), lambda _message: None)
    reading = asyncio.create_task(asker.run())
    with pytest.raises(TimeoutError):
        await asker.ask("metrics", 0.01)
    theirs.close()
    await reading
