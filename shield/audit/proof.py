"""Proofs of single records in the C2SP tlog-proof form, for readers who have nothing else.

Pure. The text is `c2sp.org/tlog-proof@v1`, `extra BASE64` (here: the stored bytes of the record, so that the
file is self-contained), `index N`, the hashes of the RFC 6962 audit path in base64 from the leaf's sibling
up, an empty line, and the signed checkpoint as it is.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from shield.audit.checkpoint import CheckpointError, SignedCheckpoint, VerifierKey
from shield.audit.retention import minimum_index
from shield.audit.tiles import CHECKPOINT_PATH, Reader, TileNodes, read_bundle, width_at
from shield.audit.tree import TILE_WIDTH, ProofError, inclusion_proof, leaf_hash, verify_inclusion

HEADER = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
_EXTRA = "extra "
_MAX_PATH = 64


@dataclass(frozen=True, slots=True)
class RecordProof:
    """Proves that `entry` (stored bytes) is record `index` of the log that signed the checkpoint.

    A proof from elsewhere may carry no `extra`: its `entry` is empty until the record is given.
    """

    index: int
    entry: bytes
    path: tuple[bytes, ...]
    signed: SignedCheckpoint

    @property
    def text(self) -> str:
        lines = [HEADER, f"extra {_encoded(self.entry)}", f"index {self.index}", *map(_encoded, self.path)]
        return "\n".join(lines) + "\n\n" + self.signed.note

    @classmethod
    def parse(cls, text: str) -> RecordProof:
        """Parses a proof without verifying it. Raises `ProofError` or `CheckpointError`."""
        head, blank, note = text.partition("\n\n")
        lines = head.split("\n")
        if not blank or lines.pop(0) != HEADER:
            raise ProofError(f"a proof begins with {HEADER}")
        entry = b""
        if lines and lines[0].startswith(_EXTRA):
            entry = _decoded(lines.pop(0).removeprefix(_EXTRA))
        found = _INDEX.fullmatch(lines.pop(0)) if lines else None
        if found is None:
            raise ProofError("the proof lacks its index")
        if len(lines) > _MAX_PATH:
            raise ProofError("the proof is too long")
        path = tuple(map(_decoded, lines))
        return cls(int(found[1]), entry, path, SignedCheckpoint.parse(note.encode()))

    def verify(self, key: VerifierKey) -> None:
        """Raises `CheckpointError` for the signature, `ProofError` for the path, or without a record."""
        self.signed.verify(key)
        if not self.entry:
            raise ProofError("the proof carries no record (extra): give the record itself")
        head = self.signed.checkpoint
        verify_inclusion(leaf_hash(self.entry), self.index, head.size, self.path, head.root)


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ProofError("a line of the proof is not base64") from None


def prove_record(reader: Reader, index: int) -> RecordProof:
    """The proof of a record under the log's newest checkpoint.

    Raises `ProofError` where the checkpoint does not cover it or its bundle is gone,
    `CheckpointError` where there is no valid checkpoint, `MissingTileError` for a tile.
    """
    raw = reader.read(CHECKPOINT_PATH)
    if raw is None:
        raise CheckpointError("the log has no checkpoint")
    signed = SignedCheckpoint.parse(raw)
    size = signed.checkpoint.size
    if not 0 <= index < size:
        raise ProofError(f"the newest checkpoint covers the records below {size}")
    if index < (minimum := minimum_index(reader)):
        raise ProofError(f"the records below {minimum} were pruned")
    bundle, place = divmod(index, TILE_WIDTH)
    entries = read_bundle(reader, bundle, width_at(0, bundle, size))
    if entries is None or place >= len(entries):
        raise ProofError(f"the bundle with record {index} is missing or too short")
    path = tuple(inclusion_proof(TileNodes(reader, size), index, size))
    return RecordProof(index, entries[place], path, signed)
