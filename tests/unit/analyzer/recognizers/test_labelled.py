"""What a `ValuePattern` says of itself holds."""

from __future__ import annotations

import pytest

from shield.analyzer.catalogue import selected
from shield.analyzer.recognizers.labelled import ValuePattern, ValuePatternRecognizer
from shield.analyzer.weaken import weaken

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
