"""Python imports this at its start where this folder is on `PYTHONPATH`: no process stands back.

The console runs in the class that gets a core only while it is idle (`shield/app/priority.py`). A suite that
keeps all cores busy would wait for it without end, so tests that are not about that class do without.
"""

import os


def _stay(*_: object) -> None:
    """Do nothing, in place of a call that would lower the priority."""


os.sched_setscheduler = _stay  # type: ignore[assignment]
os.setpriority = _stay
