"""The fast reader: segments of a JSON document that is already known to be valid.

What stands between the quotes of a valid document is, by turns, structure and the inside of a string. So
one split at the quotes tiles the document in C, and only the structure between strings is examined
here. `'"'.join(parts)` is the document again, which makes editing it in place cheap.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple

from shield.domain import Limits, Location, Segment, SegmentKind
from shield.errors import TooDeepError, TooManySegmentsError
from shield.payload.json_numbers import plain
from shield.payload.json_strings import unescape

# Captures the inside, so that the split gives the same shape as `str.split('"')`. It matches from any
# quote, if need be to the end, and never backtracks, so a split is linear even where a quote is missing.
_STRING = re.compile(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)(?:"|\\?\Z)', re.DOTALL)
_MARKS = re.compile(r"[{}\[\],]|[^{}\[\],: \t\n\r]+")
_NUMBERS = re.compile(r"[-0-9][^{}\[\],: \t\n\r]*")  # no other scalar has a digit in it
_STRUCTURE = frozenset("{}[],")

Spot = int | tuple[int, int]
"""A segment's place: the index of its part, or of its part and of its mark within that part."""


class Tiles(NamedTuple):
    """A document as `split` cuts it: `'"'.join(parts)` is the document; `spots` has one for each segment."""

    parts: Sequence[str]
    spots: Sequence[Spot]

    def spans(self, places: Sequence[int]) -> list[tuple[int, int]]:
        """Start and end in the document, in characters, of the segments at these indices of `spots`."""
        return spans(self.parts, [self.spots[place] for place in places])


class _Blank:
    """A segment in the making: the same slots as `Segment`, not frozen yet.

    A frozen dataclass sets its fields through `object.__setattr__`, so its constructor is four times as slow
    as filling in a blank here; and making segments is most of the fast reader's work.
    """

    __slots__ = Segment.__slots__

    index: int
    text: str
    location: Location
    kind: SegmentKind
    root: str


def split(text: str, most: int = 0) -> list[str]:
    """A valid `text` cut at its strings: structure, inside of a string, structure, …; an odd number of parts.

    At most `most` strings are cut out unless that is 0; the last part holds the rest.
    """
    if '\\"' in text:
        return _STRING.split(text, most)
    return text.split('"', 2 * most or -1)


def scan(  # noqa: PLR0915  # one loop: a call a token would double its cost
    parts: Sequence[str],
    root: str,
    limits: Limits,
    segments: list[Segment],
    takes_literal: Callable[[Location], bool] | None = None,
) -> list[Spot]:
    """Append the segments of the document that `parts` tile; return the place of each.

    `takes_literal` tells whether true, false or null at a location is a segment.
    Raises TooDeepError and, when `segments` would come to hold more than the limit, TooManySegmentsError.
    """
    spots: list[Spot] = []
    add_blank: list[_Blank] = segments  # type: ignore[assignment]  # each becomes a Segment below
    add, add_spot = add_blank.append, spots.append
    new, blank, whole = object.__new__, _Blank, Segment
    text_kind, key_kind, deepest = SegmentKind.TEXT, SegmentKind.KEY, limits.nesting_depth
    most = limits.segments
    index = len(segments)
    if index + len(parts) // 2 > most and index + sum(map(bool, parts[1::2])) > most:
        raise TooManySegmentsError(f"more than {most} pieces of text")
    stack: list[tuple[bool, Location, int]] = []
    in_object = named = False  # `named`: the next string is a member's name
    base: Location = ()  # location of the container
    where: Location = ()  # location of the next value
    element = 0
    each = iter(parts)
    place = -1  # of the string that follows the structure
    for structure in each:
        place += 2
        if structure == ":" or structure == ": ":  # noqa: PLR1714  faster than a look into a set
            pass
        elif structure == "," or structure == ", " or structure.strip() == ",":  # noqa: PLR1714  in this order it is quick
            if in_object:
                named = True
            else:
                element += 1
                where = (*base, element)
        else:
            scalars = 0
            for mark in _MARKS.findall(structure):
                if mark == ",":
                    if in_object:
                        named = True
                    else:
                        element += 1
                        where = (*base, element)
                elif mark in {"{", "["}:
                    stack.append((in_object, base, element))
                    if len(stack) > deepest:
                        raise TooDeepError(f"nested deeper than {deepest}")
                    base = where
                    in_object = named = mark == "{"
                    if not in_object:
                        element = 0
                        where = (*base, 0)
                elif mark in {"}", "]"}:
                    in_object, base, element = stack.pop()
                    named = False
                else:
                    numeric = mark[0] in "-0123456789"
                    if numeric or (takes_literal is not None and takes_literal(where)):
                        if index >= most:
                            raise TooManySegmentsError(f"more than {most} pieces of text")
                        if numeric and not mark.isdigit():
                            mark = plain(mark)  # noqa: PLW2901  what it says
                        scalar = SegmentKind.NUMBER if numeric else SegmentKind.LITERAL
                        segments.append(Segment(index, mark, where, scalar, root))
                        add_spot((place - 1, scalars))
                        index += 1
                    scalars += 1
        text = next(each, None)
        if text is None:
            break
        if "\\" in text:
            text = unescape(text)
        if named:
            named = False
            where = (*base, text)
            kind = key_kind
        else:
            kind = text_kind
        if text:
            segment = new(blank)
            segment.index = index
            segment.text = text
            segment.location = where
            segment.kind = kind
            segment.root = root
            segment.__class__ = whole  # type: ignore[assignment]  # same slots, so the same layout
            add(segment)
            add_spot(place)
            index += 1
    return spots


def measure(
    parts: Sequence[str], limits: Limits, ruled: frozenset[object] = frozenset()
) -> tuple[int, int] | None:
    """The number of segments that `scan` makes of a document that `parts` tile, and their UTF-8 bytes.

    It makes no segment. None where only a scan can tell: a string equals one of `ruled`, or the document
    may be over a limit.
    """
    strings = parts[1::2]
    text = "".join(strings)
    if "\\" in text:
        strings = [unescape(each) for each in strings]
        text = "".join(strings)
    structure = " ".join(parts[::2])
    if structure.count("{") + structure.count("[") > limits.nesting_depth or not ruled.isdisjoint(strings):
        return None
    numbers = [mark if mark.isdigit() else plain(mark) for mark in _NUMBERS.findall(structure)]
    number = len(strings) - strings.count("") + len(numbers)
    if number > limits.segments:
        return None
    if numbers:
        text += "".join(numbers)
    return number, len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def spans(parts: Sequence[str], spots: Sequence[Spot]) -> list[tuple[int, int]]:
    """Start and end of each spot in the document, in characters; of strings, the inside of the quotes."""
    starts = list(accumulate([len(part) + 1 for part in parts], initial=0))
    result: list[tuple[int, int]] = []
    looked_at = -1
    scalars: list[tuple[int, int]] = []  # of the structure part examined last
    for spot in spots:
        if isinstance(spot, int):
            result.append((starts[spot], starts[spot] + len(parts[spot])))
        else:
            place, wanted = spot
            if place != looked_at:
                looked_at = place
                scalars = [m.span() for m in _MARKS.finditer(parts[place]) if m[0] not in _STRUCTURE]
            start, end = scalars[wanted]
            result.append((starts[place] + start, starts[place] + end))
    return result
