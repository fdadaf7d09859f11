"""Makes the run of a benchmark, and keeps its figures."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.processes import BenchmarkError, unwind_on_termination


def kept_run(execute: Callable[[], dict[str, Any]], file: Path) -> dict[str, Any]:
    """What `execute` measured, which is also in `file`, as JSON.

    The program ends with status 2 where a program of the run does not start, or is not correct; with
    SIGTERM, what it started ends too.
    """
    unwind_on_termination()
    try:
        run = execute()
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(run, indent=1) + "\n")
    return run
