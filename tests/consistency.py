"""The other side of a consistency proof: what a witness or an auditor does with it (RFC 9162, 2.1.4.2)."""

from __future__ import annotations

from collections.abc import Sequence

from shield.audit.tree import EMPTY_ROOT, HASH_BYTES, ProofError, node_hash


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Raises `ProofError` unless the tree of `old` leaves is a prefix of that of `new` leaves.

    On size 0 the RFCs are silent: every tree extends the empty one, so such a proof would show nothing and is
    not accepted; `old` = 0 holds only against `new` = 0, with an empty proof and both roots being SHA-256 of
    nothing.
    """
    if not _holds(old, new, proof, old_root, new_root):
        raise ProofError(f"nothing proves that the tree of {new} extends that of {old}")


def _holds(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    if not 0 <= old <= new or any(len(value) != HASH_BYTES for value in proof):
        return False
    if old in (0, new):
        return old == new and not proof and old_root == new_root and (old > 0 or old_root == EMPTY_ROOT)
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        return False
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old_value = new_value = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old_value, new_value = node_hash(sibling, old_value), node_hash(sibling, new_value)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new_value = node_hash(new_value, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and (old_value, new_value) == (old_root, new_root)
