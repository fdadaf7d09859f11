"""Reading an operator's parameters: each function returns a checked value or raises ConfigError.

A message names the operator, the parameter and what is allowed. It does not repeat the value, which may
have come from the environment.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from shield.config.source import choices, suggestion
from shield.config_codes import ProblemCode
from shield.errors import ConfigError


def refuse_unknown(operator: str, params: Mapping[str, Any], allowed: Collection[str]) -> None:
    """Refuse every parameter that is not in `allowed`."""
    for name in params:
        if name not in allowed:
            near = suggestion(name, allowed)
            raise ConfigError(
                ProblemCode.OPERATOR_PARAMETER_INVALID,
                f"{operator}: unknown parameter {name!r}{near}; allowed: {choices(allowed)}",
            )


def text_parameter(operator: str, params: Mapping[str, Any], name: str, *, default: str) -> str:
    """A text."""
    value = params.get(name, default)
    if not isinstance(value, str):
        raise ConfigError(
            ProblemCode.OPERATOR_PARAMETER_INVALID, f"{operator}: {name} must be text; put a number in quotes"
        )
    return value


def count_parameter(
    operator: str, params: Mapping[str, Any], name: str, *, default: int, least: int, most: int
) -> int:
    """A whole number within bounds, both included."""
    value = params.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ConfigError(
            ProblemCode.OPERATOR_PARAMETER_INVALID,
            f"{operator}: {name} must be a whole number from {least} to {most}",
        )
    return value


def choice_parameter(
    operator: str, params: Mapping[str, Any], name: str, *, default: str, options: Collection[str]
) -> str:
    """One of the allowed names."""
    value = params.get(name, default)
    if not isinstance(value, str) or value not in options:
        raise ConfigError(
            ProblemCode.OPERATOR_PARAMETER_INVALID, f"{operator}: {name} must be one of {choices(options)}"
        )
    return value


def key_parameter(operator: str, params: Mapping[str, Any], keys: Collection[str]) -> str:
    """The name of a configured key; it has no default."""
    value = params.get("key")
    if value is None:
        message = f"{operator}: the parameter key is missing; name one of the configured keys"
        raise ConfigError(ProblemCode.OPERATOR_PARAMETER_INVALID, f"{message}: {choices(keys)}")
    if not isinstance(value, str) or value not in keys:
        near = suggestion(value, keys) if isinstance(value, str) else ""
        raise ConfigError(
            ProblemCode.NAME_UNDEFINED,
            f"{operator}: key names no configured key{near}; known: {choices(keys)}",
        )
    return value
