"""Finds the pieces of a text that have names: table cells, fields, literals, elements, voices of cues."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from shield.analyzer.layouts import (
    dumped,
    elements,
    filters,
    html_fields,
    html_tables,
    listed_tables,
    marked_labels,
    tables,
)
from shield.analyzer.layouts.labelled_cells import Cell
from shield.domain import Segment, SegmentKind

Known = Callable[[tuple[str, ...]], bool]
"""Tells whether names, outermost first, name personal data."""

SPEAKER: Final = ("speaker",)
_SIGNS: Final = re.compile(r"[\n\"'()*+:<=\[\\_`{|]")
"""Signs of which every form of a named piece has one, but for a row of dots."""
_DOTS: Final = "....."
_VOICE: Final = re.compile(r"<v(?:\.[\w.-]{1,40})?[ \t]{1,3}([^\s<>\n][^<>\n]{0,60})>")  # WebVTT, 4.2.2


def may_hold(text: str) -> bool:
    """Whether a text may hold pieces that have names, or a message with elements: most have no sign."""
    return _SIGNS.search(text) is not None or _DOTS in text


def named_pieces(segment: Segment, known: Known) -> Iterator[Cell]:
    """The pieces of a segment that have names."""
    text = segment.text

    def by_label(label: str) -> bool:
        return known((label,))

    if segment.kind is SegmentKind.TEXT and "\n" in text:
        yield from tables.cells(text, by_label)
    if listed_tables.may_hold(text):
        yield from listed_tables.cells(text, by_label)
    tagged = "<" in text  # most texts have no tag
    if tagged and "<v" in text:
        yield from (Cell(SPEAKER, *match.span(1)) for match in _VOICE.finditer(text))
    if filters.may_hold(text):
        yield from filters.literals(text)
    if dumped.may_hold(text):
        yield from dumped.values(text)
    if marked_labels.may_hold(text):
        yield from marked_labels.values(text, by_label)
    if tagged and html_tables.may_hold(text):
        yield from html_tables.cells(text, by_label)
    if tagged and html_fields.may_hold(text):
        yield from html_fields.values(text, by_label)
    if tagged and elements.may_hold(text):
        yield from elements.values(text, known)
