"""An upstream's answer: its head, and its body as it comes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, Protocol

from aiohttp import StreamReader


class Message(Protocol):
    """The part of aiohttp's `RawResponseMessage` that is used: the head of an answer."""

    code: int
    reason: str
    headers: Any
    raw_headers: tuple[tuple[bytes, bytes], ...]
    should_close: bool


_KEEP_ALIVE = re.compile(r"(?:^|[,;\s])timeout\s*=\s*\"?(\d{1,6})", re.IGNORECASE)
OnInterim = Callable[[Message], None]
"""Takes the head of an interim answer; may raise UpstreamError, which ends the exchange."""


class UpstreamAnswer:
    """An answer whose head has arrived. `content` raises BrokenOffError where the body breaks off."""

    __slots__ = ("_give_up", "content", "headers", "raw_headers", "reason", "status")

    def __init__(
        self, message: Message, content: StreamReader, give_up: Callable[[UpstreamAnswer], None]
    ) -> None:
        """`give_up` ends its exchange, if that is still under way."""
        self.status = message.code
        self.reason = message.reason
        self.headers = message.headers
        self.raw_headers = message.raw_headers
        self.content = content
        self._give_up: Callable[[UpstreamAnswer], None] | None = give_up

    def close(self) -> None:
        """Release the answer; if more of it was to come, its connection is ended."""
        give_up, self._give_up = self._give_up, None
        if give_up is not None:
            give_up(self)


def promised(keep_alive: str | None) -> float:
    """The seconds of `Keep-Alive: timeout=5, max=100` (RFC 2068, 19.7.1.1): infinite where it names none."""
    timeout = _KEEP_ALIVE.search(keep_alive) if keep_alive else None
    return math.inf if timeout is None else float(timeout[1])
