"""The first signal ends a demonstration, and no signal leaves a traceback."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

PROGRAM = """
import asyncio
import sys

from shield.demo.until_told import run_until_told


async def work(told: asyncio.Event) -> int:
    print("begun", flush=True)
    await told.wait()
    print("told", flush=True)
    return 7


code = run_until_told(work)
print("ended", flush=True)
sys.stdin.readline()
raise SystemExit(code)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_ends_it_and_later_ones_do_nothing(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(number)
        assert process.stdout.readline() == "told\n"
        assert process.stdout.readline() == "ended\n"
        for again in (signal.SIGINT, signal.SIGTERM, number):
            process.send_signal(again)
        _, errors = process.communicate("\n", timeout=60)
    assert (process.returncode, errors) == (7, "")
