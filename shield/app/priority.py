"""Sets the scheduling class of a process beside the proxy: it runs when the proxy leaves a core idle."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

NICE = 19
KILLED_FIRST = 500
_OOM_SCORE = Path("/proc/self/oom_score_adj")
_AUTOGROUP = Path("/proc/self/autogroup")
_TASKS = Path("/proc/self/task")


def stand_back() -> str:
    """Make this process, and all that it starts, give way to every other; returns its class.

    It cannot be undone.

    `SCHED_IDLE` (sched(7)): such a process is preempted at once by any other of its group, and gets about 0.3
    % of a core that is never idle. Anybody may enter it. Where it is refused, the lowest nice value is used.

    Linux may group processes by session (`kernel.sched_autogroup_enabled`) and shares a core between groups
    first, whatever the class of what runs in them. So the supervisor gives the console a session of its own,
    and here that group is given the lowest weight.
    """
    for thread in (os.getpid(), *_threads()):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, thread, NICE)
        with contextlib.suppress(OSError, AttributeError):  # only Linux has this class
            os.sched_setscheduler(thread, os.SCHED_IDLE, os.sched_param(0))
    idle = getattr(os, "SCHED_IDLE", None)
    if os.getsid(0) == os.getpid():  # the group is this process's alone
        with contextlib.suppress(OSError):
            _AUTOGROUP.write_text(f"{NICE}\n", encoding="ascii")
    return "idle" if idle is not None and os.sched_getscheduler(0) == idle else f"nice {os.nice(0)}"


def be_killed_first() -> None:
    """Have the kernel, where memory is short, kill this process and its children before what replaces them.

    Anybody may raise this score (proc(5), `oom_score_adj`); it cannot be taken back without a capability.
    """
    with contextlib.suppress(OSError, ValueError):
        if int(_OOM_SCORE.read_text("ascii")) < KILLED_FIRST:
            _OOM_SCORE.write_text(f"{KILLED_FIRST}\n", encoding="ascii")


def _threads() -> list[int]:
    """All threads: libraries started some while they were loaded; later ones inherit."""
    try:
        return [int(path.name) for path in _TASKS.iterdir()]
    except OSError:
        return []
