"""Makes evidence that needs several readings of logs, all of which must see the same records. Pure.

A log in use may be pruned between two readings. What was verified is then not what was counted, and a chosen
record may be gone. That is no problem of the log, so everything is read again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from shield.audit.tiles import MINIMUM_PATH
from shield.audit.verify import MOST_READINGS
from shield.errors import EvidenceError
from shield.evidence.reading import Source

_Made = TypeVar("_Made")


def make_steadily(sources: Sequence[Source], make: Callable[[], _Made]) -> _Made:
    """The result of `make` over `sources` while none of them is pruned; it is called at most three times.

    `make` starts afresh at each call. What it raises is raised; an `EvidenceError` counts only where nothing
    was pruned, or the third time.
    """
    for _ in range(MOST_READINGS - 1):
        before = _minimums(sources)
        try:
            made = make()
        except EvidenceError:
            if _minimums(sources) == before:
                raise
            continue
        if _minimums(sources) == before:
            return made
    return make()


def _minimums(sources: Sequence[Source]) -> list[bytes | None]:
    return [source.reader.read(MINIMUM_PATH) for source in sources]
