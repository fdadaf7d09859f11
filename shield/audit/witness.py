"""C2SP tlog-witness and tlog-cosignature (Ed25519): requests to a witness, and its answers. Pure.

A witness keeps the newest head that it saw of a log and cosigns a new one only with a proof that it extends
that one, so nobody can cut a log back or rewrite it unnoticed.
"""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shield.audit.checkpoint import Checkpoint, CheckpointError, SignedCheckpoint
from shield.audit.tiles import TileNodes
from shield.audit.tree import consistency_proof

COSIGNATURE_V1 = b"\x04"
_ID_BYTES = 4
_TIME = struct.Struct(">Q")
_BLOB_BYTES = _ID_BYTES + _TIME.size + 64
_PUBLIC_KEY_BYTES = 32
_MARK = "\u2014 "


@dataclass(frozen=True, slots=True)
class Cosignature:
    """States that a witness saw a head as the newest one of its log, at a time (seconds since 1970)."""

    time: int
    line: str


@dataclass(frozen=True, slots=True)
class WitnessKey:
    """A witness's name and Ed25519 public key."""

    name: str
    public_key: bytes

    @classmethod
    def parse(cls, text: str) -> WitnessKey:
        """From a vkey of signature type 0x04; raises `CheckpointError`."""
        name, _, rest = text.strip().partition("+")
        given_id, _, encoded = rest.partition("+")
        try:
            raw = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        key = cls(name, raw[1:])
        if not name or raw[:1] != COSIGNATURE_V1 or len(raw) != 1 + _PUBLIC_KEY_BYTES:
            raise CheckpointError("it is not the verifier key of a witness (NAME+KEYID+BASE64, type 0x04)")
        if given_id != key.key_id.hex():
            raise CheckpointError("the key id does not match the witness's key")
        return key

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + COSIGNATURE_V1 + self.public_key).digest()[:_ID_BYTES]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_encoded(COSIGNATURE_V1 + self.public_key)}"

    def find(self, checkpoint: Checkpoint, lines: str) -> Cosignature:
        """The cosignature of this witness among signature lines; others are ignored.

        Raises `CheckpointError` where there is none, or it does not hold.
        """
        for line in lines.splitlines():
            name, _, encoded = line.removeprefix(_MARK).partition(" ")
            if not line.startswith(_MARK) or name != self.name:
                continue
            try:
                blob = base64.b64decode(encoded, validate=True)
            except (binascii.Error, ValueError):
                continue
            if blob[:_ID_BYTES] == self.key_id:
                return self._checked(checkpoint, blob, line)
        raise CheckpointError(f"there is no cosignature by {self.name}")

    def _checked(self, checkpoint: Checkpoint, blob: bytes, line: str) -> Cosignature:
        if len(blob) != _BLOB_BYTES:
            raise CheckpointError(f"the cosignature by {self.name} is malformed")
        (time,) = _TIME.unpack_from(blob, _ID_BYTES)
        try:
            key = Ed25519PublicKey.from_public_bytes(self.public_key)
            key.verify(blob[_ID_BYTES + _TIME.size :], cosigned_message(checkpoint, time))
        except (InvalidSignature, ValueError):
            raise CheckpointError(f"the cosignature by {self.name} does not hold") from None
        return Cosignature(time, line)


def cosigned_message(checkpoint: Checkpoint, time: int) -> bytes:
    """The message that an Ed25519 witness signs."""
    return f"cosignature/v1\ntime {time}\n{checkpoint.text}".encode()


def add_checkpoint_body(signed: SignedCheckpoint, old: int, nodes: TileNodes) -> bytes:
    """The body of `add-checkpoint`; `old` is the size that the witness saw last, 0 for none.

    Raises `MissingTileError` where the proof needs what was pruned.
    """
    size = signed.checkpoint.size
    proof: Sequence[bytes] = consistency_proof(nodes, old, size) if 0 < old < size else ()
    lines = [f"old {old}", *map(_encoded, proof)]
    return ("\n".join(lines) + "\n\n" + signed.note).encode()


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
