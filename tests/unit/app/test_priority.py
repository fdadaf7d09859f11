from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shield.app.priority import NICE

MODULE = Path(__file__).parents[3] / "shield" / "app" / "priority.py"
# Once it has stood back it may wait long for each millisecond: it loads that module alone, and ends at once.
PROGRAM = """
import json, os, runpy, subprocess, sys
from pathlib import Path
group = Path("/proc/self/autogroup")
said = runpy.run_path(sys.argv[1])["stand_back"]()
child = subprocess.run(["cat", "/proc/self/stat"], capture_output=True, text=True).stdout.split()
print(json.dumps([
    said, os.sched_getscheduler(0), os.nice(0), group.read_text() if group.exists() else None,
    [child[40], child[18]]]), flush=True)  # proc(5): policy and nice
os._exit(0)
"""
pytestmark = pytest.mark.skipif(not hasattr(os, "SCHED_IDLE"), reason="Linux's scheduling classes")


@functools.cache
def run(*, own_session: bool) -> tuple[str, int, int, str | None, list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(MODULE)],
        capture_output=True,
        check=True,
        start_new_session=own_session,
    )
    said, policy, nice, group, child = json.loads(done.stdout)
    return said, policy, nice, group, child


@pytest.mark.parametrize("own_session", [False, True])
def test_the_process_and_its_children_run_when_nobody_else_does(own_session: bool) -> None:
    said, policy, nice, _, child = run(own_session=own_session)
    assert (said, policy, nice) == ("idle", os.SCHED_IDLE, NICE)
    assert child == [str(os.SCHED_IDLE), str(NICE)]


def test_the_group_of_its_session_stands_back_only_where_it_is_its_own() -> None:
    group = Path("/proc/self/autogroup")
    if not group.exists():
        pytest.skip("this kernel groups no processes by session")
    before = group.read_text(encoding="ascii")
    assert run(own_session=False)[3] == before
    assert (run(own_session=True)[3] or "").endswith(f"nice {NICE}\n")
