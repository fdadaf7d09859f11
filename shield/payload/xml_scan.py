"""Cuts an XML document into elements, attributes and pieces of character data.

A document is cut only after expat found it well-formed, by expressions that recognize the parts of a
well-formed document without a document type. A document type is refused: it could define entities, whose
text is not in the content or would have to be fetched.

Law: the work is linear in the length of the text.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from shield.domain import Limits, Location
from shield.errors import MalformedBodyError, TooDeepError, TooManySegmentsError
from shield.html_elements import INLINE
from shield.payload.json_outline import NODES_PER_SEGMENT
from shield.payload.selectors import NO_RULE
from shield.payload.xml_text import Form, Piece, piece_of

_TOKEN: Final = re.compile(
    r"<!--(?P<comment>.*?)-->"
    r"|<!\[CDATA\[(?P<cdata>.*?)\]\]>"
    r"|<\?(?P<target>[^\s?]+)\s*+(?P<data>.*?)\?>"
    r"|</(?P<end>[^\s>]+)\s*>"
    r"|<(?P<name>[^\s/>]+)(?P<attributes>(?:[^>\"'/]++|\"[^\"]*+\"|'[^']*+')*+)(?P<empty>/?)>"
    r"|(?P<text>[^<]+)",
    re.DOTALL,
)
_ATTRIBUTE: Final = re.compile(r"\s+(?P<name>[^\s=]+)\s*=\s*(?:\"(?P<double>[^\"]*+)\"|'(?P<single>[^']*+)')")
_INLINE: Final = INLINE | {"emphasis", "link"}  # of DocBook and DITA, too
"""Elements that do not separate words."""

_SCHEMA: Final = frozenset({"type", "nil", "schemaLocation", "noNamespaceSchemaLocation"})


class Kind(enum.Enum):
    """The kind of an attribute's value: data, the name of a vocabulary, or of a schema type."""

    DATA = enum.auto()
    NAMESPACE = enum.auto()
    SCHEMA = enum.auto()


@dataclass(slots=True)
class Attribute:
    """`[start, end)` is the attribute with the blanks before it; `at` is where its local name begins."""

    name: str
    start: int
    end: int
    at: int
    value: Piece
    kind: Kind


class Element:
    """An element. Names are without prefixes. `number` is its index among siblings of the same name.

    `[start, end)` is the whole element. Its local name stands at `opens`, and at `closes` unless that is -1.
    """

    __slots__ = (
        "attributes", "closes", "end", "has_elements", "has_text", "location", "name", "number",
        "opens", "parent", "rule", "siblings", "start", "within",
    )  # fmt: skip

    def __init__(self, name: str, parent: Element | None, start: int, opens: int) -> None:
        self.name = name
        self.parent = parent
        self.start = start
        self.opens = opens
        self.number = 0
        self.end = 0
        self.closes = -1
        self.has_text = False
        """Whether it holds characters other than blanks outside of its child elements."""
        self.has_elements = False
        self.attributes: Sequence[Attribute] = ()
        self.siblings: dict[str, int] | None = None
        """The number of its child elements of each name."""
        self.location: Location = ()
        self.rule = NO_RULE
        self.within: Element | None = None
        """The element around it with whose text its own text reads as one."""

    @property
    def bucket(self) -> Element | None:
        """The element with whose text its own text reads as one, or itself; None where it has no text.

        No element refers to itself: the cycle would keep it in memory until the garbage collector runs.
        """
        if self.within is not None:
            return self.within
        return self if self.has_text else None

    @property
    def parts_words(self) -> bool:
        return self.name.lower() not in _INLINE


Event = Element | tuple[Piece, Element | None]
"""A document's parts in order: elements, at their start, and pieces with the element around them."""


