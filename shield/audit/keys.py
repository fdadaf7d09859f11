"""The log's keys: Ed25519 for checkpoints, HMAC-SHA256 for the digests of bodies.

A key that is not configured is created on first start, mode 0600, in `DIRECTORY/keys`, beside the logs and
not in them: a log's folder can be handed to an auditor as it is.

    FOLDER.signing.pem              the key that signs
    FOLDER.signing.next.pem         the next one; takes the place of the other once the rotation is recorded
    FOLDER.digest.PERIOD.key        the digest key of a month, a quarter or a year
"""

from __future__ import annotations

import base64
import binascii
import glob
import re
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from shield.audit.checkpoint import CheckpointError, Signer, TextSigner, VerifierKey
from shield.audit.external import CommandSigner
from shield.audit.files import SECRET_MODE, Files, FolderReader, make_folders, sync_folder, write_atomic
from shield.audit.tiles import VKEY_PATH
from shield.config.secret import Secret
from shield.config.settings_audit import AuditSettings, DigestPeriod
from shield.config_codes import ProblemCode
from shield.errors import ConfigError

KEY_BYTES = 32
_BLOCK_BYTES = 64  # of SHA-256
MIN_DIGEST_KEY_BYTES = 16
KEYS_FOLDER = "keys"
_KEYS_MODE = 0o700
_ORIGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~:-]*(/[A-Za-z0-9._~:-]+)*")
_MAX_ORIGIN = 200


def folder_name(origin: str) -> str:
    """The name of an origin's folder: `/` becomes `+`, which no origin holds; raises `ConfigError`."""
    if not _ORIGIN.fullmatch(origin) or len(origin) > _MAX_ORIGIN:
        raise ConfigError(
            ProblemCode.VALUE_MALFORMED,
            "audit.origin: must be a schema-less URL of letters, digits, '.', '_', '~', ':', '-' and '/', "
            f"at most {_MAX_ORIGIN} characters",
        )
    return origin.replace("/", "+")


def origin_of(reader: FolderReader) -> str:
    """The origin of a log by its `vkey` file, else by its folder's name as `folder_name` makes it."""
    try:
        return VerifierKey.parse((reader.read(VKEY_PATH) or b"").decode()).name
    except (CheckpointError, UnicodeDecodeError):
        return reader.folder.name.replace("+", "/")


class DigestKey:
    """Keys the digests of bodies, so that a short body cannot be guessed from its digest.

    HMAC-SHA256 (RFC 2104) from two hash states that are computed once: `hmac.digest` would hash the padded
    key again each time, and release the interpreter's lock, which the audit writer's thread then takes. Any
    number of threads may share one.
    """

    __slots__ = ("_inner", "_outer", "key_id")

    def __init__(self, value: bytes) -> None:
        block = (value if len(value) <= _BLOCK_BYTES else sha256(value).digest()).ljust(_BLOCK_BYTES, b"\0")
        self._inner = sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = sha256(bytes(byte ^ 0x5C for byte in block))
        self.key_id = self._hmac(b"shield audit digest key id")[:8]
        """8 hex digits that name the key and reveal nothing of it."""

    def digest(self, body: bytes) -> str:
        """`hmac-sha256:KEYID:HEX` of a body."""
        return f"hmac-sha256:{self.key_id}:{self._hmac(body)}"

    def _hmac(self, message: bytes) -> str:
        inner = self._inner.copy()
        inner.update(message)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.hexdigest()


def parse_signing_key(raw: bytes, place: str = "audit.signing_key") -> Ed25519PrivateKey:
    """The key in PKCS#8 PEM, 32 raw bytes, or these in hex or base64. Raises `ConfigError` naming `place`."""
    try:
        if b"-----BEGIN" in raw:
            key = load_pem_private_key(raw, password=None)
            if isinstance(key, Ed25519PrivateKey):
                return key
        else:
            return Ed25519PrivateKey.from_private_bytes(_raw_key(raw))
    except (ValueError, TypeError, binascii.Error):
        pass
    # Built outside the handler, so that the error refers to nothing of the key.
    raise ConfigError(
        ProblemCode.SECRET_MALFORMED, f"{place}: must be an unencrypted Ed25519 key: PKCS#8 PEM, or 32 bytes"
    )


def _raw_key(raw: bytes) -> bytes:
    if len(raw) == KEY_BYTES:
        return raw
    text = raw.strip()
    return (
        bytes.fromhex(text.decode()) if len(text) == 2 * KEY_BYTES else base64.b64decode(text, validate=True)
    )


