"""The log's writing side, synchronous: records become durable, then tiles, then a signed checkpoint.

Order of guarantees: a record is durable when `write` returns (write-ahead log, `fdatasync`); a tile is
written only of durable records; a checkpoint is signed only when all that it covers is in tiles and bundles
on stable storage; a segment of the write-ahead log is removed only when nothing needs it any more. Where any
step raises, `recovery` can continue from the state on disk, and this object must not be used again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shield.audit.checkpoint import SignedCheckpoint, TextSigner, sign_head
from shield.audit.files import Files, write_atomic
from shield.audit.rotation import KeyHistory, Rotation, encode_history
from shield.audit.tiles import (
    CHECKPOINT_PATH,
    ROTATIONS_PATH,
    VKEY_PATH,
    bundle_path,
    encode_bundle,
    tile_path,
)
from shield.audit.tree import HASH_BYTES, TILE_WIDTH, Frontier, FullTile, leaf_hash
from shield.audit.wal import Wal


@dataclass(frozen=True, slots=True)
class Prepared:
    """A tree whose tiles and bundles are on stable storage: ready to be signed.

    `oldest_needed` is the lowest index that recovery would need from the write-ahead log beside the
    partial bundle: that of the oldest intent without an outcome.
    """

    size: int
    root: bytes
    widths: dict[str, int]
    oldest_needed: int


class LogWriter:
    """Owns the write-ahead log's descriptor and the right edge of the tree; one thread at a time.

    Its memory is bounded: fewer than 256 entries, 256 hashes a level, and what was given to `write` since the
    last `integrate`.
    """

    def __init__(
        self,
        files: Files,
        folder: Path,
        signer: TextSigner,
        *,
        history: KeyHistory,
        wal: Wal,
        frontier: Frontier,
        bundle: Sequence[bytes],
        signed_size: int,
    ) -> None:
        """`bundle` are the entries of the partial bundle at the right edge of `frontier`."""
        self._files = files
        self._folder = folder
        self.signer = signer
        self.history = history
        self._wal = wal
        self._frontier = frontier
        self._bundle = list(bundle)
        self._waiting: list[bytes] = []
        self.durable = frontier.size
        self.signed_size = signed_size

    def write(self, payloads: Sequence[bytes]) -> None:
        """Makes the next records durable, as one group."""
        self._wal.append(payloads, self.durable)
        self.durable += len(payloads)
        self._waiting.extend(payloads)

    def integrate(self) -> None:
        """Adds what was written to the tree, and writes the bundles and tiles that became full."""
        waiting, self._waiting = self._waiting, []
        at = 0
        while at < len(waiting):
            entries = waiting[at : at + TILE_WIDTH - len(self._bundle)]
            at += len(entries)
            self._bundle += entries
            full = self._frontier.extend(b"".join(map(leaf_hash, entries)))
            if full:
                write_full(self._files, self._folder, self._bundle, full)
                self._bundle.clear()
        if self._wal.full:
            self._wal.rotate(self.durable)

    def checkpoint(self, oldest_needed: int) -> SignedCheckpoint:
        """Signs the tree of all durable records; `oldest_needed` as in `Prepared`.

        Raises `SignerError` where the signer gave no signature.
        """
        prepared = self.prepare(oldest_needed)
        signed = sign_head(self.signer, prepared.size, prepared.root)
        self.publish(prepared, signed)
        return signed

    def prepare(self, oldest_needed: int) -> Prepared:
        """Writes what a checkpoint over all durable records needs. More records may be written afterwards."""
        self.integrate()
        size = self._frontier.size
        widths: dict[str, int] = {}
        if self._bundle:
            widths[bundle_path(size // TILE_WIDTH)] = len(self._bundle)
            path = bundle_path(size // TILE_WIDTH, len(self._bundle))
            write_atomic(self._files, self._folder / path, encode_bundle(self._bundle), below=self._folder)
        for level, index, hashes in self._frontier.partial_tiles():
            width = len(hashes) // HASH_BYTES
            widths[tile_path(level, index)] = width
            write_atomic(
                self._files, self._folder / tile_path(level, index, width), hashes, below=self._folder
            )
        return Prepared(size, self._frontier.root(), widths, oldest_needed)

    def publish(self, prepared: Prepared, signed: SignedCheckpoint) -> None:
        """Makes the signed head the newest, then drops the partials and segments that it supersedes."""
        write_atomic(self._files, self._folder / CHECKPOINT_PATH, signed.note.encode(), below=self._folder)
        self.signed_size = size = prepared.size
        for full, width in prepared.widths.items():
            self._sweep(self._folder / f"{full}.p", width)
        self._wal.prune(min(size - size % TILE_WIDTH, prepared.oldest_needed))

    def _sweep(self, folder: Path, width: int) -> None:
        """Removes the partials that a wider one superseded; writing a full one may have done so already."""
        with contextlib.suppress(FileNotFoundError):
            for name in self._files.names(folder):
                if name != str(width):
                    self._files.unlink(folder / name)

    def rotate(self, rotation: Rotation, signer: TextSigner) -> None:
        """Lets another key sign from here on; its record is durable, and no head was signed since."""
        self.history = KeyHistory(self.history.first, (*self.history.rotations, rotation))
        write_history(self._files, self._folder, self.history)
        self.signer = signer

    def close(self) -> None:
        self._wal.close()


def write_full(files: Files, folder: Path, entries: Sequence[bytes], tiles: Sequence[FullTile]) -> None:
    """Writes a full bundle and the tiles that it filled, then removes their partials."""
    bundle = bundle_path(tiles[0].number)
    write_atomic(files, folder / bundle, encode_bundle(entries), below=folder)
    for tile in tiles:
        write_atomic(files, folder / tile_path(tile.level, tile.number), tile.hashes, below=folder)
    for path in (bundle, *(tile_path(tile.level, tile.number) for tile in tiles)):
        _remove_partials(files, folder / f"{path}.p")


def _remove_partials(files: Files, folder: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        for name in files.names(folder):
            files.unlink(folder / name)
        files.rmdir(folder)


def write_history(files: Files, folder: Path, history: KeyHistory) -> None:
    """Writes `rotations` before `vkey`: if read in between, the last link has not taken effect yet."""
    if history.rotations:
        write_atomic(files, folder / ROTATIONS_PATH, encode_history(history.rotations))
    write_atomic(files, folder / VKEY_PATH, history.current.vkey.encode() + b"\n")
