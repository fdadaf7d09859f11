"""Gives the words of a transcript what was found in its text: `{"transcript": "…", "words": [{"word": …}]}`.

Speech services send each transcript twice: as a text, and as a list of its words with the time of each
(Amazon Transcribe, Azure, Deepgram, Google, Whisper). What the text tells by what stands around it ("my name
is"), single words do not, so the words of each finding are looked for in the lists of words of the document.
A word alone also needs the words beside it: "May" is a name in one sentence and a month in another.

Law: the work is linear in the words, with a bound on the words of a finding.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from shield.analyzer.layouts.joined import JOINED
from shield.domain import Finding, Segment, SegmentKind

_MEMBERS: Final = frozenset(
    "word punctuated_word text content Content value Word Text display token w".split()
)
"""Names of the members that hold a word."""
_LEAST_WORDS: Final = 4
"""Words of a list; below, it is none of a transcript."""
_LONGEST_WORD: Final = 32  # code points
_MOST_WORDS: Final = 40
"""Words of a finding: a spelled address has fewer."""
_LONGEST: Final = 400  # code points of a finding
_REACH: Final = 64  # code points around it
_WORD: Final = re.compile(r"[^\W_](?:\S*[^\W_])?")
"""A word without the punctuation around it."""

_Shape = tuple[str, tuple[str | int | None, ...]]


class _Word(NamedTuple):
    """A word as it is compared, and the span of it in segment `place`."""

    said: str
    place: int
    start: int
    end: int


class _Sought(NamedTuple):
    """A finding and its words, of which the first `before` and the last `after` only stand beside it."""

    finding: Finding
    before: int
    after: int


def findings(
    segments: Sequence[Segment], found: Sequence[Sequence[Finding]]
) -> Iterator[tuple[int, Finding]]:
    """What was `found` in texts, in their words: segment index and finding."""
    if len(segments) < _LEAST_WORDS or not any(found):
        return
    lists = _lists(segments)
    sought = _sought(segments, found) if lists else {}
    lengths: dict[str, set[int]] = {}  # by the first word, so that most words are looked up once
    for key in sought:
        lengths.setdefault(key[0], set()).add(len(key))
    for words in lists:
        said = [word.said for word in words]
        for at, first in enumerate(said):
            for length in lengths.get(first, ()):
                each = sought.get(tuple(said[at : at + length])) if at + length <= len(said) else None
                if each is None:
                    continue
                for word in words[at + each.before : at + length - each.after]:
                    yield word.place, each.finding._replace(start=word.start, end=word.end, view=JOINED)


def _lists(segments: Sequence[Segment]) -> list[list[_Word]]:
    """The lists of single words, each of members at locations that differ in one index."""
    groups: dict[_Shape, list[int]] = {}
    for place, segment in enumerate(segments):
        if (
            segment.location
            and segment.location[-1] in _MEMBERS
            and segment.kind is SegmentKind.TEXT
            and len(segment.text) <= _LONGEST_WORD
        ):
            for shape in _shapes(segment):
                groups.setdefault(shape, []).append(place)
    lists = []
    for places in groups.values():
        if len(places) < _LEAST_WORDS:
            continue
        words = [word for place in places for word in _words(segments[place].text, place)]
        alone = all(first.place != second.place for first, second in pairwise(words))
        if alone and len(words) >= _LEAST_WORDS:
            lists.append(words)
    return lists


def _shapes(segment: Segment) -> Iterator[_Shape]:
    """The segment's location without its last index, and without the one before: `items[3].all[0]`."""
    location = segment.location
    indices = [place for place, step in enumerate(location) if step.__class__ is int]
    for place in indices[-2:]:
        yield segment.root, (*location[:place], None, *location[place + 1 :])


def _sought(
    segments: Sequence[Segment], found: Sequence[Sequence[Finding]]
) -> Mapping[tuple[str, ...], _Sought]:
    """The words of findings in texts of several words, and for one word those beside it."""
    sought: dict[tuple[str, ...], _Sought] = {}
    for place, (segment, each) in enumerate(zip(segments, found, strict=True)):
        if not each or segment.kind is not SegmentKind.TEXT or " " not in segment.text:
            continue
        for finding in each:
            if finding.end - finding.start > _LONGEST:
                continue
            words = _around(segment.text, place, finding)
            inside = [at for at, word in enumerate(words) if _overlap(word, finding)]
            if not inside or len(inside) > _MOST_WORDS:
                continue
            first, last = inside[0], inside[-1]
            alone = first == last
            before = int(alone and first > 0)
            after = int(alone and last + 1 < len(words))
            said = tuple([word.said for word in words[first - before : last + 1 + after]])
            if len(said) > 1:
                known = sought.get(said)
                if known is None or known.finding.score < finding.score:
                    sought[said] = _Sought(finding, before, after)
    return sought


def _around(text: str, place: int, finding: Finding) -> list[_Word]:
    """The words of a finding and those beside it; words that are cut off are left out."""
    low, high = max(0, finding.start - _REACH), min(len(text), finding.end + _REACH)
    return [
        word
        for word in _words(text, place, low, high)
        if (word.start > low or not low) and (word.end < high or high == len(text))
    ]


def _overlap(word: _Word, finding: Finding) -> bool:
    return word.start < finding.end and finding.start < word.end


def _words(text: str, place: int, low: int = 0, high: int = _LONGEST) -> Iterator[_Word]:
    for match in _WORD.finditer(text, low, high):
        yield _Word(match[0].casefold(), place, match.start(), match.end())
