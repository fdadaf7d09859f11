"""The key that signs a pack's manifest: not the log's, since the author of a report need not write the log.

Ed25519 under the name `ORIGIN/report`. If none is given it is created on first use, mode 0600, in `keys`
beside the logs. The signature is a line of signed-note form over the manifest's bytes, so that openssl checks
it.
"""

from __future__ import annotations

import base64
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from shield.audit.checkpoint import VerifierKey
from shield.audit.files import SECRET_MODE, make_folders, write_atomic
from shield.audit.keys import folder_name, parse_signing_key
from shield.audit.owner_files import owners_files
from shield.errors import EvidenceError

SUFFIX = "/report"
_KEYS_MODE = 0o700


class ManifestSigner:
    """Signs manifests. Its `repr` shows the public half only."""

    def __init__(self, name: str, private_key: Ed25519PrivateKey) -> None:
        raw = private_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.key = VerifierKey(name, raw)
        self._private_key = private_key

    def __repr__(self) -> str:
        return f"ManifestSigner({self.key.vkey})"

    def sign(self, manifest: bytes) -> str:
        """`— NAME BASE64(key id || signature)`, with its newline."""
        signature = self.key.key_id + self._private_key.sign(manifest)
        return f"\u2014 {self.key.name} {base64.b64encode(signature).decode()}\n"


def manifest_signer(directory: Path, origin: str, pem: bytes | None = None) -> ManifestSigner:
    """The signer with the given key, else that of `directory/keys`, else a new one there.

    `directory` is the folder of the logs, `origin` that of the first log. Raises `ConfigError` for an invalid
    key, and `EvidenceError` where none can be stored, so that a report is never silently unsigned.
    """
    name = origin + SUFFIX
    if pem is not None:
        return ManifestSigner(name, parse_signing_key(pem, "--signing-key"))
    path = directory / "keys" / f"{folder_name(name)}.signing.pem"
    try:
        if not path.exists():
            key = Ed25519PrivateKey.from_private_bytes(os.urandom(32))
            files = owners_files(directory)
            make_folders(files, path.parent, _KEYS_MODE)
            raw = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            write_atomic(files, path, raw, SECRET_MODE)
        return ManifestSigner(name, parse_signing_key(path.read_bytes(), str(path)))
    except OSError as error:
        raise EvidenceError(
            f"the key that signs reports cannot be kept in {path.parent} ({error.strerror}): give one"
        ) from None
