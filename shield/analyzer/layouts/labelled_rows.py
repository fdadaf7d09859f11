"""Names values in arrays by another element: in pairs, and in rows below a first row of names.

`[["ssn", "536221234"], ["city", "Leeds"]]` is how entries of maps, headers and parameters are sent, and
`[["name", "ssn"], ["Jo", "536221234"]]` how sheets are. A list is read so only where one of its labels names
personal data by itself, as in tables in a text (`tables`): turns of a chat (`[["agent", "hello"], …]`) and
lists of codes do not.

Law: the work is linear in the segments; where the elements of a list are not lists that begin with a text,
only that text is examined.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from shield.analyzer.layouts.labelled_cells import label_of, names_of
from shield.analyzer.recognizers.key_context import label_speaks
from shield.domain import Location, Segment, SegmentKind

_Place = tuple[str, Location]
_NONE: Final[Mapping[int, Location]] = MappingProxyType({})


def is_second(segments: Sequence[Segment], place: int) -> bool:
    """Whether the segment is the second element of an array within an array, after a text."""
    location = segments[place].location
    if len(location) < 2 or location[-1] != 1 or location[-2].__class__ is not int or not place:  # noqa: PLR2004
        return False
    before = segments[place - 1]
    return (
        before.kind is SegmentKind.TEXT
        and before.location[-1:] == (0,)
        and before.location[:-1] == location[:-1]
        and before.root == segments[place].root
    )


def named_elements(segments: Sequence[Segment], seconds: Sequence[int]) -> Mapping[int, Location]:
    """The locations to which labels move values, by segment index. `is_second` holds for `seconds`."""
    lists: dict[_Place, list[int]] = {}
    for place in seconds:
        lists.setdefault((segments[place].root, segments[place].location[:-2]), []).append(place)
    moved: dict[int, Location] = {}
    columns: dict[_Place, Mapping[int, tuple[str, ...]]] = {}
    for at, places in lists.items():
        if names := _header(segments, places):
            columns[at] = names
        else:
            moved.update(_pairs(segments, places))
    for place, segment in enumerate(segments if columns else ()):
        location = segment.location
        named = columns.get((segment.root, location[:-2])) if len(location) > 1 else None
        if named and location[-2] != 0 and isinstance(column := location[-1], int) and column in named:
            moved[place] = (*location[:-2], *named[column])
    return moved or _NONE


def _label(text: str) -> str:
    """The text where it is a label; else empty."""
    return label_of(text, 0, len(text)) or ""


def _header(segments: Sequence[Segment], places: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
    """The names of the columns, by number, where the first row holds names; in pairs it seldom does."""
    second = places[0]
    if segments[second].location[-2] != 0 or len(places) == 1:
        return {}
    told: dict[str, None] = {}  # a list would be searched for each cell of a wide row
    for cell in _row(segments, second - 1):
        label = _label(cell.text) if cell.kind is SegmentKind.TEXT else ""
        if not label or cell.location[-1] != len(told) or label in told:
            return {}
        told[label] = None
    labels = [*told]
    names = names_of(labels, label_speaks)
    if not names:
        return {}
    if len(labels) == 2 and not label_speaks(labels[1]):  # noqa: PLR2004  a name, and what is so called
        return {}
    for place in places[1:2]:  # the row below a header does not hold names
        row = [_label(cell.text) for cell in _row(segments, place - 1)]
        if any(column < len(row) and row[column] and label_speaks(row[column]) for column in names):
            return {}
    return names


def _row(segments: Sequence[Segment], first: int) -> Iterator[Segment]:
    """The cells of the array that begins with the segment with index `first`."""
    head = segments[first]
    depth = len(head.location) - 1
    for place in range(first, len(segments)):
        cell = segments[place]
        if cell.root != head.root or cell.location[:depth] != head.location[:depth]:
            return
        yield cell


def _pairs(segments: Sequence[Segment], places: Sequence[int]) -> Iterator[tuple[int, Location]]:
    """The segment index and the new location of the values of pairs."""
    pairs = [place for place in places if _is_last(segments, place)]
    labels = [_label(segments[place - 1].text) for place in pairs]
    if not any(labels):
        return
    for number, names in names_of(labels, label_speaks).items():
        place = pairs[number]
        yield place, (*segments[place].location[:-1], *names)


def _is_last(segments: Sequence[Segment], place: int) -> bool:
    """Whether the segment is the last of its array."""
    above = segments[place].location[:-1]
    after = segments[place + 1] if place + 1 < len(segments) else None
    return after is None or after.location[: len(above)] != above or after.root != segments[place].root
