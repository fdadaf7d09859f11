from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_the_runtime_of_the_models_keeps_nothing_in_the_home_folder_and_reports_to_nobody(
    tmp_path: Path,
) -> None:
    """It would do both with telemetry on, which it decides when it loads; hence a separate process."""
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache"), "ORT_DISABLE_TELEMETRY": "0"}
    code = "import shield.analyzer.tagging.graphs, os; print(os.environ['ORT_DISABLE_TELEMETRY'])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **home},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout == "1\n"
    assert list(tmp_path.iterdir()) == []
