"""Decodes the bytes of a key as written in an environment variable or a file.

`base64:…` (RFC 4648, section 4 or 5, padding optional) and `hex:…` are decoded; anything else is taken as it
is, without trailing line ends. Nothing is guessed: a hexadecimal text without its prefix is a text. No
message here holds any of the key.
"""

from __future__ import annotations

import base64
import binascii

from shield.config.invalid import InvalidValueError
from shield.config_codes import ProblemCode

MIN_KEY_BYTES = 16
SEED_BYTES = 32  # Ed25519, RFC 8032 section 5.1.5
PLACEHOLDER_VARIETY = 6  # a key with fewer different bytes than this is a placeholder


def decode_key(value: bytes) -> bytes:
    """The key's bytes, at least `MIN_KEY_BYTES`. Raises InvalidValueError."""
    key = _decoded(value)
    if len(key) < MIN_KEY_BYTES:
        raise InvalidValueError(
            ProblemCode.SECRET_MALFORMED, f"the key has {len(key)} bytes; it needs at least {MIN_KEY_BYTES}"
        )
    return key


def decode_signing_key(value: bytes) -> bytes:
    """A PEM unchanged, or a seed of 32 bytes. Raises InvalidValueError."""
    if value.lstrip().startswith(b"-----BEGIN "):
        return value
    if len(value) == SEED_BYTES:  # a raw seed may end in what looks like a line end
        return value
    key = _decoded(value)
    if len(key) != SEED_BYTES:
        raise InvalidValueError(
            ProblemCode.SECRET_MALFORMED,
            f"must be a PEM, or a seed of {SEED_BYTES} bytes (raw, base64:… or hex:…)",
        )
    return key


def _decoded(value: bytes) -> bytes:
    text = value.rstrip(b"\r\n")
    try:
        if text.startswith(b"base64:"):
            data = text.removeprefix(b"base64:").strip().translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
            return base64.b64decode(data + b"=" * (-len(data) % 4), validate=True)
        if text.startswith(b"hex:"):
            return binascii.unhexlify(text.removeprefix(b"hex:").strip())
    except ValueError:
        raise InvalidValueError(
            ProblemCode.SECRET_MALFORMED, "what follows base64: or hex: is not valid in that encoding"
        ) from None
    return text
