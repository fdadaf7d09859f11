"""The operator `encrypt`, and the decryption of what it wrote.

AES-256-GCM (NIST SP 800-38D) under a key that HKDF-SHA256 (RFC 5869) derives from a named key, with a
random nonce of 96 bits and the entity type as associated data: a replacement that was altered, or moved
to another type, does not decrypt. The form is `<ENTITY:enc:v1:DATA>`, where DATA is the nonce, ciphertext
and tag in base64url (RFC 4648 section 5) without padding. It reveals the length of the text.

Random nonces bound the use of one key: change it before 2^32 replacements (SP 800-38D section 8.3).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shield.anonymizer.operators import Operator, Random
from shield.anonymizer.parameters import key_parameter, refuse_unknown
from shield.errors import AnonymizationFailedError, DecryptionError

NONCE_BYTES = 12
_TAG_BYTES = 16
_INFO = b"pii-shield/encrypt/v1"
_MARK = ":enc:v1:"
_TOKEN = re.compile(r"(?:<|&lt;)(?P<entity>[A-Z][A-Z0-9_]*):enc:v1:(?P<data>[A-Za-z0-9_-]*)(?:>|&gt;)")


class Encrypt(Operator):
    """Parameter: `key` (required)."""

    name = "encrypt"

    def validate(self, params: Mapping[str, Any], keys: Collection[str]) -> None:
        refuse_unknown(self.name, params, ("key",))
        key_parameter(self.name, params, keys)

    def operate(
        self,
        text: str,
        entity_type: str,
        params: Mapping[str, Any],
        keys: Mapping[str, bytes],
        random: Random,
    ) -> str:
        nonce = random(NONCE_BYTES)
        if len(nonce) != NONCE_BYTES:
            raise AnonymizationFailedError("the random source gave too few bytes")
        data = text.encode("utf-8", "surrogatepass")
        sealed = _cipher(keys[params["key"]]).encrypt(nonce, data, entity_type.encode())
        encoded = base64.urlsafe_b64encode(nonce + sealed).rstrip(b"=").decode("ascii")
        return f"<{entity_type}:enc:v1:{encoded}>"


def decrypt(text: str, keys: Mapping[str, bytes]) -> str:
    """`text` with every encrypted replacement in it decrypted, and all else unchanged.

    Each of `keys` is tried, so replacements made under earlier keys decrypt as long as those are given.
    Raises DecryptionError, with the offset in code points, when one was altered or its key is missing.
    """
    ciphers = ciphers_of(keys)

    def put_back(found: re.Match[str]) -> str:
        opened = _open(found["data"], found["entity"].encode(), ciphers)
        if opened is None:
            raise DecryptionError(
                f"the replacement at offset {found.start()} was altered, or its key is not given"
            )
        return opened.decode("utf-8", "surrogatepass")

    return _TOKEN.sub(put_back, text)


def sealed(text: str, ciphers: Collection[AESGCM]) -> list[tuple[int, int]]:
    """The places of the encrypted replacements in `text` that one of `ciphers` made, in order.

    Their tag tells: nobody who lacks the key can write a text that counts as one.
    """
    if _MARK not in text:
        return []
    return [
        found.span()
        for found in _TOKEN.finditer(text)
        if _open(found["data"], found["entity"].encode(), ciphers) is not None
    ]


def ciphers_of(keys: Mapping[str, bytes]) -> tuple[AESGCM, ...]:
    """The ciphers of all keys, to open what any of them made."""
    return tuple(map(_cipher, keys.values()))


def _open(encoded: str, entity: bytes, ciphers: Collection[AESGCM]) -> bytes | None:
    data = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)) if len(encoded) % 4 != 1 else b""
    canonical = base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii") == encoded
    if not canonical or len(data) < NONCE_BYTES + _TAG_BYTES:
        return None
    for cipher in ciphers:
        try:
            return cipher.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], entity)
        except InvalidTag:
            continue
    return None


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=_INFO).derive(key))
