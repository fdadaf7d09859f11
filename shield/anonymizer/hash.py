"""The operator `hash`: the same text under the same key is always the same pseudonym.

HMAC-SHA256 (RFC 2104, FIPS 198-1) under a named key, over `pii-shield/hash/v1`, NUL, the entity type,
NUL, the text in UTF-8; so the same text under another entity type has another pseudonym. The digest is cut
to `length` hexadecimal digits: with 16 (64 bits), the chance that any two of a million texts collide is
3 in 10^8. Whoever holds the key can test guesses, so it is as secret as the texts.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from shield.anonymizer.operators import Operator, Random, render
from shield.anonymizer.parameters import (
    choice_parameter,
    count_parameter,
    key_parameter,
    refuse_unknown,
    text_parameter,
)
from shield.config_codes import ProblemCode
from shield.errors import ConfigError

_DOMAIN = b"pii-shield/hash/v1"
_DEFAULT = "<{entity_type}:{hash}>"
DEFAULT_LENGTH = 16


class Hash(Operator):
    """Parameters: `key` (required), `length` (8 to 64, default 16), `with`, `normalise`.

    `with` is a template that holds `{hash}` and may hold `{entity_type}`. `normalise: casefold` hashes
    the text in NFKC and casefolded, so that `ANNA@example.com` and `anna@example.com` have one pseudonym;
    the default is `none`.
    """

    name = "hash"

    def validate(self, params: Mapping[str, Any], keys: Collection[str]) -> None:
        refuse_unknown(self.name, params, ("key", "length", "with", "normalise"))
        key_parameter(self.name, params, keys)
        count_parameter(self.name, params, "length", default=DEFAULT_LENGTH, least=8, most=64)
        choice_parameter(self.name, params, "normalise", default="none", options=("none", "casefold"))
        if "{hash}" not in text_parameter(self.name, params, "with", default=_DEFAULT):
            raise ConfigError(
                ProblemCode.OPERATOR_PARAMETER_INVALID,
                "hash: with must contain {hash}; to show no digest, use the operator replace",
            )

    def operate(
        self,
        text: str,
        entity_type: str,
        params: Mapping[str, Any],
        keys: Mapping[str, bytes],
        random: Random,  # noqa: ARG002 - the contract
    ) -> str:
        if params.get("normalise") == "casefold":
            text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        digest = pseudonym(text, entity_type, keys[params["key"]])[: params.get("length", DEFAULT_LENGTH)]
        return render(params.get("with", _DEFAULT), entity_type, digest)


def pseudonym(text: str, entity_type: str, key: bytes) -> str:
    """All 64 hexadecimal digits of the keyed digest."""
    message = b"\0".join((_DOMAIN, entity_type.encode(), text.encode("utf-8", "surrogatepass")))
    return hmac.digest(key, message, "sha256").hex()
