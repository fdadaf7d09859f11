from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.audit.tiles import (
    MissingTileError,
    TileNodes,
    bundle_path,
    decode_bundle,
    encode_bundle,
    read_bundle,
    tile_path,
    width_at,
)
from shield.audit.tree import (
    HASH_BYTES,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_at,
    verify_inclusion,
)
from tests.consistency import verify_consistency


class Memory:
    """A `Reader` over a dict."""

    def __init__(self, content: dict[str, bytes]) -> None:
        self.content = content

    def read(self, path: str) -> bytes | None:
        return self.content.get(path)

    def names(self, path: str) -> list[str]:
        return sorted(name.removeprefix(path + "/") for name in self.content if name.startswith(path + "/"))


def tiles_of(size: int) -> Memory:
    """The tiles of a tree of `size`, by the layout."""
    frontier = Frontier()
    content = {}
    for number in range(size):
        for tile in frontier.append(leaf_hash(str(number).encode())):
            content[tile_path(tile.level, tile.number)] = tile.hashes
    for level, number, hashes in frontier.partial_tiles():
        content[tile_path(level, number, len(hashes) // HASH_BYTES)] = hashes
    return Memory(content)


@pytest.mark.parametrize(
    ("level", "number", "width", "path"),
    [
        (0, 0, 256, "tile/0/000"),
        (0, 1_234_067, 256, "tile/0/x001/x234/067"),
        (1, 1000, 256, "tile/1/x001/000"),
        (63, 999, 1, "tile/63/999.p/1"),
        (0, 273, 112, "tile/0/273.p/112"),
    ],
)
def test_paths_of_tiles(level, number, width, path):
    assert tile_path(level, number, width) == path


def test_paths_of_bundles():
    assert bundle_path(1_234_067) == "tile/entries/x001/x234/067"
    assert bundle_path(5, 255) == "tile/entries/005.p/255"
    for width in (0, 257):
        with pytest.raises(ValueError, match="1 to 256"):
            bundle_path(0, width)


@pytest.mark.parametrize(
    ("level", "number", "size", "width"),
    # The example of the specification: 70,000 entries.
    [
        (0, 272, 70_000, 256),
        (0, 273, 70_000, 112),
        (1, 0, 70_000, 256),
        (1, 1, 70_000, 17),
        (2, 0, 70_000, 1),
        (0, 0, 256, 256),
        (1, 0, 256, 1),
        (0, 1, 256, 0),
    ],
)
def test_how_wide_tiles_are(level, number, size, width):
    assert width_at(level, number, size) == width


@given(st.lists(st.binary(max_size=300), max_size=300))
def test_bundles_are_read_back(entries):
    assert decode_bundle(encode_bundle(entries)) == entries


@given(st.lists(st.binary(min_size=1, max_size=50), min_size=1, max_size=20), st.integers(1, 60))
def test_a_cut_bundle_has_fewer_entries_and_no_others(entries, cut):
    raw = encode_bundle(entries)
    read = decode_bundle(raw[: max(0, len(raw) - cut)])
    assert len(read) < len(entries)
    assert read == entries[: len(read)]


def test_the_longest_entry_fits():
    entry = b"x" * 65_535
    assert decode_bundle(encode_bundle([entry, b""])) == [entry, b""]


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 300, 1000, 65_536, 66_000])
def test_proofs_come_from_tiles(size):
    nodes = TileNodes(tiles_of(size), size)
    root = root_at(nodes, size)
    for index in {0, size // 3, size - 1}:
        leaf = leaf_hash(str(index).encode())
        verify_inclusion(leaf, index, size, inclusion_proof(nodes, index, size), root)
    for old in {1, size // 2 + 1, size}:
        verify_consistency(old, size, consistency_proof(nodes, old, size), root_at(nodes, old), root)


def test_a_wider_partial_or_the_full_tile_stands_in_for_a_narrower_one():
    full = tiles_of(256)
    wide = tiles_of(200)
    narrow = root_at(TileNodes(tiles_of(100), 100), 100)
    assert root_at(TileNodes(wide, 100), 100) == narrow
    assert root_at(TileNodes(full, 100), 100) == narrow
    with pytest.raises(MissingTileError):
        root_at(TileNodes(tiles_of(99), 100), 100)


def test_bundles_are_found_in_the_same_way():
    entries = [b"a", b"b", b"c"]
    wide = Memory({bundle_path(0, 3): encode_bundle(entries)})
    assert read_bundle(wide, 0, 2) == [b"a", b"b"]
    assert read_bundle(wide, 0, 4) is None
    assert read_bundle(Memory({bundle_path(0): encode_bundle(entries)}), 0, 2) == [b"a", b"b"]
