"""Log lines never hold up or end the process that writes them, whatever becomes of whoever reads them."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import pytest

from shield.config.settings import LogFormat, LoggingSettings
from shield.telemetry.log_output import LogOutput
from shield.telemetry.logging import Logger, configure

LONG = "x" * 9000  # more than a pipe takes as a whole


class Way(NamedTuple):
    """What a process may have as its standard error: the stream, how its reader reads, and how it ends."""

    stream: TextIO
    read: Callable[[], bytes]
    end: Callable[[], None]


@pytest.fixture(params=["pipe", "another user's pipe", "socket"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Way]:
    with ExitStack() as held:
        if request.param == "socket":
            ours, theirs = socket.socketpair()
            theirs.setblocking(False)  # noqa: FBT003  the library's own
            held.callback(ours.close)
            held.callback(theirs.close)
            stream = held.enter_context(os.fdopen(os.dup(ours.fileno()), "w", encoding="utf-8"))
            yield Way(stream, lambda: theirs.recv(1 << 20), theirs.close)
            return
        if request.param != "pipe":
            real = os.open

            def forbidden(path: Any, *rest: Any, **more: Any) -> int:
                if str(path).startswith("/proc/self/fd/"):
                    raise PermissionError(13, "Permission denied")
                return real(path, *rest, **more)

            monkeypatch.setattr(os, "open", forbidden)
        end, begin = os.pipe()
        reader = held.enter_context(os.fdopen(end, "rb", buffering=0))
        stream = held.enter_context(os.fdopen(begin, "w", encoding="utf-8"))
        yield Way(stream, lambda: reader.read(1 << 20), reader.close)


def logger(stream: TextIO) -> Logger:
    return configure(LoggingSettings("info", LogFormat.JSON), stream)


def read_all(way: Way, until: str) -> list[dict[str, Any]]:
    read = b""
    while until.encode() not in read or not read.endswith(b"\n"):
        read += way.read()
    return [json.loads(line) for line in read.splitlines()]


def test_a_reader_that_hangs_loses_lines_and_is_told_how_many(way: Way) -> None:
    log = logger(way.stream)
    sent = 2000
    for number in range(sent):  # far more than a pipe or a socket holds
        log.info("line", number=number, text="y" * 500)
    first = way.read()
    while not first.endswith(b"\n"):
        first += way.read()
    log.info("again")
    lines = [*map(json.loads, first.splitlines()), *read_all(way, "log_lines_lost")]
    numbers = [line["number"] for line in lines if line["event"] == "line"]
    (lost,) = [line["lines"] for line in lines if line["event"] == "log_lines_lost"]
    assert len(numbers) + lost == sent
    assert numbers == sorted(numbers)
    assert sum(line["event"] == "again" for line in lines) == 1


def test_a_reader_that_is_gone_ends_nothing(way: Way) -> None:
    log = logger(way.stream)
    log.info("before")
    way.end()
    for _ in range(3):
        log.info("after")


def test_a_long_line_stays_whole(way: Way) -> None:
    log = logger(way.stream)
    log.info("long", text=LONG)
    log.info("short")
    assert [line["event"] for line in read_all(way, "short")] == ["long", "short"]


def test_a_line_that_was_begun_is_ended_before_another() -> None:
    end, begin = os.pipe()
    with os.fdopen(end, "rb", buffering=0) as reader, os.fdopen(begin, "w", encoding="utf-8") as stream:
        output = LogOutput(stream)
        lines = 0
        while output.write(LONG + "\n"):
            lines += 1
        read = b""
        while not output.write("next\n"):
            read += reader.read(1 << 16)
        read += reader.read(1 << 20)
        *whole, last = read.decode().splitlines()
        assert set(whole) == {LONG}
        assert last == "next"
        assert len(whole) in {lines, lines + 1}


def test_a_full_disk_ends_nothing() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as stream:
        assert not LogOutput(stream).write("line\n")
