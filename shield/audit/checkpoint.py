r"""Signed tree heads: C2SP tlog-checkpoint, signed-note with Ed25519, and verifier keys ("vkeys").

Pure. A checkpoint is the text `ORIGIN\nSIZE\nBASE64(ROOT)\n`, a blank line, and signature lines
`— NAME BASE64(key id || signature)\n`. The key id is
SHA-256(name || 0x0A || 0x01 || public key)[:4]; the name of a log's key is its origin. A vkey is
`NAME+HEX(key id)+BASE64(0x01 || public key)`.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shield.audit.tree import HASH_BYTES

ED25519 = b"\x01"
MAX_NOTE_BYTES = 64 * 1024
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_SIGNATURE_MARK = "\u2014 "
_KEY_ID_BYTES = 4
_PUBLIC_KEY_BYTES = 32


class CheckpointError(Exception):
    """A checkpoint, a note or a key is malformed, or its signature does not hold."""


def _decoded(text: str, what: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise CheckpointError(f"{what} is not base64") from None
    if base64.b64encode(raw).decode() != text:
        raise CheckpointError(f"{what} is not canonical base64")
    return raw


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def key_id(name: str, public_key: bytes) -> bytes:
    """The 4 bytes by which signed-note names an Ed25519 key."""
    return sha256(name.encode() + b"\n" + ED25519 + public_key).digest()[:_KEY_ID_BYTES]


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A named Ed25519 public key (32 bytes)."""

    name: str
    public_key: bytes

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """From a vkey; raises `CheckpointError`."""
        parts = text.strip().split("+", 2)
        if len(parts) != 3 or not parts[0]:  # noqa: PLR2004 -- the three parts of a vkey
            raise CheckpointError("a verifier key has the form NAME+KEYID+BASE64")
        name, given_id, encoded = parts
        if not name.isprintable() or " " in name:
            raise CheckpointError("the name of the verifier key has a space or a control character")
        raw = _decoded(encoded, "the key")
        if raw[:1] != ED25519 or len(raw) != 1 + _PUBLIC_KEY_BYTES:
            raise CheckpointError("the verifier key is not an Ed25519 key")
        key = cls(name, raw[1:])
        if given_id != key.key_id.hex():
            raise CheckpointError("the key id does not belong to the verifier key")
        return key

    @property
    def key_id(self) -> bytes:
        return key_id(self.name, self.public_key)

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_encoded(ED25519 + self.public_key)}"

    def verify(self, message: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head: `root` is 32 bytes."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The note's text, which is what the signature signs."""
        return f"{self.origin}\n{self.size}\n{_encoded(self.root)}\n"


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint as a note: `note` is the exact text, `signatures` are (name, key id || signature)."""

    checkpoint: Checkpoint
    signatures: tuple[tuple[str, bytes], ...]
    note: str

    @classmethod
    def parse(cls, raw: bytes) -> SignedCheckpoint:
        """From the bytes of a checkpoint file; raises `CheckpointError`. No signature is checked yet."""
        if len(raw) > MAX_NOTE_BYTES:
            raise CheckpointError("the note is too long")
        try:
            note = raw.decode()
        except UnicodeDecodeError:
            raise CheckpointError("the note is not UTF-8") from None
        if any(character < " " and character != "\n" for character in note):
            raise CheckpointError("the note has control characters")
        text, blank, lines = note.rpartition("\n\n")
        if not blank or not lines.endswith("\n"):
            raise CheckpointError("the note has no signature block")
        return cls(_parse_text(text + "\n"), tuple(map(_parse_signature, lines[:-1].split("\n"))), note)

    @classmethod
    def build(cls, checkpoint: Checkpoint, name: str, signature: bytes) -> SignedCheckpoint:
        """`signature` is key id || signature, 68 bytes for Ed25519."""
        note = f"{checkpoint.text}\n{_SIGNATURE_MARK}{name} {_encoded(signature)}\n"
        return cls(checkpoint, ((name, signature),), note)

    def verify(self, key: VerifierKey) -> None:
        """Raises `CheckpointError` unless `key` signed this and its origin is the key's name."""
        if self.checkpoint.origin != key.name:
            raise CheckpointError("the checkpoint belongs to another origin")
        known = [blob for name, blob in self.signatures if name == key.name and blob[:4] == key.key_id]
        if not known:
            signers = ", ".join(blob[:4].hex() for name, blob in self.signatures if name == key.name)
            others = (
                f"; it is signed by {signers}, perhaps from before or after a rotation" if signers else ""
            )
            raise CheckpointError(f"the checkpoint has no signature by key {key.key_id.hex()}{others}")
        message = self.checkpoint.text.encode()
        if not all(key.verify(message, blob[_KEY_ID_BYTES:]) for blob in known):
            raise CheckpointError(f"the signature by key {key.key_id.hex()} does not hold")


def _parse_text(text: str) -> Checkpoint:
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):  # noqa: PLR2004 -- origin, size, root
        raise CheckpointError("the checkpoint lacks its origin, size or root")
    origin, size, root = lines[:3]
    if len(lines) > 3:  # noqa: PLR2004 -- the format allows extension lines, this log writes none
        raise CheckpointError("the checkpoint has extension lines, which this log does not write")
    if not _SIZE.fullmatch(size):
        raise CheckpointError("the size is not a decimal number")
    raw_root = _decoded(root, "the root")
    if len(raw_root) != HASH_BYTES:
        raise CheckpointError("the root is not 32 bytes long")
    return Checkpoint(origin, int(size), raw_root)


def _parse_signature(line: str) -> tuple[str, bytes]:
    name, _, encoded = line.removeprefix(_SIGNATURE_MARK).partition(" ")
    if not line.startswith(_SIGNATURE_MARK) or not name or "+" in name:
        raise CheckpointError("a signature line is malformed")
    blob = _decoded(encoded, "a signature")
    if len(blob) <= _KEY_ID_BYTES:
        raise CheckpointError("a signature is too short")
    return name, blob


class TextSigner(Protocol):
    """Signs for a log: a key in this process, or a program that has it (`external.CommandSigner`)."""

    @property
    def key(self) -> VerifierKey: ...

    @property
    def remote(self) -> bool:
        """Whether signing may take long, or fail for a while."""
        ...

    def sign_text(self, message: bytes) -> bytes:
        """The 64-byte Ed25519 signature; raises `SignerError` where the signer gives none."""
        ...


class SignerError(OSError):
    """A signer gave no signature, or one that does not hold. The message is safe to publish."""


def sign_head(signer: TextSigner, size: int, root: bytes) -> SignedCheckpoint:
    """The checkpoint of a tree, signed; raises `SignerError`."""
    checkpoint = Checkpoint(signer.key.name, size, root)
    signature = signer.key.key_id + signer.sign_text(checkpoint.text.encode())
    return SignedCheckpoint.build(checkpoint, signer.key.name, signature)


class Signer:
    """An Ed25519 signing key under a log's origin. Its `repr` shows the public half only."""

    remote = False

    def __init__(self, origin: str, private_key: Ed25519PrivateKey) -> None:
        self._private_key = private_key
        raw = private_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.key = VerifierKey(origin, raw)

    def __repr__(self) -> str:
        return f"Signer({self.key.vkey})"

    def sign_text(self, message: bytes) -> bytes:
        return self._private_key.sign(message)

    def sign(self, size: int, root: bytes) -> SignedCheckpoint:
        return sign_head(self, size, root)
