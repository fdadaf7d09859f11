"""Sockets that a listener binds in a thread are closed where nobody waits for them any more."""

from __future__ import annotations

import asyncio
import socket
import threading

import pytest

from shield.config.settings import Listener
from shield.proxy import accepting, listener


async def test_a_cancelled_bind_leaves_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, going_on = threading.Event(), threading.Event()
    bound: list[socket.socket] = []

    def slowly(where: Listener) -> list[socket.socket]:
        begun.set()
        going_on.wait()
        bound.extend(accepting.bound_sockets(where))
        return bound

    monkeypatch.setattr(listener, "bound_sockets", slowly)
    waiting = asyncio.create_task(listener.bind(Listener("127.0.0.1", 0)))
    await asyncio.to_thread(begun.wait)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    going_on.set()
    await asyncio.get_running_loop().shutdown_default_executor()
    assert [sock.fileno() for sock in bound] == [-1]


async def test_a_bind_that_is_waited_for_gives_its_sockets() -> None:
    (sock,) = await listener.bind(Listener("127.0.0.1", 0))
    with sock:
        assert sock.getsockname()[0] == "127.0.0.1"
