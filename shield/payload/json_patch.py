"""Reads JSON Patch and SCIM PATCH bodies, so that field rules apply to the place that an operation names.

To a rule for `$.ticket.id`, `{"op": "add", "path": "/ticket/id", "value": 1}` (JSON Patch, RFC 6902) is the
same as `{"ticket": {"id": 1}}`; so is an operation of a SCIM PATCH (RFC 7644, section 3.5.2; paths in
`scim_paths`). Rules for the patch itself, such as `$[*].from`, apply as in any JSON.

Only the media type of JSON Patch makes it certain that a body is one. Many clients send `application/json`;
then the body is recognized by its form. Its receiver may still read it as other JSON, so KEEP rules do not
apply there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from shield.domain import Location
from shield.payload.json_outline import Node, NodeKind, Outline
from shield.payload.placed_rules import Steps
from shield.payload.scim_paths import ways_of

END = "-"
"""The step of a pointer that means the place after the last element of an array (RFC 6901, section 4)."""

OPERATIONS: Final = ("Operations", "operations")
"""The member of a SCIM PATCH that lists its operations, as the standard and as some clients write it."""
_VERBS: Final = frozenset({"add", "remove", "replace", "move", "copy", "test"})
_SCIM_VERBS: Final = frozenset({"add", "remove", "replace"})


class Operation(NamedTuple):
    """What a patch sets: where its value is in the body, and the paths to what it changes (mostly one)."""

    location: Location
    ways: tuple[Steps, ...]
    value: Any
    sure: bool
    """Whether the media type says that it is an operation."""
    whole: bool = True
    """Whether the value replaces all at its place; SCIM adds its members to those already there."""
    caseless: bool = False
    """Whether names in the paths are case-insensitive, as in SCIM (RFC 7643, section 2.1)."""


def may_be_patch(parsed: Any) -> bool:
    """Whether a body may hold operations, in any reading of duplicate names. Quick, as most hold none."""
    if isinstance(parsed, dict):
        upper, lower = OPERATIONS  # a generator over the two costs more than asking
        return upper in parsed or lower in parsed
    if not isinstance(parsed, list) or not parsed:
        return False
    return all(isinstance(it, dict) and "op" in it and "path" in it for it in parsed)


def operations(body: Any, *, declared: bool) -> Iterator[Operation]:
    """The operations of a parsed body that have a value; all else is left to the rules for any JSON.

    `declared`: the media type is that of JSON Patch.
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
    # Some clients write paths as names of members in the value: `{"name.familyName": …}`.
    for name, member in value.items() if isinstance(value, dict) else ():
        yield Operation((*location, name), ways_of(name), member, sure=False, whole=False, caseless=True)


def _verb(operation: dict[str, Any]) -> str:
    verb = operation.get("op")
    return verb.lower() if isinstance(verb, str) else ""


def steps_of(pointer: str) -> Steps:
    """The steps of a JSON Pointer (RFC 6901), also as a URI fragment; the first slash may be missing."""
    if pointer.startswith("#"):
        pointer = unquote(pointer[1:])
    if not pointer:
        return ()
    steps = pointer.removeprefix("/").split("/")
    return tuple(None if it == END else it.replace("~1", "/").replace("~0", "~") for it in steps)


def lists_of_operations(document: Outline, *, declared: bool) -> list[Node]:
    """The arrays that hold the operations of the body; none where it is no patch."""
    root = document.root
    if root.kind is NodeKind.ARRAY:
        return [root] if declared or all(map(_is_operation, root.children)) else []
    return [
        it
        for it in root.children
        if it.step in OPERATIONS and it.kind is NodeKind.ARRAY and all(map(_is_scim_operation, it.children))
    ]


def unfit(listed: Iterable[Node], is_dropped: Callable[[Node], bool]) -> list[tuple[Node, int]]:
    """The operations whose value is dropped, each with the rule that drops it.

    An operation without a value would make the whole patch fail, so it is dropped too. But a `test` stays
    with `null` as its value (`is_tested`): without it the rest would be applied unconditionally.
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
    """Whether the node is the value of a `test` operation."""
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
    """Whether the node is a JSON Patch operation in any reading (arrays of filters or rules hold none)."""
    return _has_verb(node, _VERBS) and "path" in node.names


def _is_scim_operation(node: Node) -> bool:
    return _has_verb(node, _SCIM_VERBS)


def _has_verb(node: Node, verbs: frozenset[str]) -> bool:
    return any(
        it.step == "op" and isinstance(it.value, str) and it.value.lower() in verbs for it in node.children
    )
