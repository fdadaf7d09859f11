"""Decides which records can be indexed: those known to be a canary's or not. Pure.

A `canary` record names the requests of its run after them (`evidence.reading.Entry.is_canary`). The index
takes each record once, so it looks ahead, and waits where the log ends before that is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from shield.audit.record import Kind
from shield.evidence.reading import Entry, microseconds, names_of

RUN_US = 300_000_000
"""A run of canaries takes seconds. Its record is not waited for any longer than this."""


def settled(entries: Iterator[Entry], limit: int) -> list[Entry]:
    """The first `limit` of `entries`; fewer where the log ends before it is known what one of them is.

    Reads beyond them only as long as that is open: to the `canary` record, the next start, or `RUN_US` later.
    """
    batch = list(islice(entries, limit))
    open_at: dict[int, int] = {}  # the positions in the batch of records that none has named yet, in order
    strays: set[int] = set()
    for at, entry in enumerate(batch):
        _close(entry, open_at, strays, batch)
        if entry.is_marked:
            open_at[entry.index] = at
    while open_at and (later := next(entries, None)) is not None:
        _close(later, open_at, strays, batch)
    for at in strays:
        batch[at] = replace(batch[at], named=False)
    return batch[: min(open_at.values(), default=len(batch))]


def _close(entry: Entry, open_at: dict[int, int], strays: set[int], batch: list[Entry]) -> None:
    """Close what a record settles: those it names are canaries, or nobody will name them."""
    if not open_at:
        return
    for index in names_of(entry):
        open_at.pop(index, None)
    if entry.kind == Kind.BOOT:
        strays.update(open_at.values())
        open_at.clear()
    elif entry.time:
        began = microseconds(entry.time) - RUN_US
        while open_at:
            index, at = next(iter(open_at.items()))
            if microseconds(batch[at].time) >= began:
                break
            strays.add(at)
            del open_at[index]
