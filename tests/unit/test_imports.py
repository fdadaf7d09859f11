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
        "heavy = {'numpy', 'presidio_analyzer', 'shield.redactor'} & sys.modules.keys()\n"
        "sys.exit(' '.join(sorted(heavy)) or None)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