def check_well_formed(text: str) -> None:
    """Raises MalformedBodyError where `text` is not a well-formed document or has a document type."""
    parser = expat.ParserCreate("utf-8")
    has_type = False

    def refuse(*_: object) -> None:
        nonlocal has_type
        has_type = True
        raise _TypeError

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(text.encode(), True)  # noqa: FBT003  as it is declared
    except _TypeError:
        pass
    except expat.ExpatError:
        line, column = parser.ErrorLineNumber, parser.ErrorColumnNumber
    else:
        return
    if has_type:
        raise MalformedBodyError("it has a document type (DTD), which is not allowed")
    raise MalformedBodyError(f"not well-formed XML at line {line}, column {column}")


class _TypeError(Exception):
    """Stops the parser at a document type."""


def scan(text: str, limits: Limits) -> list[Event]:
    """Cut a well-formed document. Raises TooDeepError and TooManySegmentsError."""
    most = NODES_PER_SEGMENT * limits.segments
    if text.count("<") > most:
        raise TooManySegmentsError(f"more than {most} tags")
    return _Scan(text, limits.nesting_depth).run()


class _Scan:
    def __init__(self, text: str, depth: int) -> None:
        self._text = text
        self._most = depth
        self._open: list[Element] = []
        self._made: list[Event] = []

    def run(self) -> list[Event]:
        for match in _TOKEN.finditer(self._text):
            kind = match.lastgroup
            if kind == "text":
                self._characters(match, "text", Form.TEXT)
            elif kind == "cdata":
                self._characters(match, "cdata", Form.CDATA)
            elif kind == "comment":
                self._add(match, "comment", Form.COMMENT)
            elif kind == "data":
                if match["target"] != "xml":
                    self._add(match, "target", Form.TARGET)
                    self._add(match, "data", Form.INSTRUCTION)
            elif kind == "end":
                self._close(match.end("end"), match.end())
            else:
                self._begin(match)
        return self._made

    def _characters(self, match: re.Match[str], group: str, form: Form) -> None:
        piece = self._add(match, group, form)
        if self._open and piece is not None and not piece.text.isspace():
            self._open[-1].has_text = True

    def _add(self, match: re.Match[str], group: str, form: Form) -> Piece | None:
        start, end = match.span(group)
        if start == end:
            return None
        piece = piece_of(self._text, start, end, form)
        self._made.append((piece, self._open[-1] if self._open else None))
        return piece

    def _begin(self, match: re.Match[str]) -> None:
        begin, end = match.span("name")
        local = match["name"]
        if ":" in local:
            begin += local.rindex(":") + 1
            local = self._text[begin:end]
        within = self._open
        if len(within) >= self._most:
            raise TooDeepError(f"nested deeper than {self._most}")
        element = Element(local, within[-1] if within else None, match.start(), begin)
        if within:
            parent = within[-1]
            parent.has_elements = True
            if parent.siblings is None:
                parent.siblings = {}
            element.number = parent.siblings.get(local, 0)
            parent.siblings[local] = element.number + 1
        if match.end("attributes") > end:
            element.attributes = list(self._attributes(*match.span("attributes")))
        self._made.append(element)
        if match["empty"]:
            element.end = match.end()
        else:
            within.append(element)

    def _close(self, end_of_name: int, end: int) -> None:
        element = self._open.pop()
        element.end = end
        element.closes = end_of_name - len(element.name)

    def _attributes(self, start: int, end: int) -> Iterator[Attribute]:
        for match in _ATTRIBUTE.finditer(self._text, start, end):
            prefix, _, local = match["name"].rpartition(":")
            group = "double" if match["double"] is not None else "single"
            value = piece_of(self._text, *match.span(group), Form.VALUE)
            at = match.end("name") - len(local)
            kind = Kind.DATA
            if match["name"] == "xmlns" or prefix == "xmlns":
                kind = Kind.NAMESPACE
            elif prefix == "xsi" and local in _SCHEMA:
                kind, local = Kind.SCHEMA, match["name"]
            yield Attribute(local, *match.span(), at, value, kind)
