from __future__ import annotations

import gc
import io
import json
import logging
import sys
import threading
from collections.abc import Iterator

import pytest

from shield.config.settings import LoggingSettings
from shield.telemetry.logging import configure
from shield.telemetry.uncaught import log_uncaught

SECRET = "jane.roe@example.com"


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    stream = io.StringIO()
    configure(LoggingSettings(), stream)
    log_uncaught()
    yield stream
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)


def fail(error: BaseException) -> None:
    raise error


class Fails:
    def __del__(self) -> None:
        fail(ValueError(SECRET))


def in_a_thread(error: BaseException) -> None:
    thread = threading.Thread(target=fail, args=(error,))
    thread.start()
    thread.join()


def test_what_a_thread_raised_is_a_line_with_no_message(
    stream: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    in_a_thread(ValueError(SECRET))
    line = json.loads(stream.getvalue())
    assert line["logger"] == "python.thread"
    assert line["error"] == "builtins.ValueError"
    assert line["frames"][-1].endswith(" fail")
    assert SECRET not in stream.getvalue()
    assert capsys.readouterr() == ("", "")


def test_so_is_what_a_finalizer_raised(stream: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    Fails()
    gc.collect()
    line = json.loads(stream.getvalue())
    assert line["logger"] == "python.finalizer"
    assert line["error"] == "builtins.ValueError"
    assert SECRET not in stream.getvalue()
    assert capsys.readouterr() == ("", "")


def test_a_thread_that_ends_itself_is_no_line(stream: io.StringIO) -> None:
    in_a_thread(SystemExit(SECRET))
    assert stream.getvalue() == ""


def test_a_log_that_cannot_be_written_makes_python_print_nothing(
    stream: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    stream.close()
    in_a_thread(ValueError(SECRET))
    assert SECRET not in "".join(capsys.readouterr())
