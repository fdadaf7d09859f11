"""Determines which field rule is in force at each node of a JSON document.

A query runs over parsed values, and a parsed object keeps one member of each name. Where a document has
several, each reading that a backend could make of it (any choice of one member per name) is queried:
INSPECT, TREAT_AS and DROP apply where any reading selects the node, KEEP only where every reading that
shows the node selects it. The number of readings is bounded.

Of the rules that select a node or an ancestor of it, the last in configuration order wins. A node where DROP
wins is removed with all below it: a later rule for a node inside it does not bring that back.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

from shield.domain import FieldAction, Location
from shield.errors import MalformedBodyError
from shield.payload.json_outline import Node, NodeKind, Outline
from shield.payload.json_patch import lists_of_operations, operations, unfit
from shield.payload.selectors import NO_RULE, FieldRules

MAX_READINGS = 64
UNPARSED = object()
"""Stands for a parsed value that is not available."""


def apply_rules(document: Outline, rules: FieldRules, parsed: Any, *, patch: bool) -> None:
    """Set `Node.rule` throughout `document`. `parsed` is its value, or `UNPARSED`.

    Rules also apply to the values of a patch, at the places that these are written to; with `patch`, the
    media type says that it is one.
    Raises MalformedBodyError where duplicate names make more than `MAX_READINGS` readings.
    """
    if not document.duplicates:
        value = _values(document, frozenset()) if parsed is UNPARSED else parsed
        for number, node in _selected(document, rules, value, None, patch=patch):
            node.rule = max(node.rule, number)
    else:
        _apply_to_readings(document, rules, patch=patch)
    for node in document.nodes:
        if node.parent is not None:
            node.rule = max(node.rule, node.parent.rule)
    listed = lists_of_operations(document, declared=patch)
    for operation, rule in unfit(listed, lambda node: dropped_by(rules, node)):
        operation.rule = rule


def dropped_by(rules: FieldRules, node: Node) -> bool:
    """Whether a DROP rule is in force at `node`."""
    return node.rule != NO_RULE and rules.rules[node.rule].action is FieldAction.DROP


def _selected(
    document: Outline,
    rules: FieldRules,
    value: Any,
    chosen: dict[tuple[int, str], Node] | None,
    *,
    patch: bool,
) -> Iterator[tuple[int, Node]]:
    """Each `(index of the rule, node)` that a rule selects in a reading of the document as `value`."""
    for number, location in rules.select(value):
        yield number, _resolve(document.root, location, chosen)
    matcher = None
    for operation in operations(value, declared=patch):
        matcher = matcher or rules.placed.matcher()
        node = _resolve(document.root, operation.location, chosen)
        for way in operation.ways:
            for number, location, sure in matcher.select(
                way, operation.value, whole=operation.whole, caseless=operation.caseless
            ):
                if (sure and operation.sure) or rules.rules[number].action is not FieldAction.KEEP:
                    yield number, _resolve(node, location, chosen)


def _apply_to_readings(document: Outline, rules: FieldRules, *, patch: bool) -> None:
    shown: Counter[int] = Counter()
    kept: Counter[tuple[int, int]] = Counter()
    for chosen, hidden in _readings(document):
        shown.update(_shown(document, hidden))
        selected = {
            (number, node.place)
            for number, node in _selected(document, rules, _values(document, hidden), chosen, patch=patch)
        }
        for number, place in selected:
            if rules.rules[number].action is FieldAction.KEEP:
                kept[number, place] += 1
            else:
                node = document.nodes[place]
                node.rule = max(node.rule, number)
    for (number, place), times in kept.items():
        if times == shown[place]:
            node = document.nodes[place]
            node.rule = max(node.rule, number)


def _readings(document: Outline) -> Iterator[tuple[dict[tuple[int, str], Node], frozenset[int]]]:
    """Each choice of one member per duplicated name: the choice by object and name, and the hidden places."""
    if math.prod(len(group) for group in document.duplicates) > MAX_READINGS:
        raise MalformedBodyError("duplicate member names cannot be resolved under the route's field rules")
    members = {node.place for group in document.duplicates for node in group}
    for choice in itertools.product(*document.duplicates):
        chosen = {(node.parent.place, str(node.step)): node for node in choice if node.parent is not None}
        yield chosen, frozenset(members - {node.place for node in choice})


def _shown(document: Outline, hidden: frozenset[int]) -> Iterator[int]:
    place = 0
    while place < len(document.nodes):
        if place in hidden:
            place = document.nodes[place].last + 1
        else:
            yield place
            place += 1


def _values(document: Outline, hidden: frozenset[int]) -> Any:
    """The document as Python values, without the members at `hidden`."""
    # Children come after their parents in pre-order, so going backwards needs no recursion.
    values: list[Any] = [None] * len(document.nodes)
    for node in reversed(document.nodes):
        if node.kind is NodeKind.OBJECT:
            shown = (child for child in node.children if child.place not in hidden)
            values[node.place] = {child.step: values[child.place] for child in shown}
        elif node.kind is NodeKind.ARRAY:
            values[node.place] = [values[child.place] for child in node.children]
        else:
            values[node.place] = node.value
    return values[0]


def _resolve(root: Node, location: Location, chosen: dict[tuple[int, str], Node] | None) -> Node:
    node = root
    for step in location:
        if isinstance(step, int):
            node = node.children[step]
        else:
            duplicate = chosen.get((node.place, step)) if chosen is not None else None
            node = duplicate if duplicate is not None else node.names[step]
    return node
