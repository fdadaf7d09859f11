"""The audit log of a compiled configuration: its folder, its keys, and the anchors of its heads."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from pathlib import Path

from shield.config.secret import Secret


class DigestPeriod(enum.Enum):
    """How long one digest key is used, where the shield makes the keys itself."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class AnchorForm(enum.Enum):
    """The kind of place that a head is given to."""

    DIRECTORY = "directory"
    WITNESS = "witness"  # C2SP tlog-witness
    TIMESTAMP = "timestamp"  # RFC 3161


@dataclass(frozen=True, slots=True)
class SignerSettings:
    """A program that signs: the bytes on standard input, the Ed25519 signature on standard output."""

    command: tuple[str, ...]
    public_key: bytes  # 32 bytes
    timeout: float = 5.0


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place for heads. `target` is a folder, or a URL; `key` a witness's vkey, `roots` a PEM file."""

    name: str
    form: AnchorForm
    target: str
    interval: float = 300.0
    timeout: float = 10.0
    key: str = ""
    roots: Path | None = None


@dataclass(frozen=True, slots=True)
class AuditSettings:
    """`digest_key` keys the HMAC of the bodies before redaction; `signing_key` is a PEM or a raw seed.

    Where a key is not configured it is created in `directory` on first start, mode 0600.
    `retired_signing_key` is the one before `signing_key`, for the start that rotates to it.
    `retention_months` 0: records are kept for ever.
    """

    directory: Path
    origin: str
    commit_interval: float = 0.005
    checkpoint_interval: float = 10.0
    heartbeat_interval: float = 60.0
    signing_key: Secret | None = None
    digest_key: Secret | None = None
    retired_signing_key: Secret | None = None
    signer: SignerSettings | None = None
    digest_key_period: DigestPeriod = DigestPeriod.MONTH
    retention_months: int = 15
    anchors: tuple[Anchor, ...] = ()
