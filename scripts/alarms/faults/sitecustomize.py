# ruff: noqa: INP001  loaded by the interpreter, not imported
"""Faults of the system below the program, switched by a file: a disk that is slow, fails or fills.

Loaded by each Python process of the program under test (`site`, the standard library). The file that
`ALARM_FAULTS` names holds a mapping: `sync_seconds`, `sync_fails`, `disk_full`.
"""

from __future__ import annotations

import errno
import json
import os
import time
from pathlib import Path
from typing import Any


def _faults() -> dict[str, Any]:
    try:
        return dict(json.loads(Path(os.environ["ALARM_FAULTS"]).read_text()))
    except (KeyError, OSError, ValueError):
        return {}


_fdatasync, _statvfs = os.fdatasync, os.statvfs


def _sync(fd: Any) -> None:
    faults = _faults()
    time.sleep(faults.get("sync_seconds", 0))
    if faults.get("sync_fails"):
        raise OSError(errno.EIO, os.strerror(errno.EIO))
    _fdatasync(fd)


def _space(path: Any) -> os.statvfs_result:
    usage = _statvfs(path)
    if not _faults().get("disk_full"):
        return usage
    fields = list(usage)
    fields[3] = fields[4] = usage.f_blocks // 50
    return os.statvfs_result(fields)


os.fdatasync, os.statvfs = _sync, _space
