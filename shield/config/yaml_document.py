"""Reads YAML text into plain values, with the place of each.

Only what a configuration needs: mappings with text keys, lists, text, whole numbers, decimals, booleans,
null, by the core schema of YAML 1.2.2 (section 10.3), so that `no`, `on`, `1:30` and `2024-01-01` are text.
Refused, with position: duplicate keys, tags beyond the core schema, several documents, and anything beyond
the bounds below, which stop alias bombs.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from yaml.composer import Composer
from yaml.error import MarkedYAMLError, YAMLError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.parser import Parser
from yaml.reader import Reader, ReaderError
from yaml.resolver import BaseResolver
from yaml.scanner import Scanner

from shield.config.invalid import InvalidValueError
from shield.config.source import Location, Mark, Problem, SourceMap, render
from shield.config_codes import ProblemCode

MAX_BYTES = 1024 * 1024
MAX_NODES = 100_000  # after aliases are followed
MAX_DEPTH = 64

_CORE = "tag:yaml.org,2002:"
_BOOL, _INT, _FLOAT, _NULL = f"{_CORE}bool", f"{_CORE}int", f"{_CORE}float", f"{_CORE}null"
_STR, _MAP, _SEQ = f"{_CORE}str", f"{_CORE}map", f"{_CORE}seq"

_IMPLICIT = (
    (_BOOL, re.compile(r"true|True|TRUE|false|False|FALSE"), "tTfF"),
    (_INT, re.compile(r"[-+]?[0-9]{1,40}|0o[0-7]{1,40}|0x[0-9a-fA-F]{1,40}"), "-+0123456789"),
    (
        _FLOAT,
        re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?"),
        "-+.0123456789",
    ),
    (_NULL, re.compile(r"~|null|Null|NULL|"), "~nN"),
)


class _TooDeepError(MarkedYAMLError):
    """Nesting beyond `MAX_DEPTH`; raised before Python's recursion limit is reached."""


