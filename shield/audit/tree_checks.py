"""Verifies the tree: rebuilds it from the records, and compares it with stored tiles and signed roots.

Pure over a `Reader`; memory is one row of hashes of each level.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from shield.audit.checkpoint import SignedCheckpoint
from shield.audit.tiles import CHECKPOINT_PATH, MissingTileError, Reader, TileNodes, read_widest, tile_path
from shield.audit.tree import HASH_BYTES, TILE_HEIGHT, TILE_WIDTH, Frontier, FullTile, subtree_hash
from shield.audit.verification import KEPT, Complain


class TreeChecks:
    """Takes the records of a log in order, from where `frontier` ends; tells `complain` what does not hold.

    `signed` is the log's newest checkpoint, `since` an earlier one that was kept elsewhere.
    """

    def __init__(
        self,
        complain: Complain,
        reader: Reader,
        *,
        frontier: Frontier,
        signed: SignedCheckpoint | None,
        since: SignedCheckpoint | None,
    ) -> None:
        self.frontier = frontier
        self._complain = complain
        self._reader = reader
        self._signed = signed
        self._since = since
        self._size = 0 if signed is None else signed.checkpoint.size

    def leaves_of(self, start: int, entries: Sequence[bytes], file: str) -> bytes:
        """The hashes to continue the tree with for consecutive records of a tile; see `_judge_leaves`."""
        leaves = b"".join([sha256(b"\x00" + entry).digest() for entry in entries])
        return self._judge_leaves(start // TILE_WIDTH, leaves, file) if len(entries) == TILE_WIDTH else leaves

    def extend(self, start: int, leaves: bytes, file: str) -> None:
        """Adds these hashes to the tree; checks the tiles that they fill and the roots that are known."""
        done = 0
        for size, root, where in self._stops():
            if start < size <= start + len(leaves) // HASH_BYTES:
                upto = (size - start) * HASH_BYTES
                self._tiles(self.frontier.extend(leaves[done:upto]), file)
                done = upto
                self._check_head(size, root, where, file)
        self._tiles(self.frontier.extend(leaves[done:]), file)

    def _stops(self) -> list[tuple[int, bytes, str]]:
        """The sizes at which a root is known, ascending."""
        heads = [(self._signed, CHECKPOINT_PATH), (self._since, KEPT)]
        return sorted(
            (signed.checkpoint.size, signed.checkpoint.root, where)
            for signed, where in heads
            if signed is not None
        )

    def _check_head(self, size: int, root: bytes, where: str, file: str) -> None:
        """At a signed size: compares the root with the signed one, the partial tiles with those on disk."""
        good = self.frontier.root() == root
        if where == CHECKPOINT_PATH:
            for level, number, hashes in self.frontier.partial_tiles():
                width = len(hashes) // HASH_BYTES
                full = tile_path(level, number)
                path = tile_path(level, number, width)
                stored = self._reader.read(path)
                if stored is None:
                    wider = read_widest(self._reader, [full], f"{full}.p", width)
                    stored = wider and wider[: len(hashes)]
                if level == 0 and stored is not None and not good and self._root_with(stored) == root:
                    self._blame_record(number, hashes, stored, file)
                    good = True
                else:
                    self._compare_tile(FullTile(level, number, hashes), stored, path)
        if not good:
            self._complain(None, where, f"the records below {size} do not have the root that was signed")

    def _root_with(self, row: bytes) -> bytes:
        """The root if the partial tile of level 0 were `row`."""
        rows = {level: hashes for level, _, hashes in self.frontier.partial_tiles()} | {0: row}
        try:
            return Frontier(
                self.frontier.size, [rows.get(level, b"") for level in range(max(rows) + 1)]
            ).root()
        except ValueError:
            return b""

    def _judge_leaves(self, number: int, leaves: bytes, file: str) -> bytes:
        """Compares a full row of leaf hashes with its tile; returns the row to go on with.

        Where they differ and the tile is the one that its parent tile was made of, the records are wrong and
        the tile is right: the records are named, and the tree goes on with the tile, so that one changed
        record is one problem and not a chain of them.
        """
        stored = self._reader.read(tile_path(0, number))
        if stored is None or stored == leaves or len(stored) != len(leaves):
            return leaves
        place = number % TILE_WIDTH
        try:
            row = TileNodes(self._reader, self._size).row(1, number // TILE_WIDTH, place + 1)
        except MissingTileError:
            return leaves
        if row[place * HASH_BYTES : (place + 1) * HASH_BYTES] != subtree_hash(stored):
            return leaves
        self._blame_record(number, leaves, stored, file)
        return stored

    def _blame_record(self, number: int, leaves: bytes, stored: bytes, file: str) -> None:
        wrong = _differences(leaves, stored)
        more = f", as are {len(wrong) - 1} more" if len(wrong) > 1 else ""
        self._complain(number * TILE_WIDTH + wrong[0], file, f"it is not what was signed{more}")

    def _tiles(self, tiles: Sequence[FullTile], file: str) -> None:
        for tile in tiles:
            path = tile_path(tile.level, tile.number)
            stored = self._reader.read(path)
            end = (tile.number + 1) << (TILE_HEIGHT * (tile.level + 1))
            if stored is None and end > self._size:
                continue  # the writer was stopped between this record and its tile
            self._compare_tile(tile, stored, path, file)

    def _compare_tile(self, tile: FullTile, stored: bytes | None, path: str, file: str = "") -> None:
        hashes = tile.hashes
        if stored == hashes:
            return
        first = tile.number * TILE_WIDTH
        if stored is None:
            self._complain(first << (TILE_HEIGHT * tile.level), path, "the tile is missing")
            return
        if stored.startswith(hashes):
            self._complain(None, path, "the tile is too long")
            return
        place = next(iter(_differences(hashes, stored)), len(hashes) // HASH_BYTES)
        what = f"hash {place} of the tile is not that of the records" + (f" in {file}" if file else "")
        self._complain((first + place) << (TILE_HEIGHT * tile.level), path, what)


def _differences(row: bytes, other: bytes) -> list[int]:
    """The positions at which two rows of hashes differ, over the length of the first."""
    steps = range(0, len(row), HASH_BYTES)
    return [at // HASH_BYTES for at in steps if row[at : at + HASH_BYTES] != other[at : at + HASH_BYTES]]
