"""Nothing is forwarded without evidence: how a failing or slow audit log affects requests."""

from __future__ import annotations

import asyncio
import json

from shield.audit.record import Kind
from shield.config.settings_route import OnError
from shield.proxy.exchange import BACKLOG
from tests.integration.proxy.harness import Stack, post

BODY = b'{"comment": "secret-zebra"}'


async def test_an_audit_log_that_failed_refuses_everything(stack: Stack) -> None:
    stack.evidence.failure = "ENOSPC"
    stack.reroute(on_error=OnError.BYPASS)
    client = await stack.connect()
    for sent in (post(BODY), b"GET /api/tickets HTTP/1.1\r\nHost: s\r\n\r\n"):
        await client.send(sent)
        answer = await client.answer()
        assert answer.status == 503
        assert json.loads(answer.body)["code"] == "audit_unavailable"
    assert stack.upstream.heads == 0


async def test_an_audit_log_that_fails_at_the_intent(stack: Stack) -> None:
    stack.reroute(on_error=OnError.BYPASS)
    stack.evidence.gate = asyncio.Event()
    client = await stack.connect()
    await client.send(post(BODY))
    await stack.evidence.committing.wait()
    assert stack.upstream.heads == 0  # the intent is not durable yet
    stack.evidence.failure = "EIO"
    stack.evidence.gate.set()
    answer = await client.answer()
    assert json.loads(answer.body)["code"] == "audit_unavailable"
    assert stack.upstream.heads == 0


async def test_an_audit_log_that_failed_refuses_before_the_body_is_asked_for(stack: Stack) -> None:
    stack.evidence.failure = "ENOSPC"
    client = await stack.connect()
    await client.send(post(BODY, "Expect: 100-continue")[: -len(BODY)])
    answer = await client.answer()  # although the client never sends its body
    assert (answer.status, json.loads(answer.body)["code"]) == (503, "audit_unavailable")
    stack.assert_nothing_forwarded()


async def test_refusals_that_the_disk_cannot_follow_wait_for_it(stack: Stack) -> None:
    """Otherwise the records of a flood would fill the memory."""
    refused = b"GET /nowhere HTTP/1.1\r\nHost: s\r\n\r\n"
    stack.evidence.gate = asyncio.Event()  # the disk has not yet written what was appended
    client = await stack.connect()
    stack.evidence.backlog = BACKLOG
    await client.send(refused)
    assert (await client.answer()).status == 404
    stack.evidence.backlog = BACKLOG + 1
    await client.send(refused)
    late = asyncio.create_task(client.answer())
    await stack.evidence.wait_for(Kind.REJECT, 2)
    assert stack.exchange.in_flight == 1
    assert not late.done()
    stack.evidence.gate.set()
    assert (await late).status == 404
