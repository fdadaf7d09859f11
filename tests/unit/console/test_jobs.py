"""The console's child processes."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

CONSOLE = """
import multiprocessing, os, sys
from concurrent.futures import ProcessPoolExecutor
from shield.console import jobs

if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=jobs.begin) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        sys.stdin.read()
"""


def test_a_child_ends_with_a_parent_that_was_killed(tmp_path) -> None:
    program = tmp_path / "console.py"
    program.write_text(CONSOLE)
    with subprocess.Popen(
        [sys.executable, str(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    ) as parent:
        assert parent.stdout is not None
        child = os.pidfd_open(int(parent.stdout.readline()))
        try:
            assert not select.select([child], [], [], 0)[0]
            parent.send_signal(signal.SIGKILL)
            assert select.select([child], [], [], 60)[0], "the child lives on without its parent"
        finally:
            os.close(child)
