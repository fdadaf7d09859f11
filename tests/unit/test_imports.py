"""Processes that detect nothing load neither the heart nor what that detects with."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["shield.supervisor.running", "shield.app.console"])
def test_a_process_beside_the_workers_does_not_load_the_heart(module: str) -> None:
    code = (
        "import sys\n"
        f"import {module}\n"
        "heavy = {'numpy', 'presidio_analyzer', 'rich', 'shield.redactor'} & sys.modules.keys()\n"
        "sys.exit(' '.join(sorted(heavy)) or None)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("before", ["", "import rich\n"])
def test_who_wants_rich_beside_the_log_has_it(before: str) -> None:
    code = (
        f"{before}import shield.telemetry.logging as log\n"
        "import rich.console, structlog.dev\n"
        "rich.console.Console(stderr=False).print('drawn')\n"
        "print(structlog.dev.rich is rich)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"drawn\n{bool(before)}\n", "")
