"""Holds secrets so that they never show."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Secret:
    """Bytes that never show: not in `repr`, not in an error, not in a digest."""

    value: bytes = field(repr=False)
