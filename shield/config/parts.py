"""The parts of a configuration that can be checked by themselves, even where the rest is not valid.

One run of `shield check` must report everything: an unknown operator as well as the misspelt key beside it.
So a document that the schema refuses is validated part by part, and the valid parts are handed to the rooms
that know operators, recognizers and selectors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from shield.config.compile import compile_field_rule, compile_policy
from shield.config.schema_policy import PolicySection
from shield.config.schema_route import FieldRuleSection
from shield.config.settings import Settings
from shield.config.settings_route import ReadBack, Variable
from shield.config.substitution import unresolved
from shield.domain import EMPTY, FieldRule, Policy


@dataclass(frozen=True, slots=True)
class Parts:
    """Valid parts of one configuration.

    `fields` are the field rules by their place (`routes[0].fields[1]`), `treated` the entity types that
    the `treat_as` rules of a policy's routes name, by the policy's name; `keys` are names. `queries` are
    other JSONPath queries by their place, `locations` those that must be singular.
    """

    policies: Mapping[str, Policy] = field(default_factory=lambda: EMPTY)
    fields: Mapping[str, FieldRule] = field(default_factory=lambda: EMPTY)
    treated: Mapping[str, frozenset[str]] = field(default_factory=lambda: EMPTY)
    keys: frozenset[str] = frozenset()
    queries: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    locations: Mapping[str, str] = field(default_factory=lambda: EMPTY)


def parts_of(settings: Settings) -> Parts:
    """All parts of a configuration that is valid."""
    fields: dict[str, FieldRule] = {}
    treated: dict[str, frozenset[str]] = {}
    queries: dict[str, str] = {}
    locations: dict[str, str] = {}
    for index, route in enumerate(settings.routes):
        if route.read_back is not None:
            _read_back(f"routes[{index}].read_back", route.read_back, queries, locations)
        fields.update({_place(index, number): rule for number, rule in enumerate(route.fields)})
        named = [rule.entity_type for rule in route.fields if rule.entity_type]
        named += [rule.entity_type for rule in route.headers.rules if rule.entity_type]
        for policy in (route.policy, *((route.shadow.policy,) if route.shadow else ())):
            _treat(treated, policy.name, *named)
    return Parts(settings.policies, fields, treated, frozenset(settings.keys), queries, locations)


def _read_back(place: str, rule: ReadBack, queries: dict[str, str], locations: dict[str, str]) -> None:
    for step in rule.path or ():
        if isinstance(step, Variable) and step.selector:
            queries[f"{place}.variables.{step.name}"] = step.selector
    for number, selector in enumerate(rule.uninspected):
        queries[f"{place}.uninspected[{number}]"] = selector
    for number, pair in enumerate(rule.places):
        locations[f"{place}.places[{number}].sent"] = pair.sent
        if pair.stored is not None:
            locations[f"{place}.places[{number}].stored"] = pair.stored


def salvage(data: Any) -> Parts:
    """The valid parts of plain data that is not a valid configuration as a whole."""
    policies: dict[str, Policy] = {}
    fields: dict[str, FieldRule] = {}
    treated: dict[str, frozenset[str]] = {}
    for name, section in _members(data, "policies"):
        if unresolved(section):  # its schema passes it, since an operator's parameter may be anything
            continue
        try:
            policies[name] = compile_policy(name, PolicySection.model_validate(section))
        except ValidationError:
            continue  # reported by the validation of the whole
    routes = data.get("routes") if isinstance(data, dict) else None
    for index, route in enumerate(routes if isinstance(routes, list) else ()):
        for rule in (*_listed(route, "fields"), *_listed(_under(route, "headers"), "rules")):
            # Named even where the rule is wrong in something else: the type itself is not to be reported too.
            if isinstance(entity := _under(rule, "entity"), str):
                _treat(treated, str(_under(route, "policy")), entity)
                _treat(treated, str(_under(_under(route, "shadow"), "policy") or ""), entity)
        for number, rule in enumerate(_listed(route, "fields")):
            try:
                fields[_place(index, number)] = compile_field_rule(FieldRuleSection.model_validate(rule))
            except ValidationError:
                continue
    return Parts(policies, fields, treated, frozenset(name for name, _ in _members(data, "keys")))


def _under(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _listed(value: Any, name: str) -> list[Any]:
    items = _under(value, name)
    return items if isinstance(items, list) else []


def _place(route: int, rule: int) -> str:
    return f"routes[{route}].fields[{rule}]"


def _treat(treated: dict[str, frozenset[str]], policy: str, *entities: str) -> None:
    treated[policy] = treated.get(policy, frozenset()).union(entities)


def _members(data: Any, section: str) -> Iterator[tuple[str, Any]]:
    members = data.get(section) if isinstance(data, dict) else None
    if isinstance(members, dict):
        yield from ((name, value) for name, value in members.items() if isinstance(name, str))
