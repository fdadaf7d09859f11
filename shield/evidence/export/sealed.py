"""Reads the records of a log that are under its signed head, from an index on. Pure over a `Reader`."""

from __future__ import annotations

from collections.abc import Iterator

from shield.audit.retention import minimum_index
from shield.audit.tiles import read_bundle
from shield.audit.tree import TILE_WIDTH
from shield.errors import EvidenceError
from shield.evidence.pinned import Pinned
from shield.evidence.reading import Entry, entry_of


def sealed_entries(log: Pinned, start: int) -> Iterator[Entry]:
    """The records in order, from `start` or the lowest that was not pruned. Memory is one bundle.

    Raises `EvidenceError` where a bundle below the signed head is missing or cut.
    """
    start = max(start, minimum_index(log))
    for bundle in range(start // TILE_WIDTH, -(-log.size // TILE_WIDTH)):
        first = bundle * TILE_WIDTH
        width = min(TILE_WIDTH, log.size - first)
        raws = read_bundle(log, bundle, width)
        if raws is None or len(raws) < width:
            raise EvidenceError(f"{log.origin}: the bundle with record {first} is missing or cut")
        for index, raw in enumerate(raws, first):
            if index >= start:
                yield entry_of(index, raw)
