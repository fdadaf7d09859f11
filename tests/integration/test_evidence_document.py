"""Every command block of docs/evidence.md works as written, in order, in one folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.warm import python

PROJECT = Path(__file__).parents[2]
DOCUMENT = (PROJECT / "docs" / "evidence.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```bash\n(.*?)^```", DOCUMENT, re.DOTALL | re.MULTILINE)
HANGS = 900
"""Seconds: some fifty commands that start Python take minutes where the machine has other work."""

pytestmark = pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in ("bash", "openssl", "sha256sum", "basenc")),
    reason="bash, openssl or coreutils are not installed",
)


@pytest.fixture
def shell(tmp_path: Path) -> Path:
    """A folder to type in, with samples and configuration."""
    (tmp_path / "config").symlink_to(PROJECT / "config")
    return tmp_path


@pytest.mark.timeout(HANGS)
def test_every_command_of_the_document_works(shell: Path) -> None:
    path = f"{Path(python()).parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(PROJECT)}
    # `!` alone never ends a shell under `set -e`: report that the command should have failed.
    script = re.sub(r"(?m)^! (.*)$", r"if \1; then echo 'was to fail'; exit 9; fi", "".join(BLOCKS))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=shell,
        env=environment,
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert done.stdout.count("result: it adds up") == 7
    assert "forwarded\t94\t94\t+0" in done.stdout
    assert "forwarded\t95\t94\t+1" in done.stdout
    assert done.stdout.count("\tserve.start\t") == 2
    assert '"action":"evidence.acknowledge"' in done.stdout
    assert "not recorded: this folder is a copy, not where the log is written" in done.stdout
    assert '"kinds":["gap"]' in done.stdout
    assert "\tresolved\tplatform@example.com\tOPS-17\t" in done.stdout
    assert "/access is missing: the anchor (" in done.stdout
    assert "10 of 94 requests chosen" in done.stdout
    assert "10 of them chosen by the seed" in done.stdout
    assert "differs from SHA256SUMS" in done.stderr
    assert "25 of them chosen by the seed" in done.stdout
    assert "differs from MANIFEST" in done.stderr


@pytest.mark.parametrize(
    "source", ["shield/evidence/exceptions.py", "shield/evidence/coverage.py"], ids=["kinds", "reasons"]
)
def test_the_document_names_every_kind(source: str) -> None:
    values = re.findall(
        r'^    [A-Z_]+ = "([a-z_]+)"', (PROJECT / source).read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(values) > 4
    assert [value for value in values if f"`{value}`" not in DOCUMENT] == []
