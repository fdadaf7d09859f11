"""A program for the tests of `tests.warm`: says how it was started, or waits for SIGTERM."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType


def _end(_number: int, _frame: FrameType | None) -> None:
    os.write(1, b"told\n")  # at once: a buffer may be in use
    sys.exit(7)


if __name__ == "__main__":
    if sys.argv[1] == "wait":
        signal.signal(signal.SIGTERM, _end)
        os.write(1, b"%d\n" % os.getpid())
        signal.pause()
    if sys.argv[1] == "write":
        os.write(int(sys.argv[2]), b"to a pipe")
    if sys.argv[1] == "fail":
        raise SystemExit("it failed")
    said = {"arguments": sys.argv[1:], "folder": str(Path.cwd()), "WORD": os.environ.get("WORD")}
    sys.stdout.write(json.dumps({**said, "input": sys.stdin.read()}) + "\n")
