"""Finds texts that are split into pieces: words of a transcript, runs of a rich text, a value as an array.

`[{"word": "4111"}, {"word": "1111"}, …]`, `[{"text": "call 415-"}, {"text": "555-0132", "marks": […]}]`,
`{"ssn": ["536", "22", "1234"]}`: no piece holds the value. So consecutive pieces at locations that differ in
one index, or in the number at the end of a name (`ssn_1`), are also read together: unchanged where some have
their own blanks, with a blank between words, in both ways where that is unclear. Rows with numbered members
are read both down the rows and across.

Most documents hold no such text: a run is read only where one of its bounds lies between digits, at a sign
of an address or between words for numbers, or where single words form a sentence with a number in it.

Pieces that are only digits are mostly numbers of their own (a list of orders): they are one value only where
the whole of a short list makes it, or of a list of as many single digits as a card has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from shield.analyzer.layouts.joined import Joined, address_goes_on, read_run
from shield.analyzer.layouts.labelled_fields import ROOTS
from shield.analyzer.views.number_words import Said, said_words
from shield.domain import LINE, VALUE_KINDS, Segment, SegmentKind, line_of

_MOST_APART: Final = 3  # steps of the index: elements without text may stand between
_MOST_NUMBERS: Final = 8  # elements of a list of digits that may be one value; a longer one is a series
_MOST_DIGITS: Final = 6  # of one of them
_CARD: Final = (15, 16)  # elements of one digit each that may be a card; other lengths are too rare
_LONGEST_WORD: Final = 32
_COUNTED: Final = 2  # words for numbers with which a piece continues
_ENDS: Final = ".,?!"
_REACH: Final = 40  # code points in which these stand
_LEAST_WORDS: Final = 4
_LEAST_DIGITS: Final = 3
_BETWEEN: Final = " \t\r\n-.,()/:;+#_"
_DECIMAL: Final = re.compile(r"[+-]?\d{1,9}\.\d{1,20}")
# The separator must not match within the end of a name, so that each name is read once.
_NUMBERED: Final = re.compile(r"(.*[^\W\d_])[][ _.-]*([0-9]{1,3})\]?", re.DOTALL)


class _Shape(NamedTuple):
    """What the locations of the pieces of one text have in common.

    `steps` are those of the location, None for an index. `split`: the last is the number of a name.
    """

    root: str
    steps: tuple[str | None, ...]
    split: bool


class Pieces:
    """Finds the pieces to be read together. Immutable, so several threads may use it."""

    def __init__(self) -> None:
        words = said_words().items()
        self._said = frozenset(word for word, said in words if said.said is not Said.LETTER)
        kinds = (Said.DIGIT, Said.TEEN, Said.TENS)
        self._numbers = frozenset(word for word, said in words if said.said in kinds)
        self._at = frozenset(word for word, said in words if said.said is Said.AT)
        self._dot = frozenset(word for word, said in words if said.text == ".")

    def joined(self, segments: Sequence[Segment]) -> list[Joined]:
        """The readings of all runs of pieces among the segments of a document that are worth reading."""
        shapes: set[_Shape] = set()
        for segment in segments:  # most are in no list and are dismissed first
            if segment.kind is SegmentKind.KEY:
                continue
            for step in segment.location:
                if step.__class__ is int:
                    break
            else:
                location = segment.location
                end = str(location[-1])[-1:] if location else ""
                numbered = end.isdigit() or end == "]"
                if not numbered and not segment.root.startswith(LINE):
                    continue
            if self._tells(segment):
                number = segment.kind is SegmentKind.NUMBER  # a number is a piece only in a list
                shapes.update(
                    [shape for shape in _shapes(segment) if not number or shape.steps[-1:] == (None,)]
                )
        if not shapes:
            return []
        lasts = {(len(shape.steps), shape.steps[-1] if shape.steps else None) for shape in shapes}
        split = any(shape.split for shape in shapes)
        groups: dict[_Shape, list[int]] = {}
        for place, segment in enumerate(segments):
            location = segment.location
            last = location[-1] if location else None
            key = len(location), last if isinstance(last, str) else None
            if (
                (key in lasts or (split and _is_numbered(segment)))
                and segment.kind in VALUE_KINDS
                and segment.text
            ):
                for shape in _shapes(segment):
                    if shape in shapes:
                        groups.setdefault(shape, []).append(place)
        found: list[Joined] = []
        for shape, places in groups.items():
            names = tuple([step for step in shape.steps if step is not None])
            for run in _runs(segments, places, split=shape.split):
                texts = [segments[place].text for place in run]
                words = all(len(text) <= _LONGEST_WORD and len(text.split()) == 1 for text in texts)
                if not (words and self._speaks(texts)) and not self._meets(texts):
                    continue
                figures = all(map(str.isdigit, texts))
                glues = _glues(texts, words=words)
                found += read_run(segments, run, names, glues, whole=figures, words=words)
        return found

    def _tells(self, segment: Segment) -> bool:
        """Whether the segment may be a piece of a value; most are not."""
        text = segment.text
        if segment.kind is SegmentKind.NUMBER:
            return len(text) <= _MOST_DIGITS
        if segment.kind not in VALUE_KINDS or not text:
            return False
        if text[-1].isalpha() and text[0].isalpha():  # the usual case
            return "@" in text or self._counts_on(text)
        if text[-1] in _ENDS and self._counts_on(text):
            return True
        core = text.strip(_BETWEEN)
        return "@" in text or (bool(core) and (core[0].isdigit() or core[-1].isdigit()))

    def _meets(self, texts: Sequence[str]) -> bool:
        """Whether a value may continue over one of the bounds between the texts."""
        return any(self._meet(first, second) for first, second in pairwise(texts))

    def _meet(self, first: str, second: str) -> bool:
        if address_goes_on(first, second):
            return True
        left, right = first.rstrip(_BETWEEN), second.lstrip(_BETWEEN)
        if left and right and left[-1].isdigit() and right[0].isdigit():
            return True
        if first.lower() in self._said and second.lower() in self._said:
            return True
        return self._counted(first, last=True) and self._counted(second, last=False)

    def _counts_on(self, text: str) -> bool:
        """Whether a spoken number may continue over its beginning or its end."""
        if len(text) <= _LONGEST_WORD and text.lower() in self._said:
            return True
        if " " not in text:
            return False
        return self._counted(text, last=True) or self._counted(text, last=False)

    def _counted(self, text: str, *, last: bool) -> bool:
        """Whether it ends, or begins, with two words for numbers; a single one occurs in any sentence."""
        near = text[-_REACH:] if last else text[:_REACH]
        word = near.rpartition(" ")[2] if last else near.partition(" ")[0]
        if word.strip(_ENDS).lower() not in self._numbers:  # the usual case
            return False
        words = near.split()[-_COUNTED:] if last else near.split()[:_COUNTED]
        return len(words) == _COUNTED and all(it.strip(_ENDS).lower() in self._numbers for it in words)

    def _speaks(self, words: Sequence[str]) -> bool:
        """Whether single words form a sentence that may hold a value."""
        if len(words) < _LEAST_WORDS:
            return False
        lowered = {word.lower() for word in words}
        if not lowered.isdisjoint(self._at) and not lowered.isdisjoint(self._dot):
            return True
        return any(map(str.isalpha, words)) and any(
            sum(map(str.isdigit, word)) >= _LEAST_DIGITS for word in words
        )


def _is_numbered(segment: Segment) -> bool:
    """Whether the name of its member ends in a number."""
    last = _names(segment)[-1:]
    return bool(last) and isinstance(last[0], str) and _ends_in_figure(last[0])


def _ends_in_figure(name: str) -> bool:
    """Whether the name ends in a digit, also in brackets as in forms: `card[0]`."""
    return (name[-2:-1] if name[-1:] == "]" else name[-1:]).isdigit()


def _names(segment: Segment) -> tuple[str | int, ...]:
    """The segment's location; the first value of a field of a form or query is at its name's location."""
    location = segment.location
    return location[:-1] if segment.root in ROOTS and location[-1:] == (0,) else location


def _steps(segment: Segment, *, split: bool) -> tuple[str | int, ...]:
    """The segment's location; with `split`, a number at the end of its name is an index of its own."""
    if not split:
        return segment.location
    location = _names(segment)
    last = location[-1] if location else None
    if isinstance(last, str) and _ends_in_figure(last):
        numbered = _NUMBERED.fullmatch(last)
        if numbered is not None:
            return (*location[:-1], numbered[1], int(numbered[2]))
    return ()


