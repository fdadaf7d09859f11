"""Warns of policies and rules that let personal data pass in ways a reader may overlook.

Works on the plain data, as `crosscheck` does; values of another shape are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from shield.config.plain_data import items
from shield.config.source import Location
from shield.config_codes import WarningCode

HIGH_THRESHOLD: Final = 0.9
"""From this threshold on, hardly anything is found but what a check digit proves."""
MOST_SHOWN: Final = 4
"""Characters of a value that `mask` may show before it deserves a warning."""
_CARD: Final = "CREDIT_CARD"  # the operator itself bounds what is shown of it
_FIGURES: Final = 7  # digits of an allowed term
_WHOLE: Final = frozenset({"$", "$.*", "$[*]", "$..*", "$..[*]"})
_KEPT_TEXT: Final = "keep: no part of a body is inspected"


def weaknesses(data: Mapping[str, Any]) -> Iterator[tuple[Location, WarningCode, str]]:
    """The location, kind and message of each weakness."""
    for name, policy in items(data.get("policies")):
        yield from _of_policy(("policies", name), policy)
    for index, route in items(data.get("routes")):
        policy = _get(data.get("policies"), _get(route, "policy"))
        yield from _of_route(("routes", index), route, _get(policy, "entities"))


def _of_policy(place: Location, policy: Any) -> Iterator[tuple[Location, WarningCode, str]]:
    entities = dict(items(_get(policy, "entities")))
    if entities and all(_operator(each) == "keep" for each in entities.values()):
        yield (
            (*place, "entities"),
            WarningCode.POLICY_KEEPS_ALL,
            "the policy keeps all its entity types, so it redacts nothing",
        )
    thresholds = [((*place, "score_threshold"), _get(policy, "score_threshold"))]
    thresholds += [
        ((*place, "entities", it, "threshold"), _get(op, "threshold")) for it, op in entities.items()
    ]
    for where, threshold in thresholds:
        if _is_number(threshold) and threshold >= HIGH_THRESHOLD:
            yield (
                where,
                WarningCode.THRESHOLD_HIGH,
                "with a threshold this high, hardly anything is found but values that a check digit proves",
            )
    for entity, operator in entities.items():
        shown = [_get(operator, name) for name in ("keep_first", "keep_last")]
        most = sum(number for number in shown if _is_number(number))
        if _operator(operator) == "mask" and entity != _CARD and most > MOST_SHOWN:
            yield (
                (*place, "entities", entity),
                WarningCode.MASK_SHOWS_MUCH,
                f"mask: up to {most} characters of a value are forwarded",
            )
    for index, entry in items(_get(policy, "allow_lists")):
        for number, term in items(_get(entry, "terms")):
            text = str(term)
            if "@" in text or sum(map(str.isdigit, text)) >= _FIGURES:
                where = (*place, "allow_lists", index, "terms", number)
                yield (
                    where,
                    WarningCode.ALLOWED_TERM_PERSONAL,
                    "this term looks like personal data, and as an allowed term it is never redacted",
                )


def _of_route(place: Location, route: Any, entities: Any) -> Iterator[tuple[Location, WarningCode, str]]:
    for index, rule in items(_get(route, "fields")):
        where = (*place, "fields", index)
        action, selector = (_get(rule, name) for name in ("action", "select"))
        if action == "keep" and isinstance(selector, str) and selector.strip() in _WHOLE:
            yield (*where, "select"), WarningCode.BODY_KEPT, _KEPT_TEXT
    of_headers = items(_get(_get(route, "headers"), "rules"))
    named = [((*place, "fields", index), rule) for index, rule in items(_get(route, "fields"))]
    named += [((*place, "headers", "rules", index), rule) for index, rule in of_headers]
    for where, rule in named:
        action, entity = (_get(rule, name) for name in ("action", "entity"))
        if action == "treat_as" and isinstance(entity, str) and _operator(_get(entities, entity)) == "keep":
            yield (
                (*where, "entity"),
                WarningCode.FIELD_KEPT,
                "the policy keeps this type, so the value is forwarded without further inspection",
            )
    if _get(route, "opaque") == "keep":
        yield (
            (*place, "opaque"),
            WarningCode.OPAQUE_KEPT,
            "keep: files embedded in texts are forwarded without inspection",
        )
    if _get(route, "on_deadline") == "patterns_only":
        message = (
            "patterns_only: under load a write may be forwarded with names in it; it is inspected again later"
        )
        yield (*place, "on_deadline"), WarningCode.PATTERNS_ONLY, message


def _get(value: Any, name: Any) -> Any:
    return value.get(name) if isinstance(value, dict) and isinstance(name, str) else None


def _operator(value: Any) -> Any:
    return _get(value, "operator") if isinstance(value, dict) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
