"""A write that is to be read back, from the head of its reply to its record."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from shield.evidence.read_backs import Content, Expected
from shield.proxy.object_address import Address
from shield.proxy.runtime import ReadBackPlan, RoutePlan
from shield.proxy.upstream import UpstreamClient
from shield.redactor import Heart

REPLY_BYTES = 256 * 1024
"""Bytes of a reply that are kept to look for an object's id."""


@dataclass(slots=True)
class Written:
    """A chosen write whose reply is coming in. `reply` is None where its body is not needed."""

    request_id: str
    plan: RoutePlan
    read_back: ReadBackPlan
    heart: Heart
    sent: Content
    after: str  # SHA-256 (hex) of the body as forwarded, where that differs from the one received
    inspects: bool
    withholds: bool  # whether it went out with personal data in the names of members
    method: str
    path: str
    hosts: frozenset[str]  # the one by which the route was chosen, and the one that a forwarder was asked for
    asked: str  # the first of them as it was forwarded: with its port
    location: str | None
    reply_codings: Sequence[str]
    reply: bytearray | None

    def take(self, chunk: bytes) -> None:
        """Keep a piece of the reply's body, on its way to the client."""
        if self.reply is not None and len(self.reply) <= REPLY_BYTES:
            self.reply += chunk

    @property
    def size(self) -> int:
        return len(self.sent.body) + len(self.reply or b"")


@dataclass(slots=True, eq=False)
class Pending:
    """One chosen write from its reply to its record. `written` is dropped once `expected` is made."""

    request_id: str
    intent: int
    plan: RoutePlan
    read_back: ReadBackPlan
    heart: Heart
    client: UpstreamClient
    after: str
    inspects: bool
    began: float
    size: int
    written: Written | None
    host: str
    expected: Expected | None = None
    address: Address | None = None
    attempts: int = 0
    status: int | None = None
    object_size: int | None = None
    object_digest: str = ""
    overwritten: bool = False
    timer: asyncio.TimerHandle | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.plan.route.upstream.name, self.address.path if self.address is not None else ""
