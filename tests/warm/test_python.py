"""What `tests.warm` starts is told, and ends, as what Python starts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.warm import PROJECT, python

ECHO = ("-m", "tests.warm.echo")


def ran(interpreter: str, arguments: Sequence[str], folder: Path) -> tuple[int, str, str]:
    done = subprocess.run(
        [interpreter, *arguments],
        input="said\n",
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "WORD": "grün"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (*ECHO, "a", "-m", ""),
        ("-P", *ECHO, "b"),
        (*ECHO, "fail"),
        ("-m", "shield", "--version"),
        ("-m", "shield", "no-such-command"),
        ("-c", "print(1); raise SystemExit(5)"),
    ],
)
def test_it_is_started_and_ends_as_by_python(arguments: Sequence[str], tmp_path: Path) -> None:
    assert ran(python(), arguments, tmp_path) == ran(sys.executable, arguments, tmp_path)


def test_an_error_is_told_with_its_place(tmp_path: Path) -> None:
    code, output, error = ran(python(), (*ECHO, "write", "x"), tmp_path)
    assert (code, output) == (1, "")
    assert error.startswith("Traceback")
    assert error.endswith("ValueError: invalid literal for int() with base 10: 'x'\n")


def waiting() -> tuple[subprocess.Popen[str], int]:
    process = subprocess.Popen([python(), *ECHO, "wait"], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def test_a_signal_reaches_it() -> None:
    process, _ = waiting()
    process.send_signal(signal.SIGTERM)
    assert process.communicate()[0] == "told\n"
    assert process.returncode == 7


def test_a_signal_that_ends_it_is_told() -> None:
    process, pid = waiting()
    os.kill(pid, signal.SIGUSR1)
    process.communicate()
    assert process.returncode == -signal.SIGUSR1


def test_it_ends_with_the_one_that_was_started() -> None:
    process, _ = waiting()
    process.kill()
    assert process.communicate()[0] == ""  # which it would hold open
    assert process.returncode == -signal.SIGKILL


def test_it_has_the_descriptors_that_were_passed() -> None:
    reading, writing = os.pipe()
    command = [python(), *ECHO, "write", str(writing)]
    subprocess.run(command, cwd=PROJECT, pass_fds=[writing], stdin=subprocess.DEVNULL, check=True)
    os.close(writing)
    assert os.read(reading, 99) == b"to a pipe"
    assert os.read(reading, 99) == b""
    os.close(reading)
