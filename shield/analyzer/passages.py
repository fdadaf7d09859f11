"""Selects what a named-entity model reads: passages of prose, each with what was said before it.

A short answer ("5343", "maria") has a meaning only after its question, which in chats and transcripts is
another segment: so a short passage carries the end of the free text before it. A number alone is read
only where people write to each other: as the value of any other member it is a count, a code or a key.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from shield.analyzer.additions import Named
from shield.analyzer.conversation.dialogue_words import is_heard
from shield.analyzer.field_scores import NO_BAR, SURE, Bar, bar_of
from shield.analyzer.file_names import LONGEST_ENDING, file_name
from shield.analyzer.key_names import key_words
from shield.analyzer.learned import Learned, learned
from shield.analyzer.marked_up import prose_of, words_of
from shield.analyzer.recognizers.name_cues import CUED
from shield.analyzer.views.folded import NAME as FOLDED
from shield.analyzer.views.parted import NAME as PARTED
from shield.analyzer.views.view import View
from shield.domain import RAW, Finding, Policy, Segment, SegmentKind

SHORT: Final = 80
"""Code points up to which a passage is read with the text before it."""
BEFORE: Final = 120
"""Code points of the text before it that are read."""
_LONGEST_HEARD: Final = 24  # code points of a passage that only acknowledges
CUED_NAME: Final = 0.7
"""The model's score for a name alone after a cue, where fewer other words occur than among tags."""
_LETTERS = re.compile(r"[^\W\d_]")
_SPACE = re.compile(r"\s")
_OF_IDENTIFIERS = re.compile(r"[\d@_/\\:=]")
_WORD = re.compile(r"[^\W\d_]{2}")
_FEW_DIGITS = 3  # of a passage without letters; fewer are no number of a person's
_EMPHASIS: Final = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\W\d_])([^*\n]{1,80}(?<=[^\W\d_.]))\1(?![\w*])")
"""Markdown emphasis around words, whose marks a model takes for parts of these."""
_BEGIN_CLAUSES: Final = (
    r"Hi|Hey|Hello|Hola|Haha|Happy|Congrats|Thanks?|Good|Great|Nice|Sorry|Please|Yes|No|Ok(?:ay)?|Can|Could|Did|Do|"
    r"Will|Would|Is|Are|Was|Has|Have|The|This|That|These|It|What|When|Where|Why|Who|How|We|You|My|Your|Just|And|But|So|See|Let"
)
_MENTION: Final = re.compile(
    rf"(?<![\w.@/:])@(?=[A-Z][a-z'’\-]{{1,20}} (?!(?:{_BEGIN_CLAUSES})\b)[A-Z][a-z'’\-]{{1,20}}(?![\w.]))"  # noqa: RUF001
)
"""The sign before the name that a platform shows of whom somebody mentions: "@Emilia Sand", no handle."""
_SAID: Final = frozenset(
    "text body content message msg comment reply utterance transcript turn answer question note "
    "notes description subject messages comments".split()
)
"""Last words of the names of members that hold what people say or write to each other."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text for the model: of the segment at `place` as it is, or (`view`) in another reading.

    `before` is the end of the free text before it, for context only: findings are in `text` alone. `said` is
    whether a person said or wrote it, rather than it being the value of a field. `at` is where
    the text begins in its segment. `named` tells what rules know of the segment better than a model, and
    `bar` which of its findings count.
    """

    place: int
    text: str
    before: str = ""
    said: bool = True
    view: View | None = None
    at: int = 0
    named: Named = field(default_factory=partial(Named, ()))
    bar: Bar = NO_BAR

    def is_named(self, entity_type: str, start: int, end: int) -> bool:
        """Whether a rule is sure of a number that holds what stands at `[start, end)` of the text."""
        span = (start, end) if self.view is None else self.view.raw_span(start, end)
        return self.named.holds(entity_type, *span)