class _Loader(Reader, Scanner, Parser, Composer, BaseResolver):
    """PyYAML's reader up to the node graph; nothing in it creates objects."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)
        BaseResolver.__init__(self)
        self._depth = 0
        self.yaml_implicit_resolvers = {
            first: [
                (tag, re.compile(f"(?:{pattern.pattern})\\Z"))
                for tag, pattern, firsts in _IMPLICIT
                if first in firsts or (first == "" and tag == _NULL)
            ]
            for first in ["", *"tTfF-+.0123456789~nN"]
        }

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # not in the stubs
            raise _TooDeepError(None, None, f"nested deeper than {MAX_DEPTH} levels", mark)
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """`data` is what could be read, with None where a problem stands in its place."""

    data: Any
    source: SourceMap
    problems: tuple[Problem, ...]


def read_yaml(content: bytes, file: str) -> YamlDocument:
    """Read one document. Never raises: errors are in `problems`."""
    empty = SourceMap(file)
    if len(content) > MAX_BYTES:
        return _refused(
            empty,
            1,
            1,
            ProblemCode.FILE_TOO_LARGE,
            f"the file has {len(content)} bytes; at most {MAX_BYTES} are read",
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return _refused(empty, line, 1, ProblemCode.YAML_INVALID, "the file is not UTF-8; save it as UTF-8")
    try:
        root = _Loader(text).get_single_node()
    except ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, error.position - before.rfind("\n")
        return _refused(
            empty,
            line,
            column,
            ProblemCode.YAML_INVALID,
            "the file contains a control character; YAML allows only tabs and line ends",
        )
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        context = f"{error.context}: " if error.context else ""
        inside = text.split("\n")[line - 1 : line]
        hint = _hint(error.problem or "", inside[0] if inside else "")
        code = ProblemCode.FILE_TOO_LARGE if isinstance(error, _TooDeepError) else ProblemCode.YAML_INVALID
        return _refused(empty, line, column, code, f"not valid YAML: {context}{error.problem}{hint}")
    except YAMLError:
        return _refused(empty, 1, 1, ProblemCode.YAML_INVALID, "not valid YAML")
    if root is None:
        return _refused(
            empty,
            1,
            1,
            ProblemCode.FILE_EMPTY,
            "the file is empty; it must hold a mapping that starts with 'version: 1'",
        )
    reading = _Reading(file)
    data = reading.value(root, ())
    return YamlDocument(data, SourceMap(file, reading.marks), tuple(reading.problems))


def _hint(problem: str, line: str) -> str:
    """What to do about a `problem` of the YAML parser in `line`, as the end of a message; never a value."""
    if "${" in line:  # to YAML, `{port: ${env:PORT}}` is a mapping in a mapping
        return "; put a value that contains ${…} in quotes"
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "; indent with spaces, not with tabs"
    if "mapping values are not allowed" in problem:
        return "; put a text that contains ': ' in quotes, or check the indentation"
    if "<block end>" in problem or "could not find expected ':'" in problem:
        return "; check the indentation of this line and of those above it"
    return ""


def _refused(source: SourceMap, line: int, column: int, code: ProblemCode, message: str) -> YamlDocument:
    return YamlDocument(None, source, (Problem(source.file, line, column, "", code, message),))


def scalar(text: str, tag: str = "") -> Any:
    """The value of a plain scalar by the core schema. Raises InvalidValueError when `tag` does not fit it."""
    if not tag:
        tag = next((name for name, pattern, _ in _IMPLICIT if pattern.fullmatch(text)), _STR)
    if tag == _STR:
        return text
    pattern = next((pattern for name, pattern, _ in _IMPLICIT if name == tag), None)
    if pattern is None or not pattern.fullmatch(text):
        raise InvalidValueError(ProblemCode.VALUE_WRONG_KIND, "the value does not fit its tag")
    if tag == _BOOL:
        return text.lower() == "true"
    if tag == _NULL:
        return None
    if tag == _FLOAT:
        number = float(text)
        if math.isinf(number):
            raise InvalidValueError(ProblemCode.VALUE_OUT_OF_RANGE, "the number is too large")
        return number
    base = {"0o": 8, "0x": 16}.get(text[:2], 10)
    return int(text[2:] if base != 10 else text, base)  # noqa: PLR2004  decimal has no prefix


class _Reading:
    """The walk from the node graph to values; holds the state of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.marks: dict[Location, Mark] = {}
        self.problems: list[Problem] = []
        self._open: set[int] = set()
        self._count = 0

    def value(self, node: Node, location: Location, key: Node | None = None) -> Any:
        self._count += 1
        if self._count > MAX_NODES:
            if self._count == MAX_NODES + 1:
                self._problem(
                    node,
                    location,
                    ProblemCode.FILE_TOO_LARGE,
                    f"more than {MAX_NODES} values, counting those that aliases repeat",
                )
            return None
        start, named = node.start_mark, (key or node).start_mark
        self.marks[location] = Mark(
            start.line + 1,
            start.column + 1,
            named.line + 1,
            named.column + 1,
            node.value if isinstance(node, ScalarNode) else None,
        )
        if id(node) in self._open:
            self._problem(
                node,
                location,
                ProblemCode.YAML_NOT_PLAIN,
                "this alias refers to a value that contains it; remove it",
            )
            return None
        self._open.add(id(node))
        try:
            return self._convert(node, location)
        finally:
            self._open.discard(id(node))

    def _convert(self, node: Node, location: Location) -> Any:
        if isinstance(node, MappingNode) and node.tag == _MAP:
            return self._mapping(node, location)
        if isinstance(node, SequenceNode) and node.tag == _SEQ:
            return [self.value(item, (*location, index)) for index, item in enumerate(node.value)]
        if isinstance(node, ScalarNode) and node.tag in (_STR, _BOOL, _INT, _FLOAT, _NULL):
            try:
                return scalar(node.value, node.tag)
            except ValueError:
                self._problem(
                    node,
                    location,
                    ProblemCode.YAML_NOT_PLAIN,
                    f"the value does not fit the tag !!{node.tag.removeprefix(_CORE)}",
                )
                return None
        tag = node.tag.replace(_CORE, "!!")
        self._problem(
            node,
            location,
            ProblemCode.YAML_NOT_PLAIN,
            f"the tag {tag} is not allowed; only plain YAML values are read",
        )
        return None

    def _mapping(self, node: MappingNode, location: Location) -> dict[str, Any]:
        data: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key, child in node.value:
            if not isinstance(key, ScalarNode) or key.tag != _STR:
                self._problem(
                    key, location, ProblemCode.YAML_NOT_PLAIN, "the key is not text; put it in quotes"
                )
                continue
            name = key.value
            if name in lines:
                where = (*location, name)
                self._problem(
                    key,
                    where,
                    ProblemCode.KEY_DUPLICATE,
                    f"the key is already set on line {lines[name]}; set it once",
                )
                continue
            lines[name] = key.start_mark.line + 1
            data[name] = self.value(child, (*location, name), key)
        return data

    def _problem(self, node: Node, location: Location, code: ProblemCode, message: str) -> None:
        mark = node.start_mark
        self.problems.append(
            Problem(self.file, mark.line + 1, mark.column + 1, render(location), code, message)
        )
