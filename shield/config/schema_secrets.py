"""Types of values that are secrets or keys: wherever the document is shown, a reference stands for each.

Every validator raises InvalidValueError with a text that says what is wrong and what is allowed, never the
value.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BeforeValidator, InstanceOf, PlainSerializer, WithJsonSchema

from shield.config.invalid import InvalidValueError
from shield.config.key_material import decode_key, decode_signing_key
from shield.config.schema_types import Label
from shield.config.substitution import EnvText, FileContent
from shield.config_codes import ProblemCode

PUBLIC_KEY_BYTES = 32  # Ed25519, RFC 8032


@dataclass(frozen=True, slots=True)
class SecretSource:
    """A secret and the reference that it came from; only the reference shows."""

    reference: str
    value: bytes = field(repr=False)


def _secret(value: Any) -> SecretSource:
    if isinstance(value, FileContent):
        return SecretSource(value.reference, value.value)
    if isinstance(value, EnvText) and value.whole:
        return SecretSource(value.reference, value.encode())
    raise InvalidValueError(
        ProblemCode.SECRET_LITERAL,
        "a secret must not be written in this file; write ${env:NAME} or ${file:PATH} and nothing else",
    )


def _key(value: Any) -> SecretSource:
    source = _secret(value)
    return SecretSource(source.reference, decode_key(source.value))


def _signing_key(value: Any) -> SecretSource:
    source = _secret(value)
    return SecretSource(source.reference, decode_signing_key(source.value))


def _secret_text(value: Any) -> SecretSource:
    source = _secret(value)
    text = source.value.strip()
    if not text:
        raise InvalidValueError(ProblemCode.SECRET_MALFORMED, "the secret is empty")
    return SecretSource(source.reference, text)


def _header_value(value: Any) -> SecretSource:
    source = _secret_text(value)
    if not re.fullmatch(rb"[\x21-\x7e]+( +[\x21-\x7e]+)*", source.value):
        raise InvalidValueError(
            ProblemCode.SECRET_MALFORMED,
            "the secret cannot be a header value; it must be one line of visible ASCII",
        )
    return source


def _public_key(value: Any) -> Any:
    try:
        raw = base64.b64decode(value, validate=True)
    except (ValueError, TypeError):
        raw = b""
    if len(raw) != PUBLIC_KEY_BYTES:
        raise InvalidValueError(
            ProblemCode.VALUE_MALFORMED, "must be base64 of the 32 bytes of an Ed25519 public key"
        )
    return raw


# A dump of the document, which its digest is computed from, holds only references.
_BY_REFERENCE = PlainSerializer(lambda source: source.reference, return_type=str)
_SECRET_FORM = {"type": "string", "pattern": r"^\$\{(?:env:[A-Za-z_][A-Za-z0-9_]*|file:[^}]+)\}$"}

Key = Annotated[
    InstanceOf[SecretSource],
    BeforeValidator(_key),
    _BY_REFERENCE,
    WithJsonSchema(_SECRET_FORM),
    Label("secret: a key"),
]
SigningKey = Annotated[
    InstanceOf[SecretSource],
    BeforeValidator(_signing_key),
    _BY_REFERENCE,
    WithJsonSchema(_SECRET_FORM),
    Label("secret: an Ed25519 key"),
]

PublicKey = Annotated[
    bytes,
    BeforeValidator(_public_key),
    PlainSerializer(lambda raw: base64.b64encode(raw).decode(), return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z0-9+/]{43}=$"}),
    Label("base64 of an Ed25519 public key"),
]
SecretText = Annotated[
    InstanceOf[SecretSource],
    BeforeValidator(_secret_text),
    _BY_REFERENCE,
    WithJsonSchema(_SECRET_FORM),
    Label("secret"),
]

SecretHeader = Annotated[
    InstanceOf[SecretSource],
    BeforeValidator(_header_value),
    _BY_REFERENCE,
    WithJsonSchema(_SECRET_FORM),
    Label("secret: the value of a header"),
]