def passages(
    segments: Sequence[Segment],
    written: Mapping[int, Sequence[View]],
    found: Sequence[Sequence[Finding]] = (),
    policy: Policy | None = None,
    *,
    latin_only: bool = True,
) -> list[Passage]:
    """The passages of a payload in order.

    `written` are the other readings of its segments, by index; `found` is what the rules, if they were run,
    found in each segment under the `policy`. A `latin_only` model has not learned other letters.
    """
    read: list[Passage] = []
    before = ""
    for place, segment in enumerate(segments):
        if not _has_prose(segment):
            continue
        text = segment.text
        said = segment.kind is SegmentKind.TEXT and _is_said(segment.keys)
        if said and len(text) <= _LONGEST_HEARD and is_heard(text):
            continue  # "uh huh" holds no name and does not separate an answer from its question
        if not said and _WORD.search(text) is None:
            continue
        bar = bar_of(segment, said=said)
        if bar is None:
            continue
        context = before if said and len(text) <= SHORT else ""
        of_file = file_name(text, segment.keys) if "." in text[-LONGEST_ENDING:] else None
        if of_file is not None:
            text, context = of_file.text, ""
            bar = Bar(max(bar.least, SURE)) if of_file.single else bar
        least = Bar(bar.least)
        views = written.get(place, ())
        folded = next((view for view in views if view.name == FOLDED), None) if "<" in text else None
        prose = None if folded is None else prose_of(segment.text, folded)
        named = Named(found[place] if found else (), policy)
        apart = next((view for view in views if view.name == PARTED), None)
        if apart is not None and not latin_only:
            views, apart = [view for view in views if view is not apart], None
        legible = partial(learned, mixed=apart is not None) if latin_only else Learned
        if prose is None:
            words, bar = legible(words_of(text if apart is None else apart.text), bar)
            words = _unsigned(words)
            read.append(Passage(place, words, context, said, apart, named=named, bar=bar))
            below = None if apart is None else apart.over
            views = [view for view in views if view is not apart and view is not below]
        else:
            words = prose[0].text
            views = [*(view for view in views if view is not folded), *filter(None, prose)]
        if found and found[place]:
            read += _cued(place, text, found[place], least)
        for view in views:
            plain, bar = legible(view.text, least)
            read.append(Passage(place, _unsigned(plain), context, said, view, named=named, bar=bar))
        if said:
            before = words[-BEFORE:]
    return read


def _unsigned(text: str) -> str:
    """`text` with blanks for signs that a model takes for parts of the words beside them."""
    if "*" in text:
        text = _EMPHASIS.sub(_blanks, text)
    return _MENTION.sub(" ", text) if "@" in text else text


def _blanks(match: re.Match[str]) -> str:
    marks = " " * len(match[1])
    return f"{marks}{match[2]}{marks}"


def _cued(place: int, text: str, found: Sequence[Finding], bar: Bar) -> Iterator[Passage]:
    """The words after cues, each by itself: within its sentence the model may have missed a name."""
    for each in found:
        if each.score == CUED.score and each.entity_type == "PERSON" and each.view == RAW:
            word = text[each.start : each.end]
            yield Passage(place, word, at=each.start, bar=Bar(max(bar.least, CUED_NAME)))


def is_identifier(text: str) -> bool:
    """Whether a text without blanks around it is one identifier, path or address.

    Each character is read once: one expression for all of it would try every end of a million-digit word.
    """
    return _OF_IDENTIFIERS.search(text) is not None and _SPACE.search(text) is None


def certain(passage: Passage, findings: Sequence[Finding]) -> Sequence[Finding]:
    """The model's findings that count in a passage; those in a cue's word in the segment's offsets."""
    counting, at = passage.bar.passed(findings), passage.at
    return [each._replace(start=each.start + at, end=each.end + at) for each in counting] if at else counting


def _has_prose(segment: Segment) -> bool:
    """Whether a segment holds words, or a number that may be a person's."""
    text = segment.text
    if segment.kind is SegmentKind.KEY:
        return any(map(str.isspace, text)) and _LETTERS.search(text) is not None
    if segment.kind not in (SegmentKind.TEXT, SegmentKind.PARAMETER):
        return False
    return _LETTERS.search(text) is not None or sum(map(str.isdigit, text)) >= _FEW_DIGITS


def _is_said(keys: Sequence[str]) -> bool:
    """Whether it is free text: a whole body, or a member that by its name holds a message."""
    if not keys:
        return True
    words = key_words(keys[-1])
    return bool(words) and words[-1] in _SAID
