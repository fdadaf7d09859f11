"""Reading a log's records in order, without judging them: what `show` and later readers use.

Pure over a `Reader`. Memory is one bundle or one segment, whatever the log's size.
"""

from __future__ import annotations

from collections.abc import Iterator

from shield.audit.checkpoint import CheckpointError, SignedCheckpoint
from shield.audit.retention import minimum_index
from shield.audit.tiles import CHECKPOINT_PATH, Reader, bundle_path, decode_bundle, read_bundle
from shield.audit.tree import TILE_WIDTH
from shield.audit.wal import DamageError, read_frames


def is_log(reader: Reader) -> bool:
    """Whether a folder is one origin's log (and not the folder above)."""
    return bool(reader.names("wal") or reader.names("tile")) or reader.read(CHECKPOINT_PATH) is not None


def read_entries(reader: Reader) -> Iterator[tuple[int, bytes]]:
    """(index, stored bytes) of each record that was not pruned: full bundles, then the write-ahead log.

    Without a write-ahead log the partial bundle of the checkpoint stands in. Ends at the first place
    that cannot be read; `verify_log` says what is wrong there.
    """
    bundle = minimum_index(reader) // TILE_WIDTH
    while (raw := reader.read(bundle_path(bundle))) is not None:
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
