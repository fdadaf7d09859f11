"""Pieces of a text that have names of their own: cells of tables, literals of queries, elements of XML."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from shield.analyzer import elements, filters, html_tables, tables
from shield.domain import Segment, SegmentKind

Known = Callable[[tuple[str, ...]], bool]
"""Whether names, outermost first, name personal data."""


def named_pieces(segment: Segment, known: Known) -> Iterator[tables.Cell]:
    """The pieces of a segment that have names."""
    text = segment.text
    if segment.kind is SegmentKind.TEXT and "\n" in text:
        yield from tables.cells(text, lambda label: known((label,)))
    if filters.may_hold(text):
        yield from filters.literals(text)
    if html_tables.may_hold(text):
        yield from html_tables.cells(text, lambda label: known((label,)))
    if elements.may_hold(text):
        yield from elements.values(text, known)
