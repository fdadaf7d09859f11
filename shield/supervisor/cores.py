"""Counts the cores that this process may use."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path

OWN_GROUP = Path("/proc/self/cgroup")
GROUPS = Path("/sys/fs/cgroup")
_UNIFIED = "0::"  # the line of control groups v2


def available_cores(own: Path = OWN_GROUP, groups: Path = GROUPS) -> int:
    """The cores of the process's affinity, or fewer where its control groups (v2) allow less time."""
    cores = len(os.sched_getaffinity(0))
    for quota in _quotas(own, groups):
        try:
            allowed, period = quota.read_text().split()
            if allowed != "max":
                cores = min(cores, math.ceil(int(allowed) / int(period)))
        except (OSError, ValueError, ZeroDivisionError):
            pass  # no such limit, or not readable
    return max(1, cores)


def _quotas(own: Path, groups: Path) -> Iterator[Path]:
    """The limit files of the process's own group and of all groups above it."""
    try:
        lines = own.read_text().splitlines()
    except OSError:
        lines = []
    inside = next((line.removeprefix(_UNIFIED) for line in lines if line.startswith(_UNIFIED)), "/")
    names = [name for name in inside.split("/") if name not in ("", "..")]
    for depth in range(len(names), -1, -1):
        yield groups.joinpath(*names[:depth], "cpu.max")


def worker_count(workers: int | str) -> int:
    """The number of workers that `server.workers` asks for; 0 for none under a supervisor."""
    return available_cores() if isinstance(workers, str) else workers
