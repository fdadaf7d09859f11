from __future__ import annotations

import asyncio
import os
import select
import socket
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from shield.config.settings import LoggingSettings
from shield.supervisor.notices import Notices
from shield.telemetry.logging import configure, silent


@pytest.fixture(params=["path", "abstract"])
def heard(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    """The value of `NOTIFY_SOCKET`, and systemd's end of the socket."""
    name = str(tmp_path / "notify") if request.param == "path" else f"\0shield-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(name)
        sock.settimeout(30)
        yield name.replace("\0", "@"), sock


@pytest.mark.parametrize("own", [{}, {"WATCHDOG_PID": str(os.getpid())}])
async def test_systemd_hears_that_it_serves_that_its_loop_turns_and_that_it_stops(
    heard: tuple[str, socket.socket], own: dict[str, str]
) -> None:
    name, sock = heard
    notices = Notices({"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "3000", **own}, silent())
    notices.ready()
    assert [sock.recv(99) for _ in range(2)] == [b"READY=1", b"WATCHDOG=1"]
    loop = asyncio.get_running_loop()
    assert await loop.run_in_executor(None, sock.recv, 99) == b"WATCHDOG=1"
    notices.close()
    while select.select([sock], [], [], 0)[0]:  # a queue that they fill takes no other notice
        assert sock.recv(99) == b"WATCHDOG=1"
    notices.stopping()
    assert sock.recv(99) == b"STOPPING=1"


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"WATCHDOG_USEC": "0"},
        {"WATCHDOG_USEC": "soon"},
        {"WATCHDOG_USEC": "3000", "WATCHDOG_PID": "1"},
        {"WATCHDOG_USEC": "3000", "WATCHDOG_PID": "x"},
    ],
)
async def test_no_beat_where_no_watchdog_waits_for_this_process(
    heard: tuple[str, socket.socket], env: dict[str, str]
) -> None:
    name, sock = heard
    notices = Notices({"NOTIFY_SOCKET": name, **env}, silent())
    notices.ready()
    notices.stopping()
    assert [sock.recv(99) for _ in range(2)] == [b"READY=1", b"STOPPING=1"]


async def test_where_nobody_listens_it_is_said_and_nothing_else_happens(tmp_path: Path) -> None:
    log = StringIO()
    logger = configure(LoggingSettings(), log)
    Notices({"WATCHDOG_USEC": "3000"}, logger).ready()
    assert log.getvalue() == ""
    Notices({"NOTIFY_SOCKET": str(tmp_path / "none")}, logger).ready()
    assert '"notice":"READY=1","errno":2,"event":"systemd_not_told"' in log.getvalue()
