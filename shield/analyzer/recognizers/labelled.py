"""The base of our own pattern recognizers: Presidio's, but a finding may be only a part of the match.

A pattern may hold a group `value`: the finding is that group, and the text around it (the label in
"password is …") is read but not redacted. `score_of` grades a match by its content: a checksum, the
strength of a word. `PatternEngine` finds the matches; `analyze` gives the same for Presidio's callers.

The patterns are bounded (no repeat without an upper limit), so the time to find all matches of a text is
linear in its length.
"""

# ruff: noqa: ARG002, RUF001  # an interface; typographic characters
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar, Final, NamedTuple

import regex
from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer, RecognizerResult

from shield.analyzer.replaced import in_replacement

Match = Any
"""A match of the `regex` package, which has no types."""

LABEL_START = r"(?<![^\W_])"
"""Before a label that begins a word or follows `_`."""
NOT_QUANTITY = (
    r"(?![.,]?\d|\s{0,2}(?:%|°|dollars?|bucks|usd|eur|gbp|inr|rs|rupees|euros?|pounds?|cents?|points?|"
    r"miles|km|days?|weeks?|months?|years?|yrs|hours?|hrs|minutes?|mins?|seconds?|secs?|times?|items?|"
    r"people|percent|users?|followers|transactions?|am|pm|[kmg]b|px)(?![^\W_]))"
)
"""After a number: asserts that it is not the start of a longer one or of a quantity."""
LINK = (
    # a quote that ends the label or its "'s", signs, up to two small words ("is set to"), an article, a quote
    r"(?:['’]s(?![^\W_])|['\"’])?\s{0,2}[:=#\-–>]{0,2}\s{0,2}"
    r"(?:(?:is|are|was|were|it's|its|be|to|as|with|of|ist|lautet|war|es|est|son|e|è|é|jest|being|equals|either|"
    r"set to|would be|should be)(?![^\W_])\s{0,2}[:=\-]?\s{0,2}){0,2}"
    r"(?:(?:le|el|il|lo|der|die|het)\s)?['\"(]?"
)
"""What may stand between a label and its value."""
_ROLE = (
    r"[\[(]?(?:agent|customer|cust|caller|client|speaker|visitor|operator|advisor|rep|bot|member|patient)"
    r"(?:\s\d{1,2})?[\])]?:\s{1,2}"
)
ANSWER = (
    # the rest of the question
    r"(?:\s(?:please|again|on (?:the|your) [^\W\d_]{2,12})){0,2}"
    # its end, and at the start of the next line a time and any speaker
    r"(?:\s?[?.]\s{0,2}\n\s{0,3}(?:\[[\d:. ]{4,20}\]\s)?(?:[\[(]?[^\W\d_][\w .]{0,20}[\])]?:\s{1,2})?"
    # or no sign, and a role
    rf"|\s?\n{_ROLE})"
    # the words before the value: "sure, it's "
    r"(?:(?:it['’]?s|it is|that['’]?s|that is|sure|yes|yeah|yep|ok|okay|uh|um|er|so|well|my|the|is|number)"
    r"(?![^\W_])[\s,.:\-]{1,3}){0,4}"
)
"""From a label in a question to its answer at the start of the next line, perhaps after a speaker's name.

Transcripts without punctuation have no question mark; there the next line begins with a role.
"""
DETOUR = (
    r"\s(?:[^\d\n.!?;:]{0,24}\s)?"
    r"(?:wrong|incorrect(?:ly)?|invalid|changed?|mistyped|misspelled|outdated|old|updated?|corrected)"
    r"(?![^\W_])[^\d\n!?;:]{0,28}?\s(?:it['’]?s|it is|is|to|be|was)\s(?:now\s|actually\s|really\s)?"
)
"""From a label to the value that replaces a wrong one: "my … is wrong, it should be"."""
FARTHER = rf"(?:{LINK}|{ANSWER}|{DETOUR})"
"""What may stand between a label and a value whose form distinguishes it from words."""
NUMBER_WORD = (
    r"(?:\s?(?:#|(?:numbers?|nuber|nmber|numb|num|no|nr|nbr|nummer|número|numero|numéro|numer|id|ids|"
    r"n°|nº)(?![^\W_])\.?))"
)
"""The word that turns a noun into an identifier: account *number*, customer *id*."""
PARTED = r"[\s\-\u2010-\u2015_./|*·•]{0,3}"
"""What may stand between the groups of a number that its label confirms."""
SEPARATORS: Final = str.maketrans("", "", " \t\r\n\u00a0\u2009.-/_|*·•\u2010\u2011\u2012\u2013\u2014\u2015")
"""Removes these from a number."""
_GAP: Final = re.compile(r"\[[ \\.\-/]{1,5}\]\?|(?<=[\]}\dD])-\?")
"""In a form, an optional separator: `[ .\\-]?`, `-?`."""
_FIGURES: Final = re.compile(r"\\d\{(\d+)(?:,(\d+))?\}")
"""In a form, a group of digits: `\\d{4}`, `\\d{3,4}`."""


