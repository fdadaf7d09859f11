"""Reads lists of byte values that spell a text: `{"type": "Buffer", "data": [109, 97, 114, 105, 97, 64, …]}`.

So JSON has the bytes of Node.js, of typed arrays and, signed, of Java. Patterns read the text, and each
element of a value that they find is replaced. A list counts if all of it is text, with letters, and with an
`@` or digits: ages, colours and samples are mostly none.

Law: the work is linear in the number of the segments.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from shield.analyzer.additions import VAGUE
from shield.analyzer.layouts.joined import JOINED, LEAST_SCORE, Joined, Part
from shield.analyzer.views.view import View
from shield.domain import Finding, Segment, SegmentKind

_LEAST: Final = 9
"""Elements of the shortest list that is read."""
_LEAST_LETTERS: Final = 3
_LEAST_DIGITS: Final = 6
_MOST: Final = 255
_SIGNED: Final = 128
_TEXT: Final = frozenset({9, 10, 13, *range(0x20, 0x7F), *range(0x80, 0x100)})


@dataclass(frozen=True, slots=True)
class ByteList(Joined):
    """A list that is read as a text, each element a character. `lengths` are those of the elements."""

    lengths: tuple[int, ...] = ()

    def spread(self, findings: Sequence[Finding]) -> Iterator[tuple[int, Finding]]:
        """The findings, element by element: segment index and finding, in its segment's offsets."""
        for finding in findings:
            if finding.score < LEAST_SCORE or finding.entity_type in VAGUE:
                continue
            for part in self.parts[finding.start : finding.end]:
                yield part.place, finding._replace(start=0, end=self.lengths[part.start], view=JOINED)


def byte_lists(segments: Sequence[Segment]) -> Iterator[ByteList]:
    """The lists among the segments of a document that are worth reading."""
    numbers = [place for place, segment in enumerate(segments) if segment.kind is SegmentKind.NUMBER]
    if len(numbers) < _LEAST:  # the usual case
        return
    run: list[int] = []
    values = bytearray()
    for place in numbers:
        value = _byte(segments[place].text)
        if run and (value is None or not _follows(segments[run[-1]], segments[place])):
            yield from _read(segments, run, values)
            run, values = [], bytearray()
        if value is not None:
            run.append(place)
            values.append(value)
    yield from _read(segments, run, values)


def _byte(text: str) -> int | None:
    """The byte of an element; None where it is not one that text holds."""
    if len(text) > 4 or not text.removeprefix("-").isdigit():  # noqa: PLR2004  -128
        return None
    number = int(text)
    if not -_SIGNED <= number <= _MOST:
        return None
    return number % (_MOST + 1) if number % (_MOST + 1) in _TEXT else None


def _follows(before: Segment, after: Segment) -> bool:
    """Whether it is the next element of the same list."""
    *first, place = before.location or ("",)
    *second, other = after.location or ("",)
    return (
        isinstance(place, int)
        and isinstance(other, int)
        and other == place + 1
        and first == second
        and before.root == after.root
    )


def _read(segments: Sequence[Segment], run: Sequence[int], values: bytearray) -> Iterator[ByteList]:
    if len(run) < _LEAST:
        return
    text = values.decode("latin-1")
    letters = sum(map(str.isalpha, text))
    if letters < _LEAST_LETTERS or ("@" not in text and sum(map(str.isdigit, text)) < _LEAST_DIGITS):
        return
    each = array("I", range(len(text) + 1))
    view = View(JOINED, text, each[:-1], each[:-1], each[1:], bytes([True]) * len(text))
    names = tuple(step for step in segments[run[0]].location if isinstance(step, str))
    parts = tuple(Part(place, at, at + 1, 0) for at, place in enumerate(run))
    yield ByteList(names, view, parts, lengths=tuple(len(segments[place].text) for place in run))
