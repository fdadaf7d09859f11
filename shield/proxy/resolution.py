"""Resolves an upstream's name: asks again and again, and keeps the addresses while no resolver answers."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

BELIEVED_SECONDS = 10.0
"""Seconds for which the addresses of a name are believed."""
AGAIN_SECONDS = 1.0
"""Seconds from a lookup that nobody answered to the next one."""
PATIENCE_SECONDS = 1.0
"""Seconds for which a connection waits for an answer where earlier addresses are known."""

Address = Any  # as `getaddrinfo` gives it
Ask = Callable[[], Awaitable[list[Address]]]

_NO_ANSWER = frozenset({socket.EAI_AGAIN, socket.EAI_FAIL, socket.EAI_SYSTEM, socket.EAI_MEMORY})
"""Errors that say nothing of the name; any other is an answer, such as that it does not exist."""


class Resolution:
    """The addresses of one name. Create it in the event loop that uses it; `ask` is `getaddrinfo` for it.

    All that wait share one lookup: a resolver that does not answer holds a thread for as long as the system
    asks. While none answers, earlier addresses are used (as in RFC 8767), for the upstream is most likely
    still there. If the answer is that the name is gone, it has no addresses.
    """

    def __init__(self, ask: Ask, on_failure: Callable[[], None]) -> None:
        self._ask = ask
        self._on_failure = on_failure
        self._loop = asyncio.get_running_loop()
        self._addresses: list[Address] = []
        self._believed_until = 0.0
        self._asked_at = 0.0
        self._asking: asyncio.Task[None] | None = None

    async def addresses(self) -> list[Address]:
        """All addresses. Raises OSError where there is none, or none is known and nobody answers."""
        now = self._loop.time()
        if self._addresses and now < self._believed_until:
            return self._addresses
        asking = self._asking
        if asking is None:
            self._asked_at = now
            asking = self._asking = self._loop.create_task(self._renew(), name="resolve")
            asking.add_done_callback(self._asked)
        if self._addresses and (patience := self._asked_at + PATIENCE_SECONDS - now) > 0:
            await asyncio.wait((asking,), timeout=patience)
        if not self._addresses:  # none is known, or the name is gone
            await asyncio.shield(asking)
        return self._addresses

    def doubt(self) -> None:
        """Look the name up again before the next connection: nothing answers at these addresses."""
        self._believed_until = 0.0

    async def _renew(self) -> None:
        try:
            self._addresses = await self._ask()
            self._believed_until = self._loop.time() + BELIEVED_SECONDS
        except OSError as error:
            self._on_failure()
            if not (isinstance(error, socket.gaierror) and error.errno in _NO_ANSWER):
                self._addresses = []
            if not self._addresses:
                raise
            self._believed_until = self._loop.time() + AGAIN_SECONDS

    def _asked(self, asking: asyncio.Task[None]) -> None:
        self._asking = None
        if not asking.cancelled():
            asking.exception()  # marked as seen: perhaps nobody waits
