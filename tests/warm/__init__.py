"""A Python that has imported the program: for tests that need a running one, and not its start.

Most of what a short run of the program costs is importing it, seconds of processor time. `python()` takes
the place of `sys.executable`: what it starts with `-m MODULE` is forked from a process that has imported all
of the program, once for all tests of this one. Tests of a start itself start the program anew.
"""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).parents[2]


@functools.cache
def python() -> str:
    """The path of the executable; beside it is the command `shield`."""
    folder = Path(tempfile.mkdtemp(prefix="warm-"))
    source = Path(__file__).with_name("client.py").read_text(encoding="utf-8")
    program = folder / "python"
    program.write_text(f"#!{sys.executable} -IS\n{source}", encoding="utf-8")
    command = folder / "shield"
    command.write_text(f'#!/bin/sh\nexec "{program}" -m shield "$@"\n', encoding="utf-8")
    for each in (program, command):
        each.chmod(0o755)
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.warm.server", str(folder)],
        cwd=PROJECT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},  # as the program sets them
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # it must still pass signals on where Ctrl-C ends the tests
    )
    assert server.stdin is not None
    assert server.stdout is not None

    def end() -> None:
        server.communicate()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(end)
    assert server.stdout.readline() == b"listening\n"
    return str(program)
