"""Asks the file system whether the folder of the audit log can take more records."""

from __future__ import annotations

import os
from pathlib import Path


def free_space(directory: Path) -> tuple[int, int] | None:
    """The free bytes (for this user) and the size of the file system; None where it cannot be asked."""
    try:
        usage = os.statvfs(directory)
    except OSError:
        return None
    return usage.f_bavail * usage.f_frsize, usage.f_blocks * usage.f_frsize


def is_writable(directory: Path) -> bool:
    """Whether a record could be written: permission, a file system that is not read-only, a free block."""
    try:
        system = os.statvfs(directory)
        free = system.f_bavail > 0 and not system.f_flag & os.ST_RDONLY
        return free and os.access(directory, os.W_OK | os.X_OK)
    except OSError:
        return False
