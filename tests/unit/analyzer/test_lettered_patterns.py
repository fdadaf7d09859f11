"""Recognizers of other letters find what their own `analyze` finds, and fail as all others do."""

# letters of other writing systems
from __future__ import annotations

from typing import Any

import pytest

from shield.analyzer.catalogue import selected
from shield.analyzer.lettered_patterns import LetteredPatterns, may_hold
from shield.analyzer.patterns import is_plain
from shield.analyzer.recognizers.labelled import (
    Match,
    Sort,
    ValuePattern,
    ValuePatternRecognizer,
    is_lettered,
)
from shield.domain import no_check
from shield.errors import DetectionIncompleteError
from tests.unit.analyzer.recognizers.test_other_scripts import FOUND

ALL = [each for each in selected(("shield",), ("en",)) if is_lettered(each)]
TYPES = frozenset(str(each.supported_entities[0]) for each in ALL)


class Failing(ValuePatternRecognizer):
    ENTITY = "PERSON"
    PATTERNS = (ValuePattern("any", "(?P<value>ア+)", 0.5, letters="ア"),)

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        raise ValueError(value)


def hits(patterns: LetteredPatterns, text: str) -> set[tuple[Any, ...]]:
    return {(patterns.names[hit.recognizer], *hit[1:]) for hit in patterns.analyze(text, TYPES, no_check)}


def test_they_are_run_apart_from_the_others() -> None:
    assert len(ALL) >= 8
    assert not any(map(is_plain, ALL))


@pytest.mark.parametrize("text", [text for text, _, _ in FOUND])
def test_the_findings_are_those_of_each_recognizer(text: str) -> None:
    expected = {
        (each.name, result.start, result.end, result.score)
        for each in ALL
        for result in each.analyze(text, each.supported_entities)
    }
    assert hits(LetteredPatterns(ALL), text) == expected


def test_only_what_a_policy_names_is_looked_for() -> None:
    patterns = LetteredPatterns(ALL)
    assert not patterns.analyze("我叫王小明", {"PASSWORD"}, no_check)
    assert patterns.analyze("我叫王小明", {"PERSON"}, no_check)


@pytest.mark.parametrize(
    ("text", "may"), [("Müller", False), ("", False), ("Жук", True), ("ア", True), ("😀", False)]
)
def test_which_texts_are_read(text: str, may: bool) -> None:  # a table
    assert may_hold(text) is may


def test_a_recognizer_that_raises_makes_the_detection_incomplete() -> None:
    patterns = LetteredPatterns([Failing()])
    assert not patterns.analyze("no such letter", {"PERSON"}, no_check)
    with pytest.raises(DetectionIncompleteError) as raised:
        patterns.analyze("アア", {"PERSON"}, no_check)
    assert "ア" not in str(raised.value)


def test_all_can_be_compiled_beforehand() -> None:
    patterns = LetteredPatterns(ALL)
    assert len(list(patterns.compiling())) == sum(len(each.patterns) for each in ALL)