def load_signers(
    settings: AuditSettings, files: Files, random: Callable[[int], bytes], *, create: bool
) -> tuple[TextSigner, ...]:
    """The available signers, the wanted one first: configured, or in the keys folder.

    Raises `ConfigError` where there is none and none may be created (`create`), `OSError` for the disk.
    """
    origin = settings.origin
    wanted: list[TextSigner] = []
    if settings.signer is not None:
        key = VerifierKey(origin, settings.signer.public_key)
        wanted.append(CommandSigner(key, settings.signer.command, settings.signer.timeout))
    if settings.signing_key is not None:
        wanted.append(Signer(origin, parse_signing_key(settings.signing_key.value)))
    if settings.retired_signing_key is not None:
        retired = settings.retired_signing_key.value
        wanted.append(Signer(origin, parse_signing_key(retired, "audit.retired_signing_key")))
    current, following = signing_key_paths(settings.directory, origin)
    if not wanted and create and not current.exists():
        store_key(files, current, new_signing_key(random))
    # A key of the folder comes after a configured one: a log that began with it is rotated.
    wanted += [
        Signer(origin, parse_signing_key(_read_secret(files, path), f"audit: {path}"))
        for path in (following, current)
        if path.exists()
    ]
    if not wanted:
        raise ConfigError(
            ProblemCode.SIGNING_KEY_MISSING,
            f"audit: the log has signed checkpoints, but its signing key {current} is missing; restore it",
        )
    return tuple(wanted)


def signing_key_paths(directory: Path, origin: str) -> tuple[Path, Path]:
    """The paths of an origin's signing key where none is configured, and of the one to rotate to."""
    stem = directory / KEYS_FOLDER / folder_name(origin)
    return Path(f"{stem}.signing.pem"), Path(f"{stem}.signing.next.pem")


def new_signing_key(random: Callable[[int], bytes]) -> bytes:
    """A new Ed25519 key, PKCS#8 PEM."""
    key = Ed25519PrivateKey.from_private_bytes(random(KEY_BYTES))
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def settle_rotation(settings: AuditSettings, files: Files, current: VerifierKey) -> None:
    """Once the log is signed by the next key, moves that to the place of the old one, which is gone."""
    present, following = signing_key_paths(settings.directory, settings.origin)
    if following.exists():
        key = Signer(settings.origin, parse_signing_key(_read_secret(files, following))).key
        if key == current:
            files.rename(following, present)
            sync_folder(files, present.parent)


def period_of(settings: AuditSettings, time_ns: int) -> str:
    """The period of a time: `2031-05`, `2031-Q2` or `2031`; empty for a configured key."""
    if settings.digest_key is not None:
        return ""
    moment = datetime.fromtimestamp(time_ns // 1_000_000_000, UTC)
    if settings.digest_key_period is DigestPeriod.YEAR:
        return f"{moment.year:04d}"
    if settings.digest_key_period is DigestPeriod.QUARTER:
        return f"{moment.year:04d}-Q{(moment.month + 2) // 3}"
    return f"{moment.year:04d}-{moment.month:02d}"


def digest_key_path(directory: Path, origin: str, period: str) -> Path:
    """The path of the digest key of a period."""
    return directory / KEYS_FOLDER / f"{folder_name(origin)}.digest.{period}.key"


def digest_periods(directory: Path, origin: str) -> list[str]:
    """The periods for which there are digest keys, oldest first."""
    found = directory.glob(f"{KEYS_FOLDER}/{glob.escape(folder_name(origin))}.digest.*.key")
    return sorted(path.name.removesuffix(".key").rpartition(".digest.")[2] for path in found)


def load_digest_key(
    settings: AuditSettings, files: Files, random: Callable[[int], bytes], period: str = ""
) -> DigestKey:
    """The configured digest key, else that of the period in the keys folder, else a new one of 32 bytes."""
    secret = settings.digest_key
    if secret is None:
        path = digest_key_path(settings.directory, settings.origin, period)
        if not path.exists():
            store_key(files, path, random(KEY_BYTES).hex().encode() + b"\n")
        secret = Secret(_read_secret(files, path).strip())
    if len(secret.value) < MIN_DIGEST_KEY_BYTES:
        raise ConfigError(
            ProblemCode.SECRET_MALFORMED,
            f"audit.digest_key: must be at least {MIN_DIGEST_KEY_BYTES} bytes long",
        )
    return DigestKey(secret.value)


def has_keys(settings: AuditSettings) -> bool:
    """Whether the keys folder has a key of this origin, so that its log was begun before."""
    found = signing_key_paths(settings.directory, settings.origin)
    return any(path.exists() for path in found) or bool(digest_periods(settings.directory, settings.origin))


def store_key(files: Files, path: Path, value: bytes) -> None:
    """Writes a private key, readable by its owner alone, like a folder that is created for it."""
    make_folders(files, path.parent, _KEYS_MODE)
    write_atomic(files, path, value, SECRET_MODE)


def _read_secret(files: Files, path: Path) -> bytes:
    if path.stat().st_mode & 0o077:
        raise ConfigError(
            ProblemCode.KEY_FILE_EXPOSED, f"audit: {path} must not be readable by others (chmod 600)"
        )
    return files.read(path)
