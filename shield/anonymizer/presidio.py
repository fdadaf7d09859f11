"""Presidio's sound operators, `replace`, `redact` and `mask`, as `presidio:NAME`.

The others are refused, with a hint what to use instead: Presidio's `hash` draws a random salt for each
finding, so equal texts do not stay equal; its `encrypt` is AES-CBC without authentication; its `custom`
runs code from the configuration; `ahds_surrogate` sends text to a service.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from shield.anonymizer.mask import CARD
from shield.anonymizer.operators import Operator, Random
from shield.anonymizer.parameters import count_parameter, refuse_unknown, text_parameter
from shield.config.source import choices
from shield.config_codes import ProblemCode
from shield.errors import ConfigError

PREFIX = "presidio:"

_PARAMETERS = MappingProxyType(
    {"replace": ("new_value",), "redact": (), "mask": ("chars_to_mask", "masking_char", "from_end")}
)
_INSTEAD = MappingProxyType(
    {
        "hash": "it salts each finding at random, so equal texts do not stay equal; use 'hash' with a key",
        "encrypt": "it is not authenticated; use 'encrypt' with a key",
        "keep": "use 'keep'",
        "custom": "it runs code from the configuration; use an entry point of the group shield.operators",
        "ahds_surrogate": "it sends the text to a service; the shield sends data only to its upstreams",
    }
)


class PresidioOperator(Operator):
    """One operator of Presidio behind our `Operator` interface."""

    name: ClassVar[str] = PREFIX

    def __init__(self, name: str, inner: Any) -> None:
        self._name = name
        self._inner = inner

    def validate(self, params: Mapping[str, Any], keys: Collection[str]) -> None:  # noqa: ARG002 - the contract
        label = PREFIX + self._name
        refuse_unknown(label, params, _PARAMETERS[self._name])
        if self._name == "replace":
            text_parameter(label, params, "new_value", default="")
        elif self._name == "mask":
            if "chars_to_mask" not in params:
                raise ConfigError(
                    ProblemCode.OPERATOR_PARAMETER_INVALID, f"{label}: the parameter chars_to_mask is missing"
                )
            count_parameter(label, params, "chars_to_mask", default=1, least=1, most=10_000)
            if len(text_parameter(label, params, "masking_char", default="*")) != 1:
                raise ConfigError(
                    ProblemCode.OPERATOR_PARAMETER_INVALID, f"{label}: masking_char must be one character"
                )
            if not isinstance(params.get("from_end", False), bool):
                raise ConfigError(
                    ProblemCode.OPERATOR_PARAMETER_INVALID, f"{label}: from_end must be true or false"
                )

    def validate_entity(self, entity_type: str, params: Mapping[str, Any]) -> None:  # noqa: ARG002 - the contract
        if self._name == "mask" and entity_type == CARD:
            message = "it shows all but a number of characters, which PCI DSS 3.4.1 does not allow for"
            raise ConfigError(
                ProblemCode.OPERATOR_PARAMETER_INVALID, f"{PREFIX}mask: {message} {CARD}; use 'mask'"
            )

    def operate(
        self,
        text: str,
        entity_type: str,
        params: Mapping[str, Any],
        keys: Mapping[str, bytes],  # noqa: ARG002 - the contract
        random: Random,  # noqa: ARG002 - the contract
    ) -> str:
        defaults = {"masking_char": "*", "from_end": False} if self._name == "mask" else {}
        result = self._inner.operate(text=text, params={**defaults, **params, "entity_type": entity_type})
        return str(result)


def presidio_operator(name: str) -> PresidioOperator:
    """The operator that the configuration calls `presidio:NAME`. Raises ConfigError for an unsound one."""
    if name in _INSTEAD:
        raise ConfigError(ProblemCode.OPERATOR_UNKNOWN, f"{PREFIX}{name} is not allowed: {_INSTEAD[name]}")
    if name not in _PARAMETERS:
        allowed = choices(PREFIX + known for known in _PARAMETERS)
        raise ConfigError(
            ProblemCode.OPERATOR_UNKNOWN, f"there is no operator {PREFIX}{name}; known: {allowed}"
        )
    # Imported here: Presidio takes over a second to import, and few configurations ask for it.
    from presidio_anonymizer.operators import Mask, Redact, Replace  # noqa: PLC0415  only a policy that names them waits for it

    inner = {"replace": Replace, "redact": Redact, "mask": Mask}[name]()
    return PresidioOperator(name, inner)
