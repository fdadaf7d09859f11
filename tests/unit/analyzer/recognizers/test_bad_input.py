"""Texts crafted against the patterns cause no crash and no work that grows faster than the text.

Work is asserted, not time: no search may be unbounded (`test_table`), and these texts are so long that
anything quadratic would never finish.
"""

# ruff: noqa: E501, SIM905  # patterns and tables, one a line; tables of words read best as prose
from __future__ import annotations

import pytest

from shield.analyzer.catalogue import selected
from shield.analyzer.expressions.folded import fold
from shield.analyzer.patterns import PatternEngine
from shield.analyzer.recognizers.ours import OURS
from tests.unit.analyzer.built import engine_of


@pytest.fixture(scope="module")
def engine() -> PatternEngine:
    return engine_of(selected(("shield",), ("en",)))  # as the group's engine, which other tests share


@pytest.mark.parametrize(
    "piece",
    "1|.|a|4,|12 main |password |address 12 |rue |1 rue |calle a |eyJ|secret=|-----BEGIN |@a|0x|12/12/|token |1 |\n|é|\ud800|"
    "12 a b c d |account 1|dob |st |1 st |xoxb-|://:|lat |ssn 4 |C/ a ".split("|"),
)
def test_long_and_hostile(engine: PatternEngine, piece: str) -> None:
    text = (piece * (100_000 // len(piece)))[:100_000]
    everything = frozenset(range(len(engine.recognizers)))
    assert len(everything) == len(OURS)
    for hit in engine.analyze(text, fold(text), everything):
        assert 0 <= hit.start < hit.end <= len(text)
        assert 0.0 < hit.score <= 1.0
