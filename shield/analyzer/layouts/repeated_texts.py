"""Gives a text that a payload holds twice, whole and in pieces, the same findings in both.

Speech services send a call several times over: as one text, as turns or sentences, and as the words of each.
These do not tell the same: a turn is read with its speaker and the question before it, the whole text without
speakers, and a word alone without its sentence. So what is redacted in one would stand in the other.

So the words of the whole are laid beside those of the pieces, in order. What was found in one counts in the
other where all its words are the same. A word in a list of words is no more than its sentence says: "Denali",
taken for a name by itself, is none where nothing was found in "the Denali tent".

Law: the work is linear in the words, however many lists and texts a payload has, since each text is laid
beside a bounded number of lists; only words that are the same, at least three in a row, give anything.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Final, NamedTuple

from shield.analyzer.layouts.joined import JOINED
from shield.domain import RAW, Finding, Segment, SegmentKind

_MEMBERS: Final = frozenset(
    "word punctuated_word text Text content Content transcript Transcript sentence display Display lexical "
    "Lexical itn ITN maskedITN MaskedITN "
    "body message utterance value Word token w".split()
)
"""Names of the members that hold the whole, a turn or a word."""
_IN_A_ROW: Final = 3
"""Words that must be the same in a row before they count as said once."""
_FEWEST: Final = 2  # pieces of a list
_MOST_SKIPPED: Final = 400  # words of the pieces that the whole leaves out at a time: another speaker's turns
_MOST_LISTS: Final = 8
"""Lists that a text is laid beside: turns, sentences, words, and a few that have some words by chance."""
_MOST_WORDS: Final = 100_000  # of one list; a day of talking
_WORD: Final = re.compile(r"[^\W_](?:\S*[^\W_])?")
"""A word without the punctuation around it."""

_Shape = tuple[str, tuple[str | None, ...]]
_Row = tuple[str, ...]
_Span = tuple[int, int, str]


class _Words(NamedTuple):
    """Words in order: as they are compared, and where each stands, `[starts, ends)` of segment `places`."""

    said: list[str]
    places: list[int]
    starts: list[int]
    ends: list[int]

    def within(self, place: int, first: int, findings: Sequence[Finding]) -> Iterator[tuple[Finding, range]]:
        """The words of each finding in segment `place`, whose words begin at index `first`."""
        count = len(self.said)
        for finding in sorted(findings):
            while first < count and self.places[first] == place and self.ends[first] <= finding.start:
                first += 1
            last = first
            while last < count and self.places[last] == place and self.starts[last] < finding.end:
                last += 1
            yield finding, range(first, last)


@dataclass(frozen=True, slots=True)
class _Pieces:
    """The words of a list of texts, its segments with their first words, and where each row of words is."""

    shape: _Shape
    words: _Words
    first: Mapping[int, int]
    rows: Mapping[_Row, Sequence[int]]
    single: bool  # each is one word


class _Alike(NamedTuple):
    """The words of a whole and of pieces that are the same: the index in one by that in the other."""

    pieces: _Pieces
    place: int
    whole: _Words
    in_pieces: Mapping[int, int]
    in_whole: Mapping[int, int]


def share(segments: Sequence[Segment], found: list[list[Finding]], model: str) -> None:
    """Adds to `found` what was found in the same words elsewhere.

    Takes out what the recognizer `model` said of a word by itself that it does not say of the sentence.
    """
    if len(segments) <= _FEWEST or not any(found):
        return
    alike = list(_alike(segments))
    for each in alike:
        if not each.pieces.single:
            _to_whole(each, found)
    for each in alike:
        _to_pieces(each, found)
    _drop_alone(alike, found, model)


def _alike(segments: Sequence[Segment]) -> Iterator[_Alike]:
    """Each text that a list holds in pieces, with the words that are the same; list by list."""
    groups: dict[_Shape, list[int]] = {}
    texts: list[int] = []
    for place, segment in enumerate(segments):
        location = segment.location
        if segment.kind is not SegmentKind.TEXT or not location or location[-1] not in _MEMBERS:
            continue
        groups.setdefault(_shape(segment), []).append(place)
        if segment.text.count(" ") >= _IN_A_ROW - 1:
            texts.append(place)
    if len(groups) < _FEWEST or not texts:
        return
    lists = [
        pieces
        for shape, places in groups.items()
        if len(places) >= _FEWEST and None in shape[1]
        if (pieces := _pieces(segments, shape, places)) is not None
    ]
    wholes = {place: _words(segments, [place]) for place in texts}
    begins = [0] * len(lists)
    for number, place in sorted(_pairs(lists, wholes)):
        pieces = lists[number]
        if _shape(segments[place]) == pieces.shape:
            continue
        in_whole = _in_whole(pieces, wholes[place], begins[number])
        if in_whole:
            begins[number] = max(in_whole)
            in_pieces = {there: here for here, there in in_whole.items()}
            yield _Alike(pieces, place, wholes[place], in_pieces, in_whole)


def _pairs(lists: Sequence[_Pieces], wholes: Mapping[int, _Words]) -> Iterator[tuple[int, int]]:
    """The lists, by their number, that have the most rows of words in common with each whole.

    A row that many lists have in common tells them apart no more, so the first ones alone are kept.
    """
    having: dict[_Row, list[int]] = {}
    for number, pieces in enumerate(lists):
        for row in pieces.rows:
            known = having.setdefault(row, [])
            if len(known) < _MOST_LISTS:
                known.append(number)
    for place, whole in wholes.items():
        shared = Counter(chain.from_iterable([having.get(row, ()) for row in _rows(whole.said)]))
        for number, _ in shared.most_common(_MOST_LISTS):
            yield number, place


def _rows(said: Sequence[str]) -> Iterator[_Row]:
    """Each row of words, by where it begins."""
    return zip(*[said[first:] for first in range(_IN_A_ROW)], strict=False)


def _shape(segment: Segment) -> _Shape:
    return segment.root, tuple([step if isinstance(step, str) else None for step in segment.location])


def _words(segments: Sequence[Segment], places: Sequence[int]) -> _Words:
    words = _Words([], [], [], [])
    for place in places:
        for match in _WORD.finditer(segments[place].text):
            words.said.append(match[0].casefold())
            words.places.append(place)
            words.starts.append(match.start())
            words.ends.append(match.end())
    return words


def _pieces(segments: Sequence[Segment], shape: _Shape, places: Sequence[int]) -> _Pieces | None:
    """The list at `places`; None where it is too short or too long."""
    words = _words(segments, places)
    if not _IN_A_ROW <= len(words.said) <= _MOST_WORDS:
        return None
    first: dict[int, int] = {}
    for at, place in enumerate(words.places):
        first.setdefault(place, at)
    rows: dict[_Row, list[int]] = {}
    for at, row in enumerate(_rows(words.said)):
        rows.setdefault(row, []).append(at)
    return _Pieces(shape, words, first, rows, len(first) == len(words.said))


def _in_whole(pieces: _Pieces, whole: _Words, begin: int) -> dict[int, int]:
    """The index in the whole of each word of the pieces that is the same there.

    The first row of equal words is looked for from word `begin` of the pieces on, and then before it.
    """
    said, words = pieces.words.said, whole.said
    same: dict[int, int] = {}
    here, apart = begin, True  # the word of the pieces that comes next, and whether it is only a guess
    for there, word in enumerate(words):
        if apart or here >= len(said) or said[here] != word:
            ways = pieces.rows.get(tuple(words[there : there + _IN_A_ROW]), ())
            next_one = bisect_left(ways, here)
            if next_one < len(ways) and (not same or ways[next_one] - here <= _MOST_SKIPPED):
                here = ways[next_one]
            elif ways and not same:
                here = ways[0]
            else:
                apart = True
                continue
            apart = False
        same[here] = there
        here += 1
    return same


def _to_whole(alike: _Alike, found: list[list[Finding]]) -> None:
    """What was found in pieces, in the whole."""
    words = alike.pieces.words
    known = _scores(found[alike.place])
    for place in dict.fromkeys([words.places[at] for at in alike.in_whole]):
        first = alike.pieces.first[place]
        for finding, inside in words.within(place, first, found[place]) if found[place] else ():
            there = [alike.in_whole.get(at, -1) for at in inside]
            if _is_row(there):
                start = alike.whole.starts[there[0]] + max(0, finding.start - words.starts[inside[0]])
                end = alike.whole.ends[there[-1]] - max(0, words.ends[inside[-1]] - finding.end)
                _add(found[alike.place], known, finding, start, end)


def _to_pieces(alike: _Alike, found: list[list[Finding]]) -> None:
    """What was found in the whole, in each piece that has some of it.

    Turns tell better than the whole what goes on over several of them, as they have speakers.
    """
    words, whole = alike.pieces.words, alike.whole
    known: dict[int, dict[_Span, float]] = {}
    for finding, inside in whole.within(alike.place, 0, found[alike.place]):
        here = [alike.in_pieces.get(at, -1) for at in inside]
        if not _is_row(here):
            continue
        if not alike.pieces.single and words.places[here[0]] != words.places[here[-1]]:
            continue
        low = here[0]
        for at in here:
            place = words.places[at]
            if at < here[-1] and words.places[at + 1] == place:
                continue
            start, end = words.starts[low], words.ends[at]
            if low == here[0]:
                start += max(0, finding.start - whole.starts[inside[0]])
            if at == here[-1]:
                end -= max(0, whole.ends[inside[-1]] - finding.end)
            if place not in known:
                known[place] = _scores(found[place])
            _add(found[place], known[place], finding, start, end)
            low = at + 1


def _is_row(places: Sequence[int]) -> bool:
    """Whether all words are the same, and follow each other there too."""
    return bool(places) and places[0] >= 0 and all(after == at + 1 for at, after in pairwise(places))


def _scores(findings: Sequence[Finding]) -> dict[_Span, float]:
    """The best score of each span and type."""
    best: dict[_Span, float] = {}
    for each in findings:
        span = each.start, each.end, each.entity_type
        best[span] = max(best.get(span, 0.0), each.score)
    return best


def _add(findings: list[Finding], known: dict[_Span, float], finding: Finding, start: int, end: int) -> None:
    """Adds the finding at `[start, end)`, unless it is `known` to be there with as good a score."""
    span = start, end, finding.entity_type
    if start < end and known.get(span, 0.0) < finding.score:
        known[span] = finding.score
        findings.append(finding._replace(start=start, end=end, view=JOINED))


def _drop_alone(alike: Sequence[_Alike], found: list[list[Finding]], model: str) -> None:
    """Takes out what the model says of single words that it does not say of any text with them."""
    doubted: dict[int, bool] = {}  # by segment: whether no text says so
    for each in alike:
        if not each.pieces.single:
            continue
        said = {at for _, inside in each.whole.within(each.place, 0, found[each.place]) for at in inside}
        for here, there in each.in_whole.items():
            place = each.pieces.words.places[here]
            if found[place]:
                doubted[place] = doubted.get(place, True) and there not in said
    for place, alone in doubted.items():
        if alone:
            found[place] = [it for it in found[place] if it.recognizer != model or it.view != RAW]