def _shapes(segment: Segment) -> Iterator[_Shape]:
    """The segment's shapes: none outside of lists and without a number in its name, two with both."""
    line = segment.root.startswith(LINE)
    root = "" if line else segment.root
    location = segment.location
    if line or any(step.__class__ is int for step in location):
        yield _Shape(root, tuple([step if isinstance(step, str) else None for step in location]), split=False)
    if _is_numbered(segment) and (steps := _steps(segment, split=True)):
        yield _Shape(root, tuple([step if isinstance(step, str) else None for step in steps]), split=True)


def _runs(segments: Sequence[Segment], places: Sequence[int], *, split: bool) -> Iterator[list[int]]:
    run = [places[0]]
    for place in places[1:]:
        if _follows(segments[run[-1]], segments[place], split=split):
            run.append(place)
            continue
        if _is_one(segments, run, split=split):
            yield run
        run = [place]
    if _is_one(segments, run, split=split):
        yield run


def _follows(before: Segment, after: Segment, *, split: bool) -> bool:
    """Whether the two locations, of the same shape, differ in one index, and by little.

    With `split`, that index is the number of the name: the rest is read down the rows.
    """
    first, second = _steps(before, split=split), _steps(after, split=split)
    if split:
        number, last = second[-1], first[-1]
        if before.root != after.root or first[:-1] != second[:-1]:
            return False
        return isinstance(number, int) and isinstance(last, int) and 0 < number - last <= _MOST_APART
    apart = 0
    for one, other in zip(first, second, strict=True):
        if one != other:
            if apart or not isinstance(one, int) or not isinstance(other, int):
                return False
            apart = other - one
    if before.root != after.root:
        first_line, second_line = line_of(before.root), line_of(after.root)
        if apart or first_line is None or second_line is None:
            return False
        return 0 < second_line - first_line <= _MOST_APART
    return 0 < apart <= _MOST_APART


def _is_one(segments: Sequence[Segment], run: Sequence[int], *, split: bool) -> bool:
    """Whether the pieces may be parts of one text: several, and not a list of numbers."""
    if len(run) < 2:  # noqa: PLR2004
        return False
    pieces = [segments[place] for place in run]
    if any(not piece.text.isdigit() for piece in pieces):
        if all(_DECIMAL.fullmatch(piece.text) for piece in pieces):
            return False  # times, rates and amounts
        return all(piece.kind is not SegmentKind.NUMBER for piece in pieces)
    if not split and (pieces[0].root.startswith(LINE) or not isinstance(pieces[0].location[-1], int)):
        return False
    if len(run) in _CARD and all(len(piece.text) == 1 for piece in pieces):
        return True
    return len(run) <= _MOST_NUMBERS and all(len(piece.text) <= _MOST_DIGITS for piece in pieces)


def _glues(texts: Sequence[str], *, words: bool) -> Sequence[str]:
    blank = [first[-1].isspace() or second[0].isspace() for first, second in pairwise(texts)]
    if words:  # in a transcript all have a blank or none; in a rich text they are as typed
        return ("", " ") if any(blank) and not all(blank) else (" ",)
    return ("",) if any(blank) else ("", " ")
