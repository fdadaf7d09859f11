"""The Merkle tree of RFC 6962, section 2.1: hashes, the growing right edge, proofs and their verification.

Pure: hashes come from a `NodeReader`, never from a disk. A hash is 32 bytes (SHA-256); a row of hashes is
their concatenation. `height` 0 is the leaves; the node (height, index) covers the leaves [index * 2**height,
(index + 1) * 2**height). Tiles (C2SP tlog-tiles) are rows of 256 hashes.

That a later tree extends an earlier one is proved here and verified by whoever kept the earlier head: a
witness, or the console's page in a browser (`proof.js`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple, Protocol

HASH_BYTES = 32
TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
TILE_BYTES = TILE_WIDTH * HASH_BYTES
EMPTY_ROOT = sha256(b"").digest()


class ProofError(Exception):
    """A proof does not hold. The message is safe to publish: it has sizes and indices only."""


class NodeReader(Protocol):
    """Where the hashes of perfect subtrees come from."""

    def node(self, height: int, index: int) -> bytes:
        """The 32-byte hash of the perfect subtree (height, index)."""
        ...


class FullTile(NamedTuple):
    """Tile `number` of a level, with 256 hashes unless stated otherwise."""

    level: int
    number: int
    hashes: bytes


def leaf_hash(entry: bytes) -> bytes:
    """RFC 6962: SHA-256(0x00 || entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962: SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def _parents(row: bytes) -> bytes:
    """The row above a row of an even number of hashes."""
    return b"".join(
        [sha256(b"\x01" + row[at : at + 64]).digest() for at in range(0, len(row), 2 * HASH_BYTES)]
    )


def subtree_hash(row: bytes) -> bytes:
    """The root over a row of 2**k hashes."""
    while len(row) > HASH_BYTES:
        row = _parents(row)
    return row


def _peaks(row: bytes) -> Iterator[bytes]:
    """The roots of the perfect subtrees that a row of any width splits into, rightmost first."""
    while row:
        if len(row) // HASH_BYTES % 2:
            yield row[-HASH_BYTES:]
            row = row[:-HASH_BYTES]
        row = _parents(row)


class Frontier:
    """The right edge of a tree that grows: at most 255 hashes for each level of tiles, whatever its size.

    `rows[level]` holds the hashes of the tile at the right edge of that level, fewer than 256.
    """

    def __init__(self, size: int = 0, rows: Sequence[bytes] = ()) -> None:
        widths = [(size >> (TILE_HEIGHT * level)) % TILE_WIDTH for level in range(len(rows))]
        if [len(row) for row in rows] != [HASH_BYTES * width for width in widths] or (
            size >> (TILE_HEIGHT * len(rows))
        ):
            raise ValueError("the rows do not belong to a tree of this size")
        self.size = size
        self._rows = [bytearray(row) for row in rows]

    def append(self, leaf: bytes) -> Sequence[FullTile]:
        """Adds a leaf hash; returns the tiles that became full by it, lowest level first."""
        if not self._rows:
            self._rows.append(bytearray())
        self.size += 1
        row = self._rows[0]
        row += leaf
        return self._carry() if len(row) == TILE_BYTES else ()

    def extend(self, leaves: bytes) -> list[FullTile]:
        """Adds a row of leaf hashes that does not pass the end of the current level 0 tile."""
        if not self._rows:
            self._rows.append(bytearray())
        row = self._rows[0]
        if len(row) + len(leaves) > TILE_BYTES:
            raise ValueError("the row passes the end of a tile")
        self.size += len(leaves) // HASH_BYTES
        row += leaves
        return self._carry() if len(row) == TILE_BYTES else []

    def _carry(self) -> list[FullTile]:
        full: list[FullTile] = []
        level = 0
        while level < len(self._rows) and len(self._rows[level]) == TILE_BYTES:
            tile = bytes(self._rows[level])
            self._rows[level].clear()
            full.append(FullTile(level, (self.size >> (TILE_HEIGHT * (level + 1))) - 1, tile))
            level += 1
            if level == len(self._rows):
                self._rows.append(bytearray())
            self._rows[level] += subtree_hash(tile)
        return full

    def partial_tiles(self) -> list[tuple[int, int, bytes]]:
        """(level, number, hashes) of each tile at the right edge that is neither full nor empty."""
        return [
            (level, self.size >> (TILE_HEIGHT * (level + 1)), bytes(row))
            for level, row in enumerate(self._rows)
            if row
        ]

    def root(self) -> bytes:
        """RFC 6962: MTH over all leaves added so far."""
        root = b""
        for row in self._rows:
            for peak in _peaks(bytes(row)):
                root = node_hash(peak, root) if root else peak
        return root or EMPTY_ROOT


def _split(size: int) -> int:
    """The largest power of two smaller than `size` (`size` > 1)."""
    return 1 << ((size - 1).bit_length() - 1)


def range_hash(nodes: NodeReader, start: int, end: int) -> bytes:
    """MTH over the leaves [start, end), where `start` is a multiple of a power of two >= the width."""
    width = end - start
    if width & (width - 1) == 0:
        height = width.bit_length() - 1
        return nodes.node(height, start >> height)
    middle = start + _split(width)
    return node_hash(range_hash(nodes, start, middle), range_hash(nodes, middle, end))


def root_at(nodes: NodeReader, size: int) -> bytes:
    """The root of the tree of the first `size` leaves."""
    return range_hash(nodes, 0, size) if size else EMPTY_ROOT


def inclusion_proof(nodes: NodeReader, index: int, size: int) -> list[bytes]:
    """RFC 6962, 2.1.1: the audit path of leaf `index` in the tree of `size`, from the leaf's sibling up."""
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(range_hash(nodes, middle, end))
            end = middle
        else:
            path.append(range_hash(nodes, start, middle))
            start = middle
    path.reverse()
    return path


def consistency_proof(nodes: NodeReader, old: int, new: int) -> list[bytes]:
    """RFC 6962, 2.1.2: the proof that the tree of `new` extends that of `old`; 0 < old <= new."""
    if not 0 < old <= new:
        raise ValueError(f"there is no consistency proof from {old} to {new}")
    path: list[bytes] = []
    start, end = 0, new
    whole = True  # whether [start, old) is the whole old tree, which the proof's reader has
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(range_hash(nodes, middle, end))
            end = middle
        else:
            path.append(range_hash(nodes, start, middle))
            start = middle
            whole = False
    if not whole:
        path.append(range_hash(nodes, start, end))
    path.reverse()
    return path


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """RFC 9162, 2.1.3.2: that `leaf` (a leaf hash) is at `index` of the tree of `size` with `root`.

    Raises `ProofError` where the proof does not hold.
    """
    if any(len(value) != HASH_BYTES for value in (leaf, root, *proof)):
        raise ProofError("a hash of the proof is not 32 bytes long")
    if not 0 <= index < size:
        raise ProofError(f"there is no leaf {index} in a tree of {size}")
    value, position, last = leaf, index, size - 1
    for sibling in proof:
        if last == 0:
            raise ProofError("the proof is longer than the tree is high")
        if position & 1 or position == last:
            value = node_hash(sibling, value)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            value = node_hash(value, sibling)
        position >>= 1
        last >>= 1
    if last:
        raise ProofError("the proof is shorter than the tree is high")
    if value != root:
        raise ProofError(f"leaf {index} is not in the tree of {size} with this root")
