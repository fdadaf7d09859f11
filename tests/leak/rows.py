"""Row types of the fault table: a write with planted values, and the result that each fault must have."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from tests.leak.canaries import hunt
from tests.leak.stage import Stage

CARD = "4111 1111 1111 1111"
MAIL = "rosa.diaz@example.org"
FIELD = f"X-Requester: {MAIL}, {CARD}\r\nReferer: https://desk.example.com/?q={MAIL.replace('@', '%40')}\r\n"
NAME = "wilhelmina_kurz"  # a key that no detector finds: only the upstream gets it
BODY = json.dumps({NAME: f"My card is {CARD}, write to {MAIL}."}).encode()
REDACTED = json.dumps({NAME: "My card is <CREDIT_CARD>, write to <EMAIL_ADDRESS>."}).encode()


def request(body: bytes = BODY, *, length: int | None = None, fields: str = "") -> bytes:
    head = (
        "POST /t HTTP/1.1\r\nHost: shield.example\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body) if length is None else length}\r\n{FIELD}{fields}\r\n"
    )
    return head.encode() + body


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    head = (
        "POST /t HTTP/1.1\r\nHost: shield.example\r\nContent-Type: application/json\r\n"
        f"Transfer-Encoding: chunked\r\n{FIELD}\r\n"
    )
    return head.encode() + b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + end


Break = Callable[[Stage], Awaitable[None]]


async def nothing(_stage: Stage) -> None: ...


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    status: int  # 0: the client does not wait for an answer
    code: str = ""
    raw: bytes = field(default_factory=request)
    forwarded: bool = False  # whether the upstream may have got the (redacted) write
    set_up: Break = nothing
    options: dict[str, Any] = field(default_factory=dict)
    closes: bool = False


def problem(reply: bytes) -> dict[str, Any]:
    parsed = json.loads(reply.partition(b"\r\n\r\n")[2])
    assert isinstance(parsed, dict)
    return parsed


async def hunted(running: Stage, reply: bytes) -> list[str]:
    places = {**await running.places(), "reply": reply}
    upstream = {"upstream": bytes(running.upstream.received)}
    return hunt(NAME, places) + [trace for value in (CARD, MAIL) for trace in hunt(value, places | upstream)]


async def play(row: Row, running: Stage) -> None:
    running.upstream.forget()
    await row.set_up(running)
    reply = await running.send(row.raw, then_close=row.closes)
    if row.status:
        assert reply.startswith(b"HTTP/1.1 %d " % row.status), reply
    if row.code:
        assert problem(reply)["code"] == row.code
    assert await hunted(running, reply) == []
    if row.forwarded:
        assert running.upstream.received.endswith(REDACTED)
    else:
        assert running.upstream.received == b""
