"""Reads a log's records in order, without judging them, for `show` and other readers.

Pure over a `Reader`. Memory is one bundle or one segment, whatever the log's size.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import orjson

from shield.audit import life_records
from shield.audit.checkpoint import CheckpointError, SignedCheckpoint
from shield.audit.record import Kind
from shield.audit.retention import minimum_index
from shield.audit.tiles import CHECKPOINT_PATH, VKEY_PATH, Reader, bundle_path, decode_bundle, read_bundle
from shield.audit.tree import TILE_WIDTH
from shield.audit.wal import DamageError, read_frames

_HOLD = b'"kind":"hold"'


def is_log(reader: Reader) -> bool:
    """Whether a folder is one origin's log (and not the folder above), or what is left of one.

    A log that lost its records, but not its key, must not pass for an unrelated folder.
    """
    if reader.names("wal") or reader.names("tile"):
        return True
    return reader.read(CHECKPOINT_PATH) is not None or reader.read(VKEY_PATH) is not None


def read_entries(reader: Reader, holding: bytes = b"", first: int = 0) -> Iterator[tuple[int, bytes]]:
    """(index, stored bytes) of each record that was not pruned: full bundles, then the write-ahead log.

    Without a write-ahead log the partial bundle of the checkpoint is read. Ends at the first place that
    cannot be read; `verify_log` says what is wrong there. What is pruned meanwhile is left out. Bundles
    without the bytes `holding`, and those below the index `first`, are skipped whole.
    """
    bundle = max(first, minimum_index(reader)) // TILE_WIDTH
    while True:
        raw = reader.read(bundle_path(bundle))
        if raw is None:
            minimum = minimum_index(reader) // TILE_WIDTH
            if minimum <= bundle:
                break
            bundle = minimum  # a pruning overtook the reader
            continue
        if holding in raw:
            yield from enumerate(decode_bundle(raw), bundle * TILE_WIDTH)
        bundle += 1
    index = bundle * TILE_WIDTH
    try:
        for frame in read_frames(reader):
            if frame.record == index:
                yield index, frame.payload
                index += 1
    except DamageError:
        pass
    try:
        size = SignedCheckpoint.parse(reader.read(CHECKPOINT_PATH) or b"").checkpoint.size
    except CheckpointError:
        return
    if index < size and index // TILE_WIDTH == bundle:
        entries = read_bundle(reader, bundle, size - bundle * TILE_WIDTH) or []
        yield from list(enumerate(entries, bundle * TILE_WIDTH))[index % TILE_WIDTH :]


class HoldsRead(NamedTuple):
    """The holds that `stand` by all records, and those `before` the index `end`: a multiple of 256.

    With it, only the records from `end` on need to be read the next time.
    """

    stand: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    end: int = 0


NOTHING_READ = HoldsRead()


def standing_holds(reader: Reader, known: HoldsRead = NOTHING_READ, end: int = 0) -> HoldsRead:
    """The names of the legal holds that the records placed and did not release.

    In a sound log, these are the holds of the file `holds`. Whoever removes records for good must ask the
    records too, since a file is easily lost. Reads the log from the end of what is `known` on, and parses
    only what may be a hold.
    """
    standing = set(known.before)
    before: frozenset[str] | None = None
    for index, raw in read_entries(reader, _HOLD, known.end):
        if index >= end and before is None:
            before = frozenset(standing)
        if _HOLD not in raw:
            continue
        try:
            fields = orjson.loads(raw)
            if fields["kind"] != Kind.HOLD:
                continue
            action, name = fields["action"], str(fields["name"])
        except (ValueError, KeyError, TypeError):
            continue  # no record of this format: verification names it
        if action == life_records.RELEASED:
            standing.discard(name)
        else:
            standing.add(name)
    stand = frozenset(standing)
    return HoldsRead(stand, stand if before is None else before, end)
