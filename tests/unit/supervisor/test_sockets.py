from __future__ import annotations

import socket

import pytest

from shield.config.settings import Listener
from shield.errors import ConfigError
from shield.supervisor.sockets import PATIENCE, bind


async def test_the_sockets_listen() -> None:
    sockets = await bind(Listener("127.0.0.1", 0))
    client = socket.create_connection(sockets[0].getsockname())
    client.close()
    for sock in sockets:
        sock.close()


async def test_an_address_that_stays_in_use_is_an_error_that_names_it() -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ConfigError, match=f"cannot listen on 127.0.0.1:{port}"):
            await bind(Listener("127.0.0.1", port), sleep=sleep)
    assert sum(waited) == pytest.approx(PATIENCE, abs=0.2)


async def test_an_address_that_becomes_free_is_taken() -> None:
    other = socket.create_server(("127.0.0.1", 0))
    port = other.getsockname()[1]

    async def sleep(_seconds: float) -> None:
        other.close()

    (ours,) = await bind(Listener("127.0.0.1", port), sleep=sleep)
    assert ours.getsockname()[1] == port
    ours.close()
