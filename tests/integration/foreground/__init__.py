"""An environment in which consoles run at the priority of everything else."""

from __future__ import annotations

import os
from pathlib import Path


def in_foreground(*paths: str) -> dict[str, str]:
    """What to add to the environment of a program; `paths` are further entries of its `PYTHONPATH`."""
    entries = (str(Path(__file__).parent), *paths, os.environ.get("PYTHONPATH", ""))
    return {"PYTHONPATH": os.pathsep.join(filter(None, entries))}
