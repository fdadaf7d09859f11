"""Recomputing the tree names a changed record once, and continues with what was signed."""

from __future__ import annotations

from hashlib import sha256

import pytest

from shield.audit.checkpoint import Checkpoint, SignedCheckpoint
from shield.audit.tiles import tile_path
from shield.audit.tree import HASH_BYTES, TILE_WIDTH, Frontier
from shield.audit.tree_checks import TreeChecks

ENTRIES = [b"record %d" % index for index in range(TILE_WIDTH + 3)]
FILE = "the file"


class Stored(dict[str, bytes]):
    """A folder in memory."""

    def read(self, path: str) -> bytes | None:
        return self.get(path)

    def names(self, folder: str) -> list[str]:
        return [path[len(folder) + 1 :] for path in self if path.startswith(f"{folder}/")]


def hashes(entries: list[bytes]) -> bytes:
    return b"".join(sha256(b"\x00" + entry).digest() for entry in entries)


@pytest.fixture
def stored() -> tuple[Stored, SignedCheckpoint]:
    """Store the tiles and the head of all entries."""
    frontier = Frontier()
    full = [*frontier.extend(hashes(ENTRIES[:TILE_WIDTH])), *frontier.extend(hashes(ENTRIES[TILE_WIDTH:]))]
    tiles = Stored({tile_path(tile.level, tile.number): tile.hashes for tile in full})
    for level, number, row in frontier.partial_tiles():
        tiles[tile_path(level, number, len(row) // HASH_BYTES)] = row
    head = Checkpoint("shield.example/log", len(ENTRIES), frontier.root())
    return tiles, SignedCheckpoint(head, (), "")


def problems(
    stored: tuple[Stored, SignedCheckpoint], entries: list[bytes], since: SignedCheckpoint | None = None
) -> list[tuple[int | None, str, str]]:
    found: list[tuple[int | None, str, str]] = []
    tiles, signed = stored
    checks = TreeChecks(
        lambda *problem: found.append(problem), tiles, frontier=Frontier(), signed=signed, since=since
    )
    for start in range(0, len(entries), TILE_WIDTH):
        some = entries[start : start + TILE_WIDTH]
        checks.extend(start, checks.leaves_of(start, some, FILE), FILE)
    return found


def test_what_was_signed_has_no_problem(stored: tuple[Stored, SignedCheckpoint]) -> None:
    assert problems(stored, ENTRIES) == []


@pytest.mark.parametrize("index", [0, 100, TILE_WIDTH - 1, TILE_WIDTH, TILE_WIDTH + 2])
def test_a_changed_record_is_one_problem(stored: tuple[Stored, SignedCheckpoint], index: int) -> None:
    changed = [*ENTRIES[:index], b"another", *ENTRIES[index + 1 :]]
    assert problems(stored, changed) == [(index, FILE, "it is not what was signed")]


def test_a_tile_of_other_hashes_is_named(stored: tuple[Stored, SignedCheckpoint]) -> None:
    tiles, signed = stored
    path = tile_path(0, 0)
    tiles[path] = tiles[path][:HASH_BYTES] + bytes(HASH_BYTES) + tiles[path][2 * HASH_BYTES :]
    what = f"hash 1 of the tile is not that of the records in {FILE}"
    assert problems((tiles, signed), ENTRIES) == [(1, path, what)]


def test_a_missing_tile_is_named(stored: tuple[Stored, SignedCheckpoint]) -> None:
    tiles, signed = stored
    del tiles[tile_path(0, 0)]
    assert problems((tiles, signed), ENTRIES) == [(0, tile_path(0, 0), "the tile is missing")]


def test_a_head_from_elsewhere_must_be_of_these_records(stored: tuple[Stored, SignedCheckpoint]) -> None:
    since = SignedCheckpoint(Checkpoint("shield.example/log", 7, bytes(HASH_BYTES)), (), "")
    said = "the records below 7 do not have the root that was signed"
    assert problems(stored, ENTRIES, since) == [(None, "the kept checkpoint", said)]
