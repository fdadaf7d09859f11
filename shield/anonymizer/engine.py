"""Makes the replacement of a finding's text with the operator that the policy names.

Whatever an operator raises becomes `AnonymizationFailedError`, or `ResourcesExhaustedError` where the system
lacks memory or threads, without its cause: a foreign exception may carry the text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shield.anonymizer.encrypt import ciphers_of, sealed
from shield.anonymizer.hash import pseudonyms
from shield.anonymizer.loading import builtin_operators, load_operators, validate_spec
from shield.anonymizer.operators import Keep, Operator, Random
from shield.domain import OperatorSpec
from shield.errors import AnonymizationFailedError, ResourcesExhaustedError
from shield.foreign_errors import lacks_resources

__all__ = ["Anonymizer", "builtin_operators", "load_operators", "validate_spec"]


class Anonymizer:
    """Applies operators. Stateless after construction, so any number of threads may share one.

    `keys` are the configured keys by name, `operators` the already validated operators that the policies
    name; `random` gives nonces.
    """

    def __init__(self, keys: Mapping[str, bytes], operators: Mapping[str, Operator], random: Random) -> None:
        self._keys = dict(keys)
        self._ciphers = ciphers_of(keys)
        self._operators = dict(operators)
        self._random = random

    def replacement(self, text: str, entity_type: str, spec: OperatorSpec) -> str | None:
        """The replacement of `text`, or None where the operator is `keep`.

        Raises AnonymizationFailedError and ResourcesExhaustedError.
        """
        operator = self._operators.get(spec.name)
        if operator is None:
            raise AnonymizationFailedError(f"the operator {spec.name!r} is not loaded")
        if isinstance(operator, Keep):
            return None
        made: object = None
        exhausted = False
        try:
            made = operator.operate(text, entity_type, spec.params, self._keys, self._random)
        except (Exception, SystemExit, GeneratorExit) as error:  # noqa: BLE001  told below
            # It may carry the text, so ours is raised outside this handler and is not chained to it.
            made, exhausted = None, lacks_resources(error)
        if exhausted:
            raise ResourcesExhaustedError
        if not isinstance(made, str):
            raise AnonymizationFailedError(f"the operator {spec.name!r} made no replacement")
        return made

    def earlier(self, text: str, operators: Mapping[str, OperatorSpec]) -> Sequence[tuple[int, int]]:
        """The places, in order, of what operators with a key wrote into `text` at an earlier write.

        A policy's `operators` say what forms pseudonyms have; what was encrypted is told by its tag.
        """
        return sorted([*pseudonyms(text, operators), *sealed(text, self._ciphers)])
