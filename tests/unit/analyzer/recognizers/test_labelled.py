"""What a `ValuePattern` declares about itself is true."""

from __future__ import annotations

import pytest
import regex

from shield.analyzer.catalogue import selected
from shield.analyzer.expressions.weaken import weaken
from shield.analyzer.patterns import PatternEngine
from shield.analyzer.recognizers.labelled import (
    Match,
    Sort,
    ValuePattern,
    ValuePatternRecognizer,
    labelled,
)

PATTERNS = [
    pytest.param(pattern, int(recognizer.global_regex_flags), id=f"{recognizer.name}: {pattern.name}")
    for recognizer in selected(("shield", "national"), ("en",))
    if isinstance(recognizer, ValuePatternRecognizer)
    for pattern in recognizer.PATTERNS
]
WHOLE = [each for each in PATTERNS if each.values[0].longest]


@pytest.mark.parametrize(("pattern", "flags"), WHOLE)
def test_no_match_of_a_whole_text_is_longer_than_it_says(pattern: ValuePattern, flags: int) -> None:
    weakened = weaken(pattern.source, flags)
    assert weakened is not None
    assert weakened.max_width is not None
    assert weakened.max_width <= pattern.longest
    assert pattern.source.startswith(r"\A")
    assert pattern.source.endswith(r"\Z")


def test_a_label_is_scanned_for_where_a_word_begins() -> None:
    patterns: list[ValuePattern] = [each.values[0] for each in PATTERNS]
    labels = [each for each in patterns if each.scanned != each.trigger]
    assert len(labels) > 10
    for each in labels:
        assert each.scanned == rf"\b(?:{each.trigger})|_(?:{each.trigger})"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("badge 40771", "40771"),
        ("badge: 40771", "40771"),
        ("badge is 40771", "40771"),
        ("badge?\n40771", "40771"),
        ("your badge please?\nVisitor: yes, it's 40771", "40771"),
        ("badge?\n[10:04:11] guest: 40771", "40771"),
        ("my badge was changed to 40771", "40771"),
        ("the badge I have is wrong, it should be 40771", "40771"),
        ("badge 11 is wrong, 40771", None),
        ("badge?\nNo idea, I have 3 keys and 40771", None),
        ("is the badge lost? I paid 40771", None),
        ("badge was wrong. Order 40771", None),
    ],
)
def test_what_may_stand_between_a_label_and_its_value(text: str, value: str | None) -> None:
    found = regex.search(labelled("badge", r"\d{5}"), text, regex.IGNORECASE)
    assert (found and found["value"]) == value


class _Badges(ValuePatternRecognizer):
    """Two sorts of patterns of one score, of which only one asks for an even number."""

    EVEN, ANY = Sort("even", 0.5), Sort("any", 0.5)
    ENTITY = "BADGE"
    PATTERNS = (
        ValuePattern("even", labelled("even badge", r"\d{5}"), EVEN),
        ValuePattern("any", labelled("badge", r"\d{5}"), ANY),
    )

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        return 0.0 if sort == self.EVEN and int(value) % 2 else sort.score


@pytest.mark.parametrize(("text", "found"), [("even badge 40772", 2), ("even badge 40771", 1)])
def test_patterns_of_one_score_are_told_apart_by_their_sort(text: str, found: int) -> None:
    badges = _Badges()
    hits = [
        badges.hit(match, each.sort)
        for each in badges.PATTERNS
        for match in regex.finditer(each.source, text)
    ]
    assert len([hit for hit in hits if hit is not None]) == found
    engine = PatternEngine([badges])
    fired = engine.prefilter.fired(text.encode())
    assert [hit.score for hit in engine.analyze(text, text.encode(), frozenset({0}), fired=fired)] == [0.5]
    assert [result.score for result in badges.analyze(text, ["BADGE"])] == [0.5]
