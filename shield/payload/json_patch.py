"""JSON Patch (RFC 6902): field rules reach the value of an operation at the place that its `path` names.

`{"op": "add", "path": "/ticket/id", "value": 1}` is to a rule for `$.ticket.id` what `{"ticket": {"id": 1}}`
is. Rules for the patch itself, such as `$[*].from`, hold as in any JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote

from shield.payload.json_outline import Node, NodeKind, Outline
from shield.payload.placed_rules import Steps

END = "-"
"""What a pointer says for the place behind the last element of an array (RFC 6901, section 4)."""


class Operation(NamedTuple):
    """One operation of a patch that has a value: the place in the patch, the way to what it changes."""

    place: int
    steps: Steps
    value: Any


def operations(patch: Any) -> Iterator[Operation]:
    """Those of a parsed patch. What is no operation is left to the rules for any JSON."""
    for place, it in enumerate(patch if isinstance(patch, list) else ()):
        if isinstance(it, dict) and "value" in it and isinstance(path := it.get("path"), str):
            yield Operation(place, steps_of(path), it["value"])


def steps_of(pointer: str) -> Steps:
    """The steps of a JSON Pointer (RFC 6901), also as a URI's fragment; some servers need no first slash."""
    if pointer.startswith("#"):
        pointer = unquote(pointer[1:])
    if not pointer:
        return ()
    steps = pointer.removeprefix("/").split("/")
    return tuple(None if it == END else it.replace("~1", "/").replace("~0", "~") for it in steps)


def unfit(document: Outline, is_dropped: Callable[[Node], bool]) -> list[tuple[Node, int]]:
    """The operations that lose their value, each with the rule that takes it.

    Without it they are none, and the whole patch would fail; so they go with it. But one that tests stays,
    and `null` is in the value's place (`is_tested`): else what follows would be done whatever is there.
    """
    return [
        (operation, value.rule)
        for operation in _children(document.root, NodeKind.ARRAY)
        for value in _children(operation, NodeKind.OBJECT)
        if value.step == "value" and is_dropped(value) and not is_tested(value)
    ]


def is_tested(value: Node) -> bool:
    """Whether the node is the value of an operation that tests."""
    operation = value.parent
    return (
        operation is not None
        and operation.parent is not None
        and operation.parent.parent is None
        and value.step == "value"
        and any(it.step == "op" and it.value == "test" for it in operation.children)
    )


def _children(node: Node, kind: NodeKind) -> list[Node]:
    return node.children if node.kind is kind else []
