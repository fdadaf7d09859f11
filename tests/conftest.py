"""Settings for all tests."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# No test may depend on how fast the machine is: Hypothesis fails an example that takes 200 ms, and a strategy
# that draws slowly, unless it is told not to.
settings.register_profile("shield", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shield")


def pytest_configure() -> None:
    """Compile once what hundreds of processes run, and collect garbage less often.

    What servers compile is kept in the checkout, where all of a run share it: not in the user's cache. Byte
    code is kept where the environment forbids it, too: to compile the program anew is a third of a command's
    work. To walk over all the objects of thousands of tests as often as Python does by itself is an eighth of
    theirs; what was left open in a circle is told as before, a little later.
    """
    os.environ.setdefault("SHIELD_CACHE", str(Path(__file__).parents[1] / ".pytest_cache" / "compiled"))
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    gc.set_threshold(50_000, 10, 10)


@pytest.fixture
def standard_logging() -> Iterator[None]:
    """Restore the standard library's loggers, which `configure` changes."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)
