"""Prometheus' own programs, and this project's files that they check."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
OBSERVABILITY = PROJECT / "config" / "observability"
RULES = sorted((OBSERVABILITY / "prometheus" / "rules").glob("*.yml"))
RUNBOOK = PROJECT / "docs" / "observability.md"

needs_prometheus = pytest.mark.skipif(
    not (shutil.which("promtool") and shutil.which("prometheus")),
    reason="Prometheus and promtool are not installed (Debian: apt-get install prometheus)",
)


def promtool(*arguments: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["promtool", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def groups(path: Path) -> list[dict[str, Any]]:
    """The groups of one rules file."""
    return list(yaml.safe_load(path.read_text("utf-8"))["groups"])


def rules() -> list[dict[str, Any]]:
    """All rules, recording and alerting, in the order of their files."""
    return [rule for path in RULES for group in groups(path) for rule in group["rules"]]
