from __future__ import annotations

import asyncio
import json
import logging
import os
import select
from io import StringIO
from pathlib import Path
from typing import Any, NoReturn, TextIO

import pytest

from shield.config.settings import LogFormat, LoggingSettings
from shield.telemetry.logging import Lines, configure, error_fields, line_writer, silent

SECRET = "jane.roe@example.com"


pytestmark = pytest.mark.usefixtures("standard_logging")


def fail(kind: type[Exception]) -> NoReturn:
    raise kind(SECRET)


def failing() -> Exception:
    try:
        try:
            fail(KeyError)
        except KeyError as error:
            raise ValueError(SECRET) from error
    except ValueError as error:
        return error


def lines(stream: StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_one_json_object_a_line() -> None:
    stream = StringIO()
    configure(LoggingSettings(), stream).info("exchange", route="tickets", ms=1.5)
    (line,) = lines(stream)
    assert line.pop("timestamp")
    assert line == {"event": "exchange", "level": "info", "route": "tickets", "ms": 1.5}


@pytest.mark.parametrize("bound", [{}, {"worker": 3}])
def test_the_line_of_a_frequent_event_is_as_any_other(bound: dict[str, int]) -> None:
    stream = StringIO()
    logger = configure(LoggingSettings(), stream).bind(**bound)
    fields: dict[str, Any] = {"route": 'tick"ets', "ms": 1.5, "record": None, "outcome": object()}

    async def both() -> None:
        logger.info("exchange", **fields)
        line_writer(logger, "exchange")(fields)

    asyncio.run(both())
    usual, frequent = lines(stream)
    assert len(str(usual.pop("timestamp"))) == len(str(frequent.pop("timestamp")))
    assert list(usual.items()) == list(frequent.items())


def test_an_exception_is_its_type_and_places() -> None:
    fields = error_fields(failing())
    assert fields["error"] == "builtins.ValueError"
    assert fields["causes"] == ["builtins.KeyError"]
    assert fields["frames"][0].startswith("telemetry/test_logging.py:")
    assert fields["frames"][0].endswith(" failing")
    assert SECRET not in json.dumps(fields)


def test_a_suppressed_context_is_not_followed() -> None:
    error = failing()
    error.__cause__ = None
    error.__suppress_context__ = True
    assert "causes" not in error_fields(error)


@pytest.mark.parametrize("output", list(LogFormat))
def test_our_own_exceptions_carry_no_message(output: LogFormat) -> None:
    stream = StringIO()
    logger = configure(LoggingSettings(format=output), stream)
    try:
        fail(ValueError)
    except ValueError:
        logger.exception("failed", stack_info=True)
    logger.error("failed", exc_info=failing(), value=object())
    text = stream.getvalue()
    assert "builtins.ValueError" in text
    assert SECRET not in text


def test_records_of_libraries_lose_their_text() -> None:
    stream = StringIO()
    configure(LoggingSettings(), stream)
    logging.getLogger("aiohttp.server").error("Error handling %s", SECRET, exc_info=failing())
    logging.getLogger("asyncio").log(17, SECRET)
    logging.getLogger("other").warning("%d", SECRET)
    first, second = lines(stream)
    assert (first["event"], first["logger"], first["level"]) == ("library", "aiohttp.server", "error")
    assert first["error"] == "builtins.ValueError"
    assert second["logger"] == "other"
    assert SECRET not in stream.getvalue()


def test_the_level() -> None:
    stream = StringIO()
    logger = configure(LoggingSettings(level="warning"), stream)
    logger.info("no")
    logger.warning("yes")
    assert [line["event"] for line in lines(stream)] == ["yes"]


def test_the_silent_logger() -> None:
    logger = silent()
    logger.error("nothing")
    logger.info("nothing")


async def one_turn(stream: TextIO) -> None:
    """Write forty lines of some 300 bytes in one turn of the loop."""
    later = Lines(stream)
    for number in range(40):
        later.later(f"{number} {'x' * 300}")
    await asyncio.sleep(0)


def test_the_lines_of_a_turn_reach_a_pipe_in_pieces_that_end_with_a_line() -> None:
    reading, writing = os.pipe2(os.O_DIRECT)  # one read returns what one write wrote
    with os.fdopen(reading, "rb", buffering=0) as reader, os.fdopen(writing, "w") as stream:
        asyncio.run(one_turn(stream))
        stream.close()
        pieces = list(iter(lambda: reader.read(select.PIPE_BUF), b""))
    assert len(pieces) > 1
    assert all(piece.endswith(b"\n") for piece in pieces)
    assert [line.split()[0] for line in b"".join(pieces).splitlines()] == [b"%d" % it for it in range(40)]


def test_the_lines_of_a_turn_reach_a_file_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log"
    written: list[int] = []
    write = os.write

    def noted(descriptor: int, data: bytes) -> int:
        written.append(write(descriptor, data))
        return written[-1]

    monkeypatch.setattr(os, "write", noted)
    with path.open("w", encoding="utf-8") as stream:
        asyncio.run(one_turn(stream))
    assert written == [path.stat().st_size]
    assert len(path.read_text().splitlines()) == 40
