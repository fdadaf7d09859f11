"""The sockets of a supervisor: bound once, waited for as long as workers of a killed one may hold them."""

from __future__ import annotations

import io
import json
import socket

import pytest

from shield.config.settings import Listener, LogFormat, LoggingSettings
from shield.errors import ConfigError
from shield.supervisor.sockets import PATIENCE, listening
from shield.telemetry.logging import Logger, configure


def logger(lines: io.StringIO) -> Logger:
    return configure(LoggingSettings("info", LogFormat.JSON), lines)


async def test_the_sockets_listen() -> None:
    sockets = await listening(Listener("127.0.0.1", 0), logger(io.StringIO()))
    client = socket.create_connection(sockets[0].getsockname())
    client.close()
    for sock in sockets:
        sock.close()


async def test_an_address_that_stays_in_use_is_named_at_once_and_is_an_error_after_a_while() -> None:
    waited: list[float] = []
    lines = io.StringIO()

    async def sleep(seconds: float) -> None:
        assert lines.getvalue()  # said before the first wait
        waited.append(seconds)

    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ConfigError, match=f"cannot listen on 127.0.0.1:{port}"):
            await listening(Listener("127.0.0.1", port), logger(lines), sleep=sleep)
    assert sum(waited) == pytest.approx(PATIENCE, abs=0.2)
    (line,) = map(json.loads, lines.getvalue().splitlines())
    assert (line["event"], line["port"], line["waits_s"]) == ("address_in_use", port, PATIENCE)


async def test_an_address_that_becomes_free_is_taken() -> None:
    other = socket.create_server(("127.0.0.1", 0))
    port = other.getsockname()[1]

    async def sleep(_seconds: float) -> None:
        other.close()

    (ours,) = await listening(Listener("127.0.0.1", port), logger(io.StringIO()), sleep=sleep)
    assert ours.getsockname()[1] == port
    ours.close()
