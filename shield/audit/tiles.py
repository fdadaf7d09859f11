"""The layout of a log's folder: C2SP tlog-tiles paths, entry bundles, and hashes read from tiles.

Pure over a `Reader`. Paths are relative to the log's folder, with `/` between their parts:

    checkpoint                      the newest signed checkpoint
    vkey                            the public key that signs
    rotations                       the records of key rotations, one a line (see rotation.py)
    minimum-index, holds            what was pruned, and what must not be (see retention.py)
    tile/LEVEL/N[.p/W]              256 (W) hashes
    tile/entries/N[.p/W]            256 (W) entries, each after its length as big-endian uint16
    wal/FIRST.wal                   the write-ahead log (see wal.py)

N is written in groups of three digits, all but the last begun with `x`: 1234067 is `x001/x234/067`.
"""

from __future__ import annotations

import struct
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Protocol

from shield.audit.tree import HASH_BYTES, TILE_HEIGHT, TILE_WIDTH, Frontier, subtree_hash

CHECKPOINT_PATH = "checkpoint"
VKEY_PATH = "vkey"
ROTATIONS_PATH = "rotations"
MINIMUM_PATH = "minimum-index"
HOLDS_PATH = "holds"
WAL_FOLDER = "wal"
MAX_ENTRY_BYTES = 65_535
_LENGTH = struct.Struct(">H")
_CACHED_TILES = 64


class MissingTileError(Exception):
    """A tile that a proof needs is not there or is too short; the message is its path."""


class Reader(Protocol):
    """The files of one log, read-only."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None where it does not exist."""
        ...

    def names(self, path: str) -> list[str]:
        """The names in a folder, sorted; empty where it does not exist."""
        ...


def _number(index: int) -> str:
    last = f"{index % 1000:03d}"
    index //= 1000
    while index:
        last = f"x{index % 1000:03d}/{last}"
        index //= 1000
    return last


def tile_path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """The path of the tile of `width` hashes."""
    return f"tile/{level}/{_number(index)}{_suffix(width)}"


def bundle_path(index: int, width: int = TILE_WIDTH) -> str:
    """The path of the bundle of `width` entries."""
    return f"tile/entries/{_number(index)}{_suffix(width)}"


def _suffix(width: int) -> str:
    if not 0 < width <= TILE_WIDTH:
        raise ValueError("a tile is 1 to 256 wide")
    return "" if width == TILE_WIDTH else f".p/{width}"


def width_at(level: int, index: int, size: int) -> int:
    """How wide the tile (level, index) of a tree of `size` is: 0 to 256."""
    hashes = size >> (TILE_HEIGHT * level)
    return max(0, min(TILE_WIDTH, hashes - index * TILE_WIDTH))


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """The entries, each after its length as big-endian uint16."""
    pieces: list[bytes] = []
    for entry in entries:
        pieces.append(_LENGTH.pack(len(entry)))
        pieces.append(entry)
    return b"".join(pieces)


def decode_bundle(raw: bytes) -> list[bytes]:
    """The entries of a bundle; a truncated last one is left out, so compare their number."""
    entries: list[bytes] = []
    at, end = 0, len(raw)
    unpack = _LENGTH.unpack_from
    while at + 2 <= end:
        start = at + 2
        at = start + unpack(raw, at)[0]
        if at > end:
            break
        entries.append(raw[start:at])
    return entries


def read_widest(reader: Reader, path_of: Sequence[str], folder: str, at_least: int) -> bytes | None:
    """The first of `path_of` that exists, or else any partial in `folder` that is wide enough.

    Partials are superseded while a log is written: a wider one begins with all that a narrower one held.
    """
    for path in path_of:
        raw = reader.read(path)
        if raw is not None:
            return raw
    for name in reader.names(folder):
        if name.isdecimal() and int(name) >= at_least:
            raw = reader.read(f"{folder}/{name}")
            if raw is not None:
                return raw
    return None


def read_bundle(reader: Reader, index: int, width: int) -> list[bytes] | None:
    """The first `width` entries of a bundle, from the full one or a partial; None where there is none."""
    full = bundle_path(index)
    paths = [bundle_path(index, width), full] if width < TILE_WIDTH else [full]
    raw = read_widest(reader, paths, f"{full}.p", width)
    return None if raw is None else decode_bundle(raw)[:width]


class TileNodes:
    """A `NodeReader` over the tiles of a tree of `size`; keeps the last few tiles in memory."""

    def __init__(self, reader: Reader, size: int) -> None:
        self._reader = reader
        self._size = size
        self._tiles: OrderedDict[tuple[int, int], bytes] = OrderedDict()

    def node(self, height: int, index: int) -> bytes:
        level, inner = divmod(height, TILE_HEIGHT)
        first = index << inner
        tile, offset = divmod(first, TILE_WIDTH)
        end = offset + (1 << inner)
        row = self.row(level, tile, end)
        return subtree_hash(row[offset * HASH_BYTES : end * HASH_BYTES])

    def row(self, level: int, index: int, width: int) -> bytes:
        """At least the first `width` hashes of a tile; raises `MissingTileError`."""
        key = (level, index)
        row = self._tiles.get(key)
        if row is None or len(row) < width * HASH_BYTES:
            full = tile_path(level, index)
            known = width_at(level, index, self._size)
            paths = [full] if known in {0, TILE_WIDTH} else [tile_path(level, index, known), full]
            row = read_widest(self._reader, paths, f"{full}.p", width)
            if row is None or len(row) < width * HASH_BYTES:
                raise MissingTileError(full)
            self._tiles[key] = row
            if len(self._tiles) > _CACHED_TILES:
                self._tiles.popitem(last=False)
        return row


def frontier_at(nodes: TileNodes, boundary: int) -> Frontier:
    """The right edge of the tree of the first `boundary` leaves, a multiple of 256, from its tiles.

    Raises `MissingTileError`.
    """
    rows: list[bytes] = []
    level = 0
    while at := boundary >> (TILE_HEIGHT * level):
        width = at % TILE_WIDTH
        row = nodes.row(level, at // TILE_WIDTH, width) if width else b""
        rows.append(row[: width * HASH_BYTES])
        level += 1
    return Frontier(boundary, rows)
