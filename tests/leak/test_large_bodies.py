"""The separate process that inspects large bodies leaks nothing, whatever it does and however it ends."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest

from tests.leak.canaries import hunt
from tests.leak.stage import Stage, stage

MAIL, CARD = "rosa.diaz@example.org", "4111 1111 1111 1111"
COMMENTS = [f"comment {i} says nothing of anybody, at some length" for i in range(6000)]
BODY = json.dumps({"comments": [*COMMENTS, f"write to {MAIL}"], "paid": f"with {CARD}"}).encode()
REDACTED = BODY.replace(MAIL.encode(), b"<EMAIL_ADDRESS>").replace(CARD.encode(), b"<CREDIT_CARD>")
PATH = "/o/1"


def _process(running: Stage) -> int | None:
    return running.service.parts.inspections.pid


async def ready(running: Stage) -> int:
    """The process, once it is ready for bodies; the first one may not have waited for that."""
    reply = await running.post(BODY, path=PATH)
    assert b" 201 " in reply
    async with asyncio.timeout(120):
        while running.service.parts.inspections._preparing:
            await asyncio.sleep(0.02)
    running.upstream.forget()
    process = _process(running)
    assert process is not None
    return process


async def _leaks(running: Stage, reply: bytes) -> list[str]:
    places = {**await running.places(), "upstream": bytes(running.upstream.received), "reply": reply}
    return hunt(MAIL, places) + hunt(CARD, places)


async def test_a_large_body_is_redacted_as_any_other(tmp_path: Path) -> None:
    assert len(BODY) > 256 * 1024
    async with stage(tmp_path) as running:
        reply = await running.post(b'{"body": "small"}', path=PATH)
        assert b" 201 " in reply
        assert _process(running) is None
        process = await ready(running)
        reply = await running.post(BODY, path=PATH)
        assert b" 201 " in reply
        assert running.upstream.received.endswith(REDACTED)
        assert await _leaks(running, reply) == []
        assert b"shield_inspection_process_starts_total 1.0" in await running.metrics()
        assert _process(running) == process
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


async def test_one_that_dies_forwards_nothing_and_the_next_write_is_inspected(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        process = await ready(running)
        os.kill(process, signal.SIGKILL)
        reply = await running.post(BODY, path=PATH)
        assert b" 503 " in reply
        assert b"resources_exhausted" in reply
        assert not running.upstream.received
        assert await _leaks(running, reply) == []
        await running.post(BODY, path=PATH)
        assert running.upstream.received.endswith(REDACTED)
        assert await ready(running) != process
        assert b"shield_inspection_process_starts_total 2.0" in await running.metrics()


async def test_one_that_is_stopped_is_late_and_forwards_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path, deadline="3s") as running:
        process = await ready(running)
        os.kill(process, signal.SIGSTOP)
        reply = await running.post(BODY, path=PATH)
        assert b" 503 " in reply
        assert not running.upstream.received
        assert await _leaks(running, reply) == []


async def test_where_patterns_are_enough_it_inspects_and_leaks_nothing_either(tmp_path: Path) -> None:
    async with stage(tmp_path, deadline="10s", on_deadline="patterns_only") as running:
        process = await ready(running)
        reply = await running.post(BODY, path=PATH)
        assert b" 201 " in reply
        assert running.upstream.received.endswith(REDACTED)
        assert await _leaks(running, reply) == []
        running.upstream.forget()
        os.kill(process, signal.SIGKILL)
        reply = await running.post(BODY, path=PATH)
        assert b" 503 " in reply
        assert not running.upstream.received
        assert await _leaks(running, reply) == []
        assert await ready(running) != process


async def test_it_can_be_switched_off(tmp_path: Path) -> None:
    async with stage(tmp_path, server="large_body_process: false") as running:
        await running.post(BODY, path=PATH)
        assert running.upstream.received.endswith(REDACTED)
        assert _process(running) is None


async def test_a_broken_large_body_is_refused_with_its_place(tmp_path: Path) -> None:
    async with stage(tmp_path) as running:
        await ready(running)
        reply = await running.post(BODY[:-2], path=PATH)
        assert b" 400 " in reply
        assert b"body_malformed" in reply
        assert not running.upstream.received
        assert await _leaks(running, reply) == []
