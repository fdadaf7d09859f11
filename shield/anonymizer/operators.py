"""The interface of operators, and the three simplest ones: replace, redact, keep.

An operator is stateless: everything it needs is passed in. Its parameters were validated before any
request; `operate` may rely on that.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from typing import Any, ClassVar

from shield.anonymizer.parameters import refuse_unknown, text_parameter
from shield.config_codes import ProblemCode
from shield.errors import ConfigError

Random = Callable[[int], bytes]
"""Returns the given number of unpredictable bytes; `os.urandom` in production."""

_PLACEHOLDER = re.compile(r"\{(entity_type|hash)\}")


class Operator(ABC):
    """Makes the replacement of one finding. Subclass it for the entry-point group `shield.operators`.

    `name` is what the configuration calls it, and the name of its entry point.
    """

    name: ClassVar[str]

    @abstractmethod
    def validate(self, params: Mapping[str, Any], keys: Collection[str]) -> None:
        """Check the parameters; `keys` are the names of the configured keys. Raises ConfigError.

        It must refuse parameters that it does not know. The error's code is `OPERATOR_PARAMETER_INVALID`.
        """

    def validate_entity(self, entity_type: str, params: Mapping[str, Any]) -> None:  # noqa: B027 - optional
        """Check what holds for one entity type alone. Called after `validate`. Raises ConfigError."""

    @abstractmethod
    def operate(
        self,
        text: str,
        entity_type: str,
        params: Mapping[str, Any],
        keys: Mapping[str, bytes],
        random: Random,
    ) -> str:
        """The replacement of `text`. It may raise anything: the write is then refused.

        `text` may hold lone surrogates, which JSON can express: encode with `surrogatepass`.
        """


def render(template: str, entity_type: str, digest: str = "") -> str:
    """Fill `{entity_type}` and `{hash}`, in one pass; every other brace is literal."""
    values = {"entity_type": entity_type, "hash": digest}
    return _PLACEHOLDER.sub(lambda found: values[found[1]], template)


class Replace(Operator):
    """Gives `<ENTITY>`, or the parameter `with`, in which `{entity_type}` is filled in."""

    name = "replace"

    def validate(self, params: Mapping[str, Any], keys: Collection[str]) -> None:  # noqa: ARG002 - the contract
        refuse_unknown(self.name, params, ("with",))
        template = text_parameter(self.name, params, "with", default="<{entity_type}>")
        if not template:
            raise ConfigError(
                ProblemCode.OPERATOR_PARAMETER_INVALID,
                "replace: with is empty; to remove the text, use the operator redact",
            )
        if "{hash}" in template:
            raise ConfigError(
                ProblemCode.OPERATOR_PARAMETER_INVALID,
                "replace: with contains {hash}, which only the operator hash fills in",
            )

    def operate(
        self,
        text: str,  # noqa: ARG002 - the contract; not reading it is the point
        entity_type: str,
        params: Mapping[str, Any],
        keys: Mapping[str, bytes],  # noqa: ARG002 - the contract
        random: Random,  # noqa: ARG002 - the contract
    ) -> str:
        template = params.get("with")
        return f"<{entity_type}>" if template is None else render(template, entity_type)


class Redact(Operator):
    """Gives the empty text."""

    name = "redact"

    def validate(self, params: Mapping[str, Any], keys: Collection[str]) -> None:  # noqa: ARG002 - the contract
        refuse_unknown(self.name, params, ())

    def operate(
        self,
        text: str,  # noqa: ARG002 - the contract; not reading it is the point
        entity_type: str,  # noqa: ARG002 - the contract
        params: Mapping[str, Any],  # noqa: ARG002 - the contract
        keys: Mapping[str, bytes],  # noqa: ARG002 - the contract
        random: Random,  # noqa: ARG002 - the contract
    ) -> str:
        return ""


class Keep(Operator):
    """Leaves the text as it is. The finding is recorded, with this operator."""

    name = "keep"

    def validate(self, params: Mapping[str, Any], keys: Collection[str]) -> None:  # noqa: ARG002 - the contract
        refuse_unknown(self.name, params, ())

    def operate(
        self,
        text: str,
        entity_type: str,  # noqa: ARG002 - the contract
        params: Mapping[str, Any],  # noqa: ARG002 - the contract
        keys: Mapping[str, bytes],  # noqa: ARG002 - the contract
        random: Random,  # noqa: ARG002 - the contract
    ) -> str:
        return text
