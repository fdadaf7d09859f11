"""The sequence of keys that a log was signed with. Pure.

A rotation is a record that both keys sign. It takes effect at once: a checkpoint whose size is greater than
the record's index is signed by the new key, any other by the old one. The file `rotations` in the log's
folder holds these records again, one a line as they were stored, so that whoever has any of the keys can
follow the chain from there before reading the log.

Law: each link names the last head of the old key and is signed by both. So whoever has one key of the chain
from elsewhere can trust all of it, as far as each old key was in good hands when it was retired.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import orjson

from shield.audit import life_records
from shield.audit.checkpoint import CheckpointError, TextSigner, VerifierKey
from shield.audit.record import Draft, Kind
from shield.audit.tiles import ROTATIONS_PATH, VKEY_PATH, Reader

_KEY_ID_BYTES = 4


def statement(old: VerifierKey, new: VerifierKey, size: int, root: str) -> bytes:
    """The text that both keys sign; `size` and `root` (base64) are of the last head under the old key."""
    lines = ("shield key rotation v1", old.name, old.vkey, new.vkey, str(size), root, "")
    return "\n".join(lines).encode()


@dataclass(frozen=True, slots=True)
class Rotation:
    """One link, found at record `index`: from there on `new` signs."""

    index: int
    old: VerifierKey
    new: VerifierKey
    size: int
    root: bytes
    entry: bytes

    @classmethod
    def parse(cls, entry: bytes) -> Rotation:
        """Parses a record's stored bytes; raises `CheckpointError` unless both signatures hold."""
        try:
            fields = orjson.loads(entry)
            old, new = VerifierKey.parse(str(fields["old_vkey"])), VerifierKey.parse(str(fields["new_vkey"]))
            index, size, root = int(fields["index"]), int(fields["size"]), str(fields["root"])
            signatures = [_decoded(fields["old_signature"]), _decoded(fields["new_signature"])]
            raw_root = base64.b64decode(root, validate=True)
        except (ValueError, KeyError, TypeError, binascii.Error):
            raise CheckpointError("it is not a record of a key rotation") from None
        if fields["kind"] != Kind.ROTATE or old.name != new.name or old == new:
            raise CheckpointError("a rotation must be between two keys of one log")
        message = statement(old, new, size, root)
        for key, blob in zip((old, new), signatures, strict=True):
            if blob[:_KEY_ID_BYTES] != key.key_id or not key.verify(message, blob[_KEY_ID_BYTES:]):
                raise CheckpointError(f"the rotation is not signed by key {key.key_id.hex()}")
        return cls(index, old, new, size, raw_root, entry)


def _decoded(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def rotation_draft(
    old: TextSigner,
    new: TextSigner,
    size: int,
    root: bytes,
    *,
    approver: str = life_records.BY_CONFIGURATION,
) -> Draft:
    """The record of a rotation, signed by both; their signatures are not over the approver."""
    encoded = base64.b64encode(root).decode()
    message = statement(old.key, new.key, size, encoded)
    signed = [
        base64.b64encode(signer.key.key_id + signer.sign_text(message)).decode() for signer in (old, new)
    ]
    return life_records.rotate(
        old_vkey=old.key.vkey,
        new_vkey=new.key.vkey,
        size=size,
        root=encoded,
        old_signature=signed[0],
        new_signature=signed[1],
        approver=approver,
    )


@dataclass(frozen=True, slots=True)
class KeyHistory:
    """The keys of a log: `first`, and the rotations after it in order."""

    first: VerifierKey
    rotations: tuple[Rotation, ...] = ()

    @property
    def current(self) -> VerifierKey:
        return self.rotations[-1].new if self.rotations else self.first

    @property
    def keys(self) -> tuple[VerifierKey, ...]:
        return (self.first, *(link.new for link in self.rotations))

    def at(self, size: int) -> VerifierKey:
        """The key that must have signed a checkpoint of this size."""
        key = self.first
        for link in self.rotations:
            if link.index >= size:
                break
            key = link.new
        return key


def read_history(reader: Reader) -> KeyHistory | None:
    """The history in the files `vkey` and `rotations`; None where there is no `vkey`.

    Raises `CheckpointError` where they are malformed or do not form one chain.
    """
    raw = reader.read(VKEY_PATH)
    if raw is None:
        return None
    try:
        current = VerifierKey.parse(raw.decode())
    except UnicodeDecodeError:
        raise CheckpointError("it is not a verifier key") from None
    links = tuple(Rotation.parse(line) for line in (reader.read(ROTATIONS_PATH) or b"").splitlines())
    for before, after in pairwise(links):
        if before.new != after.old or before.index >= after.index:
            raise CheckpointError("the rotations do not form a chain")
    if links and links[-1].old == current:  # written before `vkey`, which is missing: not in effect yet
        links = links[:-1]
    if links and links[-1].new != current:
        raise CheckpointError("the key is not the last one of the rotations")
    return KeyHistory(links[0].old if links else current, links)


def encode_history(rotations: Sequence[Rotation]) -> bytes:
    """The content of the file `rotations`."""
    return b"".join(link.entry + b"\n" for link in rotations)
