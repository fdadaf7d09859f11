"""A strict parser of JSON (RFC 8259) that records the position of every value and name.

It reports exactly where a document is at fault, accepts all that the grammar accepts even where a fast parser
does not (lone surrogates, 1e400, nesting above 1024), and gives the tree that field rules, dropped
members and renamed members need. It never recurses, so nesting costs only memory, in proportion.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, field
from typing import Any

from shield.domain import Limits
from shield.errors import MalformedBodyError, TooDeepError, TooManySegmentsError
from shield.payload.json_strings import unescape

NODES_PER_SEGMENT = 10
"""How many values and names a document may hold for each segment that the limits allow.

Containers, literals and empty strings are not segments, but they cost time and memory too.
"""

_INSIDE = r'[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+'
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_VALUE = re.compile(rf'[ \t\n\r]*(?:"({_INSIDE})"|({_NUMBER})|(true|false|null)|(\{{)|(\[))')
_NAME = re.compile(rf'[ \t\n\r]*"({_INSIDE})"[ \t\n\r]*:')
_AFTER = re.compile(r"[ \t\n\r]*([,\]}])")
_SPACE = re.compile(r"[ \t\n\r]*")
_STRING_PREFIX = re.compile(rf'"{_INSIDE}')
_NUMBER_PREFIX = re.compile(rf"{_NUMBER}|-")
_LITERALS = {"true": True, "false": False, "null": None}
_SAFE_DIGITS = 18  # above that an integer may not fit 64 bits, and becomes a float as in other parsers


class NodeKind(enum.IntEnum):
    """What a node is; the numbers are the groups of the value's pattern."""

    STRING = 1
    NUMBER = 2
    LITERAL = 3
    OBJECT = 4
    ARRAY = 5


class _Expected(enum.Enum):
    """What the grammar expects next: a name with its colon, a value, or a comma or closing bracket."""

    NAME = enum.auto()
    VALUE = enum.auto()
    MARK = enum.auto()


_KINDS = (NodeKind.STRING, *NodeKind)  # by group; group 0 is the whole match


class Node:
    """One value of a document. Offsets are characters of its text.

    `start` and `end` bound the value; of a string, the inside of its quotes. `key_start` and
    `key_end` bound its name likewise, -1 where it has none. `after` is the offset after the value
    and its closing quote or bracket. `last` is the index in `Outline.nodes` of the last node below it.
    """

    __slots__ = (
        "after", "children", "end", "key_end", "key_start", "kind", "last", "names", "parent", "place",
        "rule", "start", "step", "value",
    )  # fmt: skip

    def __init__(  # noqa: PLR0917  # one a value: keywords would double its cost
        self, kind: NodeKind, start: int, end: int, after: int, parent: Node | None, place: int
    ) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.after = after
        self.parent = parent
        self.place = place
        self.last = place
        self.step: str | int = 0
        self.key_start = -1
        self.key_end = -1
        self.children: list[Node] = _NONE
        self.names: dict[str, Node] = _NO_NAMES  # of an object: the last member with each name
        self.value: Any = None  # of a scalar
        self.rule = -1  # index of the field rule in force, once `json_rules` has been over it


_NONE: list[Node] = []  # shared by all scalars; never written to, as only containers get children
_NO_NAMES: dict[str, Node] = {}


@dataclass(slots=True)
class Outline:
    """The nodes of a document in pre-order; `duplicates` lists each group of members with the same name."""

    nodes: list[Node]
    duplicates: list[list[Node]] = field(default_factory=list)

    @property
    def root(self) -> Node:
        return self.nodes[0]


def outline(text: str, limits: Limits) -> Outline:  # noqa: PLR0915  # one loop: a call a token would double its cost
    """Parse `text`.

    Raises MalformedBodyError (offset in bytes of UTF-8), TooDeepError, TooManySegmentsError.
    """
    string, number, literal, obj, _ = NodeKind
    nodes: list[Node] = []
    groups: dict[tuple[int, str], list[Node]] = {}
    most = NODES_PER_SEGMENT * limits.segments
    depth = 0
    parent: Node | None = None
    position = 0
    name = ""
    key_start = key_end = -1
    if text.startswith("\ufeff"):
        raise MalformedBodyError("JSON must not begin with a byte order mark (byte 0)", offset=0)
    while True:
        if parent is not None and parent.kind is obj:
            match = _NAME.match(text, position)
            if match is None:
                raise _fault(text, position, _Expected.NAME)
            key_start, key_end = match.span(1)
            name = unescape(match[1])
            position = match.end()
        match = _VALUE.match(text, position)
        if match is None or match.lastindex is None:
            raise _fault(text, position, _Expected.VALUE)
        kind = _KINDS[match.lastindex]
        start, end = match.span(match.lastindex)
        position = match.end()
        node = Node(kind, start, end, position, parent, len(nodes))
        nodes.append(node)
        if len(nodes) > most:
            raise TooManySegmentsError(f"more than {most} values")
        if parent is not None:
            if parent.kind is obj:
                node.step, node.key_start, node.key_end = name, key_start, key_end
                if name in parent.names:
                    groups.setdefault((parent.place, name), [parent.names[name]]).append(node)
                parent.names[name] = node
            else:
                node.step = len(parent.children)
            parent.children.append(node)
        if kind is string:
            node.value = unescape(match[1])
        elif kind is number:
            node.value = _number(match[2])
        elif kind is literal:
            node.value = _LITERALS[match[3]]
        else:
            node.children, node.names = [], {}
            depth += 1
            if depth > limits.nesting_depth:
                raise TooDeepError(f"nested deeper than {limits.nesting_depth}")
            match = _AFTER.match(text, position)
            if match is None or match[1] != ("}" if kind is obj else "]"):
                parent = node
                continue
            position = node.end = node.after = match.end()
            depth -= 1
        while parent is not None:
            match = _AFTER.match(text, position)
            if match is None:
                raise _fault(text, position, _Expected.MARK)
            mark = match[1]
            if mark == ",":
                position = match.end()
                break
            if mark != ("}" if parent.kind is obj else "]"):
                raise _fault(text, position, _Expected.MARK)
            position = parent.end = parent.after = match.end()
            parent.last = len(nodes) - 1
            parent = parent.parent
            depth -= 1
        else:
            match = _SPACE.match(text, position)
            if match is None or match.end() != len(text):
                raise _fault(text, position, _Expected.MARK)
            return Outline(nodes, list(groups.values()))


def _number(literal: str) -> int | float:
    if len(literal) <= _SAFE_DIGITS and literal.lstrip("-").isdigit():
        return int(literal)
    return float(literal)


def _fault(text: str, position: int, expected: _Expected) -> MalformedBodyError:
    """The error at or after `position`, where nothing that the grammar expects was found."""
    place = _behind(_SPACE, text, position)
    what = "unexpected character"
    if expected is not _Expected.MARK and text.startswith('"', place):
        behind = _behind(_STRING_PREFIX, text, place)
        if not text.startswith('"', behind):
            place = behind
            what = "string not closed, or a character or escape that is not allowed in it"
        elif expected is _Expected.NAME:  # then its colon is missing
            place = _behind(_SPACE, text, behind + 1)
    elif expected is _Expected.VALUE:
        place = _behind(_NUMBER_PREFIX, text, place)
    if place >= len(text):
        what = "unexpected end"
    offset = len(text[:place].encode())
    return MalformedBodyError(f"not valid JSON: {what} at byte {offset}", offset=offset)


def _behind(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return position if match is None else match.end()
