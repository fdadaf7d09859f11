"""How many cores this process may use."""

from __future__ import annotations

import math
import os
from pathlib import Path

CGROUP_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def available_cores(quota: Path = CGROUP_QUOTA) -> int:
    """The cores of the process's affinity, or fewer where its control group (v2) allows less time."""
    cores = len(os.sched_getaffinity(0))
    try:
        allowed, period = quota.read_text().split()
        if allowed != "max":
            cores = min(cores, math.ceil(int(allowed) / int(period)))
    except (OSError, ValueError, ZeroDivisionError):
        pass  # no such limit, or none that can be read
    return max(1, cores)


def worker_count(workers: int | str) -> int:
    """The number of workers that `server.workers` asks for; 0 for none under a supervisor."""
    return available_cores() if isinstance(workers, str) else workers
