"""Which operators a configuration can name: our own, Presidio's, and those of entry points.

Only what the configuration names is loaded: an installed package adds nothing by being there.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Protocol

from shield.anonymizer.encrypt import Encrypt
from shield.anonymizer.hash import Hash
from shield.anonymizer.mask import Mask
from shield.anonymizer.operators import Keep, Operator, Redact, Replace
from shield.anonymizer.presidio import PREFIX, presidio_operator
from shield.config.source import choices, suggestion
from shield.config_codes import ProblemCode
from shield.domain import OperatorSpec
from shield.errors import ConfigError

GROUP = "shield.operators"


class EntryPointLike(Protocol):
    """The part of `importlib.metadata.EntryPoint` that is used here."""

    @property
    def name(self) -> str: ...

    def load(self) -> Any: ...


EntryPointSource = Callable[[], Iterable[EntryPointLike]]


def installed_entry_points() -> Iterable[EntryPointLike]:
    """The entry points of the group `shield.operators` of all installed packages."""
    return importlib.metadata.entry_points(group=GROUP)


def builtin_operators() -> Mapping[str, Operator]:
    """The shield's own operators by name."""
    operators = (Replace(), Mask(), Hash(), Redact(), Keep(), Encrypt())
    return MappingProxyType({operator.name: operator for operator in operators})


def load_operators(
    names: Iterable[str], source: EntryPointSource = installed_entry_points
) -> Mapping[str, Operator]:
    """The built-in operators, and the others that `names` asks for: `presidio:NAME` or an entry point's.

    Raises ConfigError for a name that is neither, that several packages offer, or that does not load.
    """
    operators = dict(builtin_operators())
    for name in sorted(set(names) - set(operators)):
        if name.startswith(PREFIX):
            operators[name] = presidio_operator(name.removeprefix(PREFIX))
        else:
            operators[name] = _from_entry_point(name, list(source()), operators)
    return MappingProxyType(operators)


def _from_entry_point(name: str, offered: Collection[EntryPointLike], builtin: Collection[str]) -> Operator:
    named = [point for point in offered if point.name == name]
    if not named:
        known = {*builtin, *(point.name for point in offered)}
        raise ConfigError(
            ProblemCode.OPERATOR_UNKNOWN,
            f"there is no operator {name!r}{suggestion(name, known)}; known: {choices(known)}",
        )
    if len(named) > 1:
        raise ConfigError(
            ProblemCode.OPERATOR_UNUSABLE,
            f"several installed packages offer an operator {name!r}; uninstall all but one",
        )
    try:
        loaded = named[0].load()
        operator = loaded() if isinstance(loaded, type) else loaded
    except Exception as error:  # noqa: BLE001 - foreign code; whatever it raises, the start is refused
        raise ConfigError(
            ProblemCode.OPERATOR_UNUSABLE, f"the operator {name!r} cannot be loaded: {type(error).__name__}"
        ) from None
    if not isinstance(operator, Operator) or operator.name != name:
        needed = f"a subclass of shield.anonymizer.operators.Operator whose name is {name!r}"
        raise ConfigError(
            ProblemCode.OPERATOR_UNUSABLE, f"the entry point of the operator {name!r} must be {needed}"
        )
    return operator


def validate_spec(
    spec: OperatorSpec,
    keys: Collection[str],
    operators: Mapping[str, Operator],
    entity_type: str | None = None,
) -> None:
    """Check an operator's name and parameters; with `entity_type`, also what holds for that type alone.

    `keys` are the names of the configured keys. Raises ConfigError, whose message says what is allowed.
    """
    operator = operators.get(spec.name)
    if operator is None:
        near = suggestion(spec.name, operators)
        raise ConfigError(
            ProblemCode.OPERATOR_UNKNOWN,
            f"there is no operator {spec.name!r}{near}; known: {choices(operators)}",
        )
    try:
        operator.validate(spec.params, keys)
        if entity_type is not None:
            operator.validate_entity(entity_type, spec.params)
    except ConfigError:
        raise
    except Exception as error:  # noqa: BLE001 - foreign code; an operator that cannot validate is refused
        raise ConfigError(
            ProblemCode.OPERATOR_UNUSABLE, f"{spec.name}: its validation failed: {type(error).__name__}"
        ) from None
