"""The operator `hash`: the same text under the same key is always the same pseudonym.

HMAC-SHA256 (RFC 2104, FIPS 198-1) under a named key, over `pii-shield/hash/v1`, NUL, the entity type,
NUL, the text in UTF-8; so the same text under another entity type has another pseudonym. The digest is cut
to `length` hexadecimal digits: with 16 (64 bits), the chance that any two of a million texts collide is
3 in 10^8. Whoever holds the key can test guesses, so it is as secret as the texts.
"""

from __future__ import annotations

import functools
import hmac
import re
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
from shield.domain import OperatorSpec
from shield.errors import ConfigError

_DOMAIN = b"pii-shield/hash/v1"
# A digest's figures and letters change at least twice. Those of a number, of an IBAN in small letters and of
# the like do not: they are read, whatever they are written as.
_DIGEST = r"(?=[0-9]+[a-f]+[0-9]|[a-f]+[0-9]+[a-f])[0-9a-f]"
_USUAL_FORM = re.compile(rf"(?:<|&lt;)([A-Z][A-Z0-9_]{{1,63}}):{_DIGEST}{{8,64}}(?:>|&gt;)")
_IN_HTML = {"<": "(?:<|&lt;)", ">": "(?:>|&gt;)", "&": "(?:&|&amp;)"}
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


def pseudonyms(text: str, operators: Mapping[str, OperatorSpec]) -> list[tuple[int, int]]:
    """The places of what looks like a pseudonym, in order. Whether it is one, only the value could tell.

    They have the usual form, for any type of `operators`, or the form that a type's operator has, unless that
    is the digest alone.
    """
    found = []
    if "<" in text or "&lt;" in text:
        found += [it.span() for it in _USUAL_FORM.finditer(text) if it[1] in operators]
    for entity_type, spec in operators.items():
        template = spec.params.get("with") if spec.name == Hash.name else None
        if template is None or not any(map(str.isalnum, render(template, entity_type))):
            continue
        form = _form(template, entity_type, spec.params.get("length", DEFAULT_LENGTH))
        found += [it.span() for it in form.finditer(text)]
    return sorted(set(found))


@functools.lru_cache(maxsize=256)  # a configuration has a few, and each text with findings asks for all
def _form(template: str, entity_type: str, length: int) -> re.Pattern[str]:
    """The expression of what `template` renders, also as it is written in HTML."""
    sign = "\0"  # stands for the digest, which no literal may be taken for
    rendered = render(template.replace(sign, ""), entity_type, sign)
    pieces = ("".join(_IN_HTML.get(it, re.escape(it)) for it in piece) for piece in rendered.split(sign))
    before, after = ("(?<![0-9A-Za-z])", "(?![0-9A-Za-z])")
    ends = (rendered[0].isalnum() or rendered[0] == sign, rendered[-1].isalnum() or rendered[-1] == sign)
    return re.compile(before * ends[0] + f"{_DIGEST}{{{length}}}".join(pieces) + after * ends[1])
