from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.audit.tree import (
    EMPTY_ROOT,
    HASH_BYTES,
    TILE_WIDTH,
    Frontier,
    ProofError,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    range_hash,
    root_at,
    verify_inclusion,
)
from tests.consistency import verify_consistency

# The known answers (leaves and roots) that Certificate Transparency implementations share.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


class Leaves:
    """A `NodeReader` that recomputes each node from all leaf hashes, by definition."""

    def __init__(self, hashes: list[bytes]) -> None:
        self.hashes = hashes

    def node(self, height: int, index: int) -> bytes:
        if height == 0:
            return self.hashes[index]
        return node_hash(self.node(height - 1, 2 * index), self.node(height - 1, 2 * index + 1))


def tree_of(size: int) -> Leaves:
    return Leaves([leaf_hash(str(number).encode()) for number in range(size)])


def frontier_of(leaves: Leaves, size: int) -> Frontier:
    frontier = Frontier()
    for value in leaves.hashes[:size]:
        frontier.append(value)
    return frontier


@pytest.mark.parametrize("size", range(9))
def test_known_roots(size):
    leaves = Leaves([leaf_hash(leaf) for leaf in LEAVES[:size]])
    assert root_at(leaves, size).hex() == ROOTS[size]
    assert frontier_of(leaves, size).root().hex() == ROOTS[size]


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 700, 65_535, 65_536, 65_793])
def test_the_frontier_has_the_root_and_the_tiles_of_the_whole_tree(size):
    leaves = tree_of(size)
    frontier = Frontier()
    full = {}
    for value in leaves.hashes:
        for tile in frontier.append(value):
            full[tile.level, tile.number] = tile.hashes
    top = range_hash(leaves, 0, size)
    assert frontier.root() == top
    assert len([level for level, _ in full if level == 0]) == size // 256
    assert len([level for level, _ in full if level == 1]) == size // 65_536
    partials = {level: (number, len(row) // HASH_BYTES) for level, number, row in frontier.partial_tiles()}
    expected = {level: (size >> 8 * (level + 1), (size >> 8 * level) % 256) for level in range(3)}
    assert partials == {level: place for level, place in expected.items() if place[1]}
    again = Frontier(size, list(frontier_rows(frontier)))
    assert again.root() == top


def frontier_rows(frontier: Frontier) -> list[bytes]:
    rows = {level: row for level, _, row in frontier.partial_tiles()}
    return [rows.get(level, b"") for level in range(max(rows, default=-1) + 1)]


@given(st.integers(0, 600), st.integers(0, 255))
def test_extending_by_rows_is_the_same_as_by_leaves(size, step):
    leaves = tree_of(size)
    frontier = Frontier()
    at = 0
    while at < size:
        room = TILE_WIDTH - at % TILE_WIDTH
        upto = min(at + min(room, step + 1), size)
        frontier.extend(b"".join(leaves.hashes[at:upto]))
        at = upto
    assert frontier.root() == frontier_of(leaves, size).root()


def test_a_row_that_passes_a_tile_is_refused():
    frontier = Frontier()
    frontier.append(EMPTY_ROOT)
    with pytest.raises(ValueError, match="end of a tile"):
        frontier.extend(EMPTY_ROOT * 256)


def test_rows_of_another_size_are_refused():
    with pytest.raises(ValueError, match="rows"):
        Frontier(3, [EMPTY_ROOT])


@given(st.data())
def test_every_inclusion_proof_holds_and_no_mutation_of_it_does(data):
    size = data.draw(st.integers(1, 300))
    index = data.draw(st.integers(0, size - 1))
    leaves = tree_of(size)
    root = root_at(leaves, size)
    proof = inclusion_proof(leaves, index, size)
    leaf = leaves.hashes[index]
    verify_inclusion(leaf, index, size, proof, root)

    flipped = data.draw(st.integers(0, 255))

    def flip(value: bytes) -> bytes:
        return bytes(
            [*value[: flipped // 8], value[flipped // 8] ^ (1 << flipped % 8), *value[flipped // 8 + 1 :]]
        )

    mutations = [
        (flip(leaf), index, size, proof, root),
        (leaf, index, size, proof, flip(root)),
        (leaf, index, size, [*proof, root], root),
        (leaf, index, size, [leaf, *proof], root),
        (leaf, size, size, proof, root),
        (leaf, -1, size, proof, root),
    ]
    if proof:
        place = data.draw(st.integers(0, len(proof) - 1))
        mutations += [
            (leaf, index, size, [*proof[:place], flip(proof[place]), *proof[place + 1 :]], root),
            (leaf, index, size, [*proof[:place], *proof[place + 1 :]], root),
            (leaf, index, size, [*proof[:place], proof[place][:-1], *proof[place + 1 :]], root),
            (leaf, index ^ 1, size, proof, root) if index ^ 1 < size else (leaf, size, size, proof, root),
        ]
    for mutation in mutations:
        with pytest.raises(ProofError):
            verify_inclusion(*mutation)


@given(st.data())
def test_every_consistency_proof_holds_and_no_mutation_of_it_does(data):
    new = data.draw(st.integers(1, 300))
    old = data.draw(st.integers(1, new))
    leaves = tree_of(new)
    old_root, new_root = root_at(leaves, old), root_at(leaves, new)
    proof = consistency_proof(leaves, old, new)
    verify_consistency(old, new, proof, old_root, new_root)
    other = leaf_hash(b"another")
    mutations = [
        (old, new, [*proof, other], old_root, new_root),
        (old, new, proof, other, new_root),
        (old, new, proof, old_root, other),
        (new + 1, new, proof, old_root, new_root),
        (old, new, proof, old_root[:-1], new_root),
    ]
    if proof:
        place = data.draw(st.integers(0, len(proof) - 1))
        mutations += [
            (old, new, [*proof[:place], other, *proof[place + 1 :]], old_root, new_root),
            (old, new, [*proof[:place], *proof[place + 1 :]], old_root, new_root),
            (old, new, [], old_root, new_root),
            (old, new, proof, new_root, old_root),
        ]
    for mutation in mutations:
        with pytest.raises(ProofError):
            verify_consistency(*mutation)


@pytest.mark.parametrize(
    ("old", "new", "proof", "old_root", "new_root", "holds"),
    [
        (0, 0, [], EMPTY_ROOT, EMPTY_ROOT, True),
        (0, 0, [], leaf_hash(b""), leaf_hash(b""), False),
        (0, 1, [], EMPTY_ROOT, leaf_hash(b""), False),
        (0, 0, [EMPTY_ROOT], EMPTY_ROOT, EMPTY_ROOT, False),
    ],
)
def test_nothing_but_itself_is_proved_of_the_empty_tree(old, new, proof, old_root, new_root, holds):  # noqa: PLR0917 -- a table
    if holds:
        verify_consistency(old, new, proof, old_root, new_root)
    else:
        with pytest.raises(ProofError):
            verify_consistency(old, new, proof, old_root, new_root)


def test_proofs_of_what_is_not_there_are_refused():
    leaves = tree_of(3)
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof(leaves, 3, 3)
    for old, new in ((0, 3), (3, 2)):
        with pytest.raises(ValueError, match="no consistency proof"):
            consistency_proof(leaves, old, new)


def test_a_node_of_the_tree_is_no_leaf_of_it() -> None:
    """Otherwise a pair of hashes could be proved as a record, by a correspondingly shorter proof."""
    first, second, third, fourth = (leaf_hash(bytes([number])) for number in range(4))
    left, right = node_hash(first, second), node_hash(third, fourth)
    root = node_hash(left, right)
    verify_inclusion(first, 0, 4, [second, right], root)
    with pytest.raises(ProofError, match="shorter"):
        verify_inclusion(left, 0, 4, [right], root)


def test_a_tree_has_no_leaves_below_its_leaves() -> None:
    first, second = leaf_hash(b"a"), leaf_hash(b"b")
    root = node_hash(first, second)
    verify_inclusion(root, 0, 1, [], root)
    with pytest.raises(ProofError, match="longer"):
        verify_inclusion(second, 0, 1, [first], root)
