"""Field rules: RFC 9535 JSONPath queries, compiled once, that say which nodes are treated otherwise.

A rule holds for the node that its query selects and for all below; where several hold, the last in
configuration order wins. Without rules nothing here costs anything: a codec asks `if rules`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathError, JSONPathQuery
from jsonpath_rfc9535.exceptions import JSONPathRecursionError
from jsonpath_rfc9535.segments import JSONPathChildSegment
from jsonpath_rfc9535.selectors import IndexSelector, NameSelector

from shield.domain import FieldAction, FieldRule
from shield.errors import ConfigError, ShieldError, TooDeepError
from shield.payload.field_names import NO_NAMES, ShownNames
from shield.payload.location_rules import LocationRules

NO_RULE = -1
"""The place of `no rule` where rules are named by their index in configuration order."""


class _Environment(JSONPathEnvironment):
    # The codecs bound the nesting before a query runs; the library's own bound of 100 is below theirs.
    max_recursion_depth = 2**31


class FieldRules:
    """The field rules of a route, compiled. Immutable; false when empty.

    `locations` is the quick way to the same answers, where all rules allow it. `names` are those that paths
    may show; what the selectors name is among them.
    """

    __slots__ = ("_queries", "locations", "names", "rules")

    def __init__(
        self, rules: tuple[FieldRule, ...], queries: tuple[JSONPathQuery, ...], names: ShownNames
    ) -> None:
        self.rules = rules
        self.names = names
        self._queries = queries
        self.locations = LocationRules.of(rules, queries)

    @classmethod
    def compile(cls, rules: Sequence[FieldRule] = (), names: ShownNames = NO_NAMES) -> FieldRules:
        """Compile `rules`; raises ConfigError that names the rule by its index and says what is wrong."""
        environment = _Environment()
        queries = []
        for number, rule in enumerate(rules):
            if rule.action is FieldAction.TREAT_AS and not rule.entity_type:
                raise ConfigError(f"fields[{number}]: treat_as needs an entity type")
            try:
                queries.append(environment.compile(rule.selector))
            except (JSONPathError, RecursionError, ValueError) as error:
                message = f"fields[{number}]: {_not_a_query(rule.selector, error)}"
                raise ConfigError(message) from None
        return cls(tuple(rules), tuple(queries), names.also(_named(queries)))

    def __bool__(self) -> bool:
        return bool(self.rules)

    def select(self, value: Any) -> Iterator[tuple[int, tuple[str | int, ...]]]:
        """Each `(index of the rule, location)` that a query selects in `value`, in rule order.

        Raises TooDeepError where the nesting is beyond what a query can walk.
        """
        for number, query in enumerate(self._queries):
            too_deep = False
            try:
                for node in query.finditer(value):
                    yield number, node.location
            except (JSONPathRecursionError, RecursionError):
                too_deep = True
            except JSONPathError:
                # Its message may quote the value that it met.
                raise ShieldError("a field rule could not be evaluated") from None
            if too_deep:
                raise TooDeepError("nested too deep for the field rules of the route")

    def in_force(self, number: int) -> FieldRule | None:
        """The rule of that index, where it changes anything; None for INSPECT and for `NO_RULE`."""
        if number == NO_RULE or self.rules[number].action is FieldAction.INSPECT:
            return None
        return self.rules[number]


def _named(queries: Sequence[JSONPathQuery]) -> Iterator[str]:
    """The names of members on the ways that queries take; what a filter looks at is not on the way."""
    for query in queries:
        for segment in query.segments:
            for selector in segment.selectors:
                if isinstance(selector, NameSelector):
                    yield selector.name


NO_RULES = FieldRules((), (), NO_NAMES)


def compile_query(selector: str) -> JSONPathQuery:
    """Compile one query. Raises ConfigError that says what is wrong."""
    try:
        return _Environment().compile(selector)
    except (JSONPathError, RecursionError, ValueError) as error:
        raise ConfigError(_not_a_query(selector, error)) from None


def _not_a_query(selector: str, error: Exception) -> str:
    """What is wrong, where in the query, and what one looks like."""
    token = getattr(error, "token", None)
    said = error if token is None else f"{error.args[0]}, at its character {token.index + 1}"
    return f"{selector!r} is not an RFC 9535 query: {said}; write one such as $.ticket.id"


def location_of(selector: str) -> tuple[str | int, ...]:
    """The location that a singular query names (RFC 9535, section 2.3.5.1), indices from the start.

    Raises ConfigError for any other.
    """
    steps: list[str | int] = []
    for segment in compile_query(selector).segments:
        is_child = isinstance(segment, JSONPathChildSegment) and len(segment.selectors) == 1
        step = segment.selectors[0] if is_child else None
        if isinstance(step, NameSelector):
            steps.append(step.name)
        elif isinstance(step, IndexSelector) and step.index >= 0:
            steps.append(step.index)
        else:
            raise ConfigError(f"{selector!r} must be names and indices alone, such as $.ticket.comments[0]")
    return tuple(steps)