def labelled(labels: str, value: str, *, after: str = r"(?![^\W_])") -> str:
    """A pattern: one of the labels as a whole word, a link, and the value as the group `value`.

    The link may be a question mark and the next line, or "is wrong, it should be".
    """
    return rf"{LABEL_START}(?:{labels})(?:(?<=#)|(?![^\W\d_])){FARTHER}(?P<value>{value}){after}"


def begun(expression: str) -> str:
    """A trigger for what follows `LABEL_START`, in a form that the prefilter can scan for."""
    return rf"\b(?:{expression})|_(?:{expression})"


def parted(value: str, *, digits: bool) -> str:
    """A form whose groups (with `digits`, each digit) may be separated by a sign, blanks or a line break."""
    value = _GAP.sub(lambda _: PARTED, value)
    if not digits:
        return value

    def apart(match: re.Match[str]) -> str:
        least, most = int(match[1]), int(match[2] or match[1])
        return rf"\d(?:{PARTED}\d){{{least - 1},{most - 1}}}"

    return _FIGURES.sub(apart, value)


class Sort(NamedTuple):
    """A sort of patterns of a recognizer, with their score, of whose values it asks something of its own."""

    name: str
    score: float


class ValuePattern(NamedTuple):
    """A pattern, and what a text must hold for it to match.

    `graded` is the score of its matches, or its sort where `score_of` must know that.
    `trigger` is a smaller expression that the prefilter scans for instead of the whole: wherever
    `source` matches, `trigger` matches with its end at most `back` code points after the start of that
    match. Scanning for "passport" is cheaper than for all that may follow it. `digits`: every match
    holds a digit, so a text without one is not searched. `longest`: a match is a whole text of at most
    so many code points; 0 where it may be a part of one. `letters`: a class of letters beyond ASCII of which
    every match has one; such a pattern is not scanned for (`lettered_patterns`).
    """

    name: str
    source: str
    graded: float | Sort
    trigger: str = ""
    back: int = 48
    digits: bool = True
    longest: int = 0
    letters: str = ""

    @property
    def sort(self) -> Sort:
        """Its sort; one without a name where it has none of its own."""
        return self.graded if isinstance(self.graded, Sort) else Sort("", self.graded)

    @property
    def scanned(self) -> str:
        """The trigger as it is scanned for: a label that begins a match begins a word or follows `_`."""
        if not self.source.startswith(f"{LABEL_START}(?:{self.trigger})"):
            return self.trigger
        return begun(self.trigger)


class ScoredPattern(Pattern):  # type: ignore[misc]  # the library has no types
    """A `ValuePattern` for Presidio. Its expression is not compiled to check it, which tests do."""

    def __init__(self, of: ValuePattern) -> None:
        self.of = of
        self.name = of.name
        self.regex = of.source
        self.score = of.sort.score
        self.compiled_regex = None
        self.compiled_with_flags = None


class ValuePatternRecognizer(PatternRecognizer):  # type: ignore[misc]  # the library has no types
    """A pattern recognizer of one entity type, whose findings are the `value` groups of its patterns."""

    ENTITY: ClassVar[str]
    PATTERNS: ClassVar[Sequence[ValuePattern]]
    CONTEXT: ClassVar[Sequence[str]] = ()

    def __init__(self, **options: Any) -> None:
        patterns = [ScoredPattern(each) for each in self.PATTERNS]
        super().__init__(
            **{
                "supported_entity": self.ENTITY,
                "patterns": patterns,
                "context": list(self.CONTEXT),
                "name": type(self).__name__,
                **options,
            }
        )

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        """The score of a match whose value is `value`, of a pattern of this sort; 0 to reject it."""
        return sort.score

    def hit(self, match: Match, sort: Sort) -> tuple[int, int, float] | None:
        """The finding (start, end, score) of a match of a pattern of this sort."""
        group = "value" if "value" in match.re.groupindex else 0
        start, end = match.span(group)
        value = match.group(group)
        if not value or (group and in_replacement(match.string, match.start(), end)):
            return None
        graded = self.score_of(value, match, sort)
        return (start, end, graded) if graded > 0 else None

    def analyze(
        self, text: str, entities: Sequence[str], nlp_artifacts: Any = None, regex_flags: int | None = None
    ) -> list[RecognizerResult]:
        """As `PatternRecognizer.analyze`."""
        flags = self.global_regex_flags if regex_flags is None else regex_flags
        found = []
        for pattern in self.patterns:
            for match in regex.compile(pattern.regex, flags).finditer(text):
                hit = self.hit(match, pattern.of.sort)
                if hit is not None:
                    found.append(RecognizerResult(self.ENTITY, *hit))
        results: list[RecognizerResult] = EntityRecognizer.remove_duplicates(found)
        return results


def is_lettered(recognizer: object) -> bool:
    """Whether the patterns of a recognizer say which letters their matches have (`lettered_patterns`)."""
    return isinstance(recognizer, ValuePatternRecognizer) and all(
        each.letters for each in recognizer.PATTERNS
    )
