"""Patches: field rules reach the value of an operation at the place that its `path` names.

`{"op": "add", "path": "/ticket/id", "value": 1}` (JSON Patch, RFC 6902) is to a rule for `$.ticket.id` what
`{"ticket": {"id": 1}}` is; so is an operation of a SCIM PATCH (RFC 7644, section 3.5.2; paths in
`scim_paths`). Rules for the patch itself, such as `$[*].from`, hold as in any JSON.

Only the media type of a JSON Patch says for sure that a body is one. Many clients send `application/json`,
and then its form tells. But who gets it may read it as other JSON: so a rule that keeps does not hold there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from shield.payload.json_outline import Node, NodeKind, Outline
from shield.payload.placed_rules import Steps
from shield.payload.queries import Location
from shield.payload.scim_paths import ways_of

END = "-"
"""What a pointer says for the place behind the last element of an array (RFC 6901, section 4)."""

OPERATIONS: Final = ("Operations", "operations")
"""The member of a SCIM PATCH that lists its operations, as the standard and as some clients write it."""
_VERBS: Final = frozenset({"add", "remove", "replace", "move", "copy", "test"})
_SCIM_VERBS: Final = frozenset({"add", "remove", "replace"})


class Operation(NamedTuple):
    """What a patch sets: where its value is in the body, and the ways to what it changes (mostly one)."""

    location: Location
    ways: tuple[Steps, ...]
    value: Any
    sure: bool
    """Whether the media type says that it is one."""
    whole: bool = True
    """Whether the value is all that is at its place afterwards; SCIM puts members beside those there."""
    caseless: bool = False
    """Whether capitals tell no names apart in the ways: in SCIM none do (RFC 7643, section 2.1)."""


def may_be_patch(parsed: Any) -> bool:
    """Whether a body may hold operations, in any reading of duplicate names. Quick, for most hold none."""
    if isinstance(parsed, dict):
        upper, lower = OPERATIONS  # a generator over the two costs more than asking
        return upper in parsed or lower in parsed
    if not isinstance(parsed, list) or not parsed:
        return False
    return all(isinstance(it, dict) and "op" in it and "path" in it for it in parsed)


def operations(body: Any, *, declared: bool) -> Iterator[Operation]:
    """Those of a parsed body that have a value. What is no operation is left to the rules for any JSON.

    `declared` where the media type is a JSON Patch's.
    """
    if declared:
        for place, it in enumerate(body if isinstance(body, list) else ()):
            if isinstance(it, dict) and "value" in it and isinstance(path := it.get("path"), str):
                yield Operation((place, "value"), (steps_of(path),), it["value"], sure=True)
    elif isinstance(body, list):
        if all(
            isinstance(it, dict) and _verb(it) in _VERBS and isinstance(it.get("path"), str) for it in body
        ):
            for place, it in enumerate(body):
                if "value" in it:
                    yield Operation((place, "value"), (steps_of(it["path"]),), it["value"], sure=False)
    elif isinstance(body, dict):
        for name in OPERATIONS:
            listed = body.get(name)
            for place, it in enumerate(listed if isinstance(listed, list) else ()):
                if isinstance(it, dict) and "value" in it and _verb(it) in _SCIM_VERBS:
                    yield from _scim((name, place, "value"), it.get("path"), it["value"])


def _scim(location: Location, path: Any, value: Any) -> Iterator[Operation]:
    if isinstance(path, str) and path:
        yield Operation(location, ways_of(path), value, sure=False, whole=False, caseless=True)
        return
    yield Operation(location, ((),), value, sure=False, whole=False)
    # Some clients name what is set in the value, as paths do: `{"name.familyName": …}`.
    for name, member in value.items() if isinstance(value, dict) else ():
        yield Operation((*location, name), ways_of(name), member, sure=False, whole=False, caseless=True)


def _verb(operation: dict[str, Any]) -> str:
    verb = operation.get("op")
    return verb.lower() if isinstance(verb, str) else ""


def steps_of(pointer: str) -> Steps:
    """The steps of a JSON Pointer (RFC 6901), also as a URI's fragment; some servers need no first slash."""
    if pointer.startswith("#"):
        pointer = unquote(pointer[1:])
    if not pointer:
        return ()
    steps = pointer.removeprefix("/").split("/")
    return tuple(None if it == END else it.replace("~1", "/").replace("~0", "~") for it in steps)


def lists_of_operations(document: Outline, *, declared: bool) -> list[Node]:
    """The arrays in which the body has its operations, none where it is no patch."""
    root = document.root
    if root.kind is NodeKind.ARRAY:
        return [root] if declared or all(map(_is_operation, root.children)) else []
    return [
        it
        for it in root.children
        if it.step in OPERATIONS and it.kind is NodeKind.ARRAY and all(map(_is_scim_operation, it.children))
    ]


def unfit(listed: Iterable[Node], is_dropped: Callable[[Node], bool]) -> list[tuple[Node, int]]:
    """The operations that lose their value, each with the rule that takes it.

    Without it they are none, and the whole patch would fail; so they go with it. But one that tests stays,
    and `null` is in the value's place (`is_tested`): else what follows would be done whatever is there.
    """
    return [
        (operation, value.rule)
        for array in listed
        for operation in array.children
        if operation.kind is NodeKind.OBJECT
        for value in operation.children
        if value.step == "value" and is_dropped(value) and not is_tested(value)
    ]


def is_tested(value: Node) -> bool:
    """Whether the node is the value of an operation that tests."""
    operation = value.parent
    return (
        operation is not None
        and operation.parent is not None
        and operation.parent.parent is None
        and operation.parent.kind is NodeKind.ARRAY
        and value.step == "value"
        and _has_verb(operation, frozenset({"test"}))
    )


def _is_operation(node: Node) -> bool:
    """Whether it is one of a JSON Patch in any reading: an array of filters or of other rules holds none."""
    return _has_verb(node, _VERBS) and "path" in node.names


def _is_scim_operation(node: Node) -> bool:
    return _has_verb(node, _SCIM_VERBS)


def _has_verb(node: Node, verbs: frozenset[str]) -> bool:
    return any(
        it.step == "op" and isinstance(it.value, str) and it.value.lower() in verbs for it in node.children
    )
