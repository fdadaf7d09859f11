"""Field rules: RFC 9535 JSONPath queries, compiled once, that say which nodes are treated differently.

A rule applies to the node that its query selects and to all below; where several apply, the last in
configuration order wins. Without rules nothing here costs anything: a codec tests `if rules`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from jsonpath_rfc9535 import JSONPathQuery
from jsonpath_rfc9535.segments import JSONPathChildSegment
from jsonpath_rfc9535.selectors import IndexSelector, NameSelector

from shield.config_codes import ProblemCode
from shield.domain import FieldAction, FieldRule, Location
from shield.errors import ConfigError
from shield.payload.field_names import NO_NAMES, ShownNames
from shield.payload.location_rules import LocationRules
from shield.payload.placed_rules import PlacedRules, Steps
from shield.payload.queries import compile_query, locations

NO_RULE = -1
"""Means no rule, where rules are given by their index in configuration order."""


class FieldRules:
    """The field rules of a route, compiled. Immutable; false when empty.

    `locations` is the fast path to the same answers, where all rules allow it; `placed` answers for values
    whose place is given by a name; `of_whole` is the index of the last rule for the whole payload. `names`
    are those that paths may show; they include the names in the selectors.
    """

    __slots__ = ("_queries", "locations", "names", "of_whole", "placed", "rules")

    def __init__(
        self, rules: tuple[FieldRule, ...], queries: tuple[JSONPathQuery, ...], names: ShownNames
    ) -> None:
        self.rules = rules
        self.names = names
        self._queries = queries
        self.locations = LocationRules.of(rules, queries)
        self.placed = PlacedRules(queries)
        self.of_whole = max((number for number, it in enumerate(queries) if not it.segments), default=NO_RULE)

    @classmethod
    def compile(cls, rules: Sequence[FieldRule] = (), names: ShownNames = NO_NAMES) -> FieldRules:
        """Compile `rules`; raises a ConfigError that gives the index of the rule and says what is wrong."""
        queries = []
        for number, rule in enumerate(rules):
            if rule.action is FieldAction.TREAT_AS and not rule.entity_type:
                raise ConfigError(
                    ProblemCode.KEYS_INCONSISTENT, f"fields[{number}]: treat_as needs an entity type"
                )
            try:
                queries.append(compile_query(rule.selector))
            except ConfigError as error:
                message = f"fields[{number}]: {error.detail}"
            else:
                continue
            raise ConfigError(ProblemCode.SELECTOR_INVALID, message)
        return cls(tuple(rules), tuple(queries), names.also(_named(queries)))

    def __bool__(self) -> bool:
        return bool(self.rules)

    def select(self, value: Any) -> Iterator[tuple[int, Location]]:
        """Each `(index of the rule, location)` that a query selects in `value`, in rule order.

        Raises TooDeepError where the nesting is too deep for a query to walk.
        """
        for number, query in enumerate(self._queries):
            for location in locations(query, value):
                yield number, location

    def below(self, ways: Iterable[tuple[Steps, bool]]) -> FieldRules:
        """The rules for a document that is the value of a field, at any of these places.

        Each place comes with whether a KEEP rule may apply there (see `placed_rules`).
        """
        matcher = self.placed.matcher()
        rests = {
            (number, str(query)): query
            for steps, certain in ways
            for number, query, sure in matcher.rests(steps)
            if (sure and certain) or self.rules[number].action is not FieldAction.KEEP
        }
        ordered = sorted(rests, key=lambda each: each[0])
        return FieldRules(
            tuple(self.rules[number] for number, _ in ordered),
            tuple(rests[each] for each in ordered),
            self.names,
        )

    def in_force(self, number: int) -> FieldRule | None:
        """The rule with that index, where it changes anything; None for INSPECT and for `NO_RULE`."""
        if number == NO_RULE or self.rules[number].action is FieldAction.INSPECT:
            return None
        return self.rules[number]


def _named(queries: Sequence[JSONPathQuery]) -> Iterator[str]:
    """The names of members on the paths of the queries; names within filters are not on the path."""
    for query in queries:
        for segment in query.segments:
            for selector in segment.selectors:
                if isinstance(selector, NameSelector):
                    yield selector.name


NO_RULES = FieldRules((), (), NO_NAMES)


def location_of(selector: str) -> Location:
    """The location that a singular query names (RFC 9535, section 2.3.5.1), indices from the start.

    Raises ConfigError for any other query.
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
            raise ConfigError(
                ProblemCode.SELECTOR_INVALID,
                f"{selector!r} must have only names and indices, such as $.ticket.comments[0]",
            )
    return tuple(steps)
