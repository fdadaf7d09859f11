from __future__ import annotations

import resource

import pytest

from shield.proxy.descriptors import RESERVED, connection_bound

UNLIMITED = resource.RLIM_INFINITY


class System:
    """A process's limits; `refuses` if they may not be raised."""

    def __init__(self, soft: int, hard: int, *, refuses: bool = False) -> None:
        self.soft, self.hard, self.refuses = soft, hard, refuses

    def getrlimit(self, which: int, /) -> tuple[int, int]:
        assert which == resource.RLIMIT_NOFILE
        return self.soft, self.hard

    def setrlimit(self, which: int, limits: tuple[int, int], /) -> None:
        assert which == resource.RLIMIT_NOFILE
        if self.refuses:
            raise ValueError
        self.soft, self.hard = limits


@pytest.mark.parametrize(
    ("system", "bound", "soft"),
    [
        (System(UNLIMITED, UNLIMITED), 2000, UNLIMITED),
        (System(100_000, 100_000), 2000, 100_000),
        (System(1024, 1_000_000), 2000, 2100 + RESERVED),
        (System(1024, UNLIMITED), 2000, 2100 + RESERVED),
        (System(1024, 1500), 1400 - RESERVED, 1500),
        (System(1024, 1_000_000, refuses=True), 924 - RESERVED, 1024),
        (System(64, 64), 1, 64),
    ],
)
def test_the_bound(system: System, bound: int, soft: int) -> None:
    assert connection_bound(2000, 100, system) == bound
    assert system.soft == soft
