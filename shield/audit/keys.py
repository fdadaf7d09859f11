"""The log's two keys: Ed25519 for checkpoints, HMAC-SHA256 for the digests of bodies.

Where one is not configured it is created on first start, mode 0600, in `DIRECTORY/keys`, beside the
logs and not in them: a log's folder can be handed to an auditor as it is.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from shield.audit.checkpoint import Signer
from shield.audit.files import SECRET_MODE, Files, make_folders, write_atomic
from shield.config.settings import AuditSettings, Secret
from shield.errors import ConfigError

KEY_BYTES = 32
_BLOCK_BYTES = 64  # of SHA-256
MIN_DIGEST_KEY_BYTES = 16
_KEYS_MODE = 0o700
_ORIGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~:-]*(/[A-Za-z0-9._~:-]+)*")
_MAX_ORIGIN = 200


def folder_name(origin: str) -> str:
    """The name of an origin's folder: `/` becomes `+`, which no origin holds; raises `ConfigError`."""
    if not _ORIGIN.fullmatch(origin) or len(origin) > _MAX_ORIGIN:
        raise ConfigError(
            "audit.origin: must be a schema-less URL of letters, digits, '.', '_', '~', ':', '-' and '/', "
            f"at most {_MAX_ORIGIN} characters"
        )
    return origin.replace("/", "+")


class DigestKey:
    """Keys the digests of bodies, so that a short body cannot be guessed from its digest.

    HMAC-SHA256 (RFC 2104) from two hash states that are made once: `hmac.digest` would hash the padded key
    again each time, and lets go of the interpreter's lock, which the audit writer's thread then takes.
    Any number of threads may share one.
    """

    __slots__ = ("_inner", "_outer", "key_id")

    def __init__(self, value: bytes) -> None:
        block = (value if len(value) <= _BLOCK_BYTES else sha256(value).digest()).ljust(_BLOCK_BYTES, b"\0")
        self._inner = sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = sha256(bytes(byte ^ 0x5C for byte in block))
        self.key_id = self._hmac(b"shield audit digest key id")[:8]
        """8 hex digits that name the key and tell nothing of it."""

    def digest(self, body: bytes) -> str:
        """`hmac-sha256:KEYID:HEX` of a body."""
        return f"hmac-sha256:{self.key_id}:{self._hmac(body)}"

    def _hmac(self, message: bytes) -> str:
        inner = self._inner.copy()
        inner.update(message)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.hexdigest()


def parse_signing_key(raw: bytes) -> Ed25519PrivateKey:
    """From PKCS#8 PEM, 32 raw bytes, or these in hex or base64; raises `ConfigError`."""
    try:
        if b"-----BEGIN" in raw:
            key = load_pem_private_key(raw, password=None)
            if isinstance(key, Ed25519PrivateKey):
                return key
        else:
            return Ed25519PrivateKey.from_private_bytes(_raw_key(raw))
    except (ValueError, TypeError, binascii.Error):
        pass
    # Built outside the handler: nothing of the key must hang on the error.
    raise ConfigError("audit.signing_key: must be an unencrypted Ed25519 key: PKCS#8 PEM, or 32 bytes")


def _raw_key(raw: bytes) -> bytes:
    if len(raw) == KEY_BYTES:
        return raw
    text = raw.strip()
    return (
        bytes.fromhex(text.decode()) if len(text) == 2 * KEY_BYTES else base64.b64decode(text, validate=True)
    )


def load_signer(
    settings: AuditSettings, files: Files, random: Callable[[int], bytes], *, create: bool
) -> Signer:
    """The configured signing key, else that of the keys folder, else (`create`) a new one.

    Raises `ConfigError` where there is none and none may be created, `OSError` for the disk.
    """
    if settings.signing_key is not None:
        return Signer(settings.origin, parse_signing_key(settings.signing_key.value))
    path = settings.directory / "keys" / f"{folder_name(settings.origin)}.signing.pem"
    if not path.exists():
        if not create:
            raise ConfigError(f"audit: the log has signed checkpoints, but its signing key {path} is gone")
        key = Ed25519PrivateKey.from_private_bytes(random(KEY_BYTES))
        _store(files, path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return Signer(settings.origin, parse_signing_key(_read_secret(files, path)))


def load_digest_key(settings: AuditSettings, files: Files, random: Callable[[int], bytes]) -> DigestKey:
    """The configured digest key, else that of the keys folder, else a new one of 32 random bytes."""
    secret = settings.digest_key
    if secret is None:
        path = settings.directory / "keys" / f"{folder_name(settings.origin)}.digest.key"
        if not path.exists():
            _store(files, path, random(KEY_BYTES).hex().encode() + b"\n")
        secret = Secret(_read_secret(files, path).strip())
    if len(secret.value) < MIN_DIGEST_KEY_BYTES:
        raise ConfigError(f"audit.digest_key: must be at least {MIN_DIGEST_KEY_BYTES} bytes long")
    return DigestKey(secret.value)


def _store(files: Files, path: Path, value: bytes) -> None:
    make_folders(files, path.parent, _KEYS_MODE)
    write_atomic(files, path, value, SECRET_MODE)


def _read_secret(files: Files, path: Path) -> bytes:
    if path.stat().st_mode & 0o077:
        raise ConfigError(f"audit: {path} must not be readable by others (chmod 600)")
    return files.read(path)
