"""Imports `structlog` without Rich, with which it would draw tracebacks: this program's logs have none.

Rich and what it imports are some sixty modules of each process. One that has imported either keeps it.
"""

from __future__ import annotations

import sys
from importlib import import_module

_DRAWS = "rich"


def import_structlog() -> None:
    """Imports `structlog` as where Rich is not installed, unless something has imported either already."""
    if not sys.modules.keys().isdisjoint(("structlog", _DRAWS)):
        import_module("structlog")
        return
    sys.modules[_DRAWS] = None  # type: ignore[assignment]  # an import of it fails
    try:
        import_module("structlog")
    finally:
        del sys.modules[_DRAWS]
