"""The interface of sinks: each knows how far each log was exported, and takes batches whole or not at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Position:
    """How far a log was exported: the first index that is missing, and the leaf hash before it.

    `leaf` is None where the sink does not know it: nothing was exported, or an earlier version wrote it.
    """

    next: int = 0
    leaf: bytes | None = None


NOTHING_YET = Position()


class Sink(Protocol):
    """Raises `EvidenceError` where it cannot be read or written; then nothing of the batch counts."""

    async def positions(self, origins: Collection[str]) -> Mapping[str, Position]:
        """The positions of those origins of which something was exported."""
        ...

    async def put(self, batch: Sequence[Exported], after: int | None) -> int:
        """Makes a batch of one origin durable; returns how many were new. Existing events stay as they are.

        `after` is the index that must exist already; None where the batch begins the export.
        """
        ...

    async def close(self) -> None: ...
