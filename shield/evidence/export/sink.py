"""Where events go. A sink knows how far each log was exported, and takes batches whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Exported:
    """An event under its key. `event` is JSON; `leaf` the record's RFC 6962 leaf hash; `time` RFC 3339."""

    origin: str
    index: int
    time: str
    class_uid: int
    leaf: bytes
    event: bytes


class Sink(Protocol):
    """Raises `EvidenceError` where it cannot be read or written; then nothing of the batch counts."""

    async def positions(self) -> Mapping[str, int]:
        """The first index of each origin that is not there yet."""
        ...

    async def put(self, batch: Sequence[Exported]) -> int:
        """Makes a batch durable; returns how many were new. What is there already stays as it is."""
        ...

    async def close(self) -> None: ...
