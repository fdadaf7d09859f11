"""However a text is sliced, the findings are the same, wherever that can be a law.

A segment's findings by rule depend on the segment alone: NDJSON lines give the findings of one array of them.
Only what is read over several texts (the view `joined`) may come to them: a number that a label in one text
makes personal is found again in the others (`recurring_numbers`).
A finding depends on a bounded part of its text: paragraphs farther apart than any pattern or label reaches
give, as they are written, the findings of each by itself, and never fewer in any reading. (They may give
more: a disguise in one paragraph makes the whole text be read that way.)
"""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shield.analyzer.engine import Analyzer
from shield.analyzer.layouts.joined import JOINED
from shield.analyzer.passages import SHORT
from shield.domain import DetectorSpec, Finding, Segment
from tests.unit.analyzer.built import analyzer_of
from tests.unit.analyzer.conftest import policy
from tests.unit.analyzer.test_differential import VALUES

SPEC = DetectorSpec(model="none", recognizers=("default", "shield", "national"))
APART = "\n\n" + "the meadow lay quiet under a pale sky and nobody came by for a while. " * 12 + "\n\n"
WORDS = [
    "my card is",
    "ssn:",
    "password is",
    "hunter22",
    "dob",
    "born on",
    "call me on",
    "4155550132",
    "the order",
    "iban",
    "pin",
    "4829",
    ",",
    "\n",
    ". ",
    "four one",
    "h u n t e r 2 2",
    "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
    "&#52;111 1111 1111 1111",
    "zip",
    "90210",
    "account number",
    "12 Main Street",
    "é",
]
PARAGRAPHS = st.lists(st.sampled_from([*VALUES, *WORDS]), min_size=1, max_size=9).map(" ".join)


@pytest.fixture(scope="module")
def rules() -> Analyzer:
    return analyzer_of(SPEC)


Places = list[tuple[int, int, str, float, str, str]]


def _places(findings: list[Finding], shift: int = 0) -> Places:
    return sorted(
        (f.start + shift, f.end + shift, f.entity_type, f.score, f.recognizer, f.view) for f in findings
    )


def _alone(analyzer: Analyzer, text: str) -> list[Finding]:
    return analyzer.analyze([Segment(0, text)], policy(*analyzer.supported_entities))[0]


@settings(max_examples=25)
@given(texts=st.lists(PARAGRAPHS, min_size=2, max_size=5))
@example(texts=["4111 1111 1111 1111 4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "account number 4111 1111 1111 1111"])
def test_segments_together_find_what_each_finds_alone(rules: Analyzer, texts: list[str]) -> None:
    segments = [Segment(place, text) for place, text in enumerate(texts)]
    together = rules.analyze(segments, policy(*rules.supported_entities))
    by_themselves = [[each for each in found if each.view != JOINED] for found in together]
    assert list(map(_places, by_themselves)) == [_places(_alone(rules, text)) for text in texts]


@settings(max_examples=25)
@given(first=PARAGRAPHS, second=PARAGRAPHS)
def test_paragraphs_beyond_reach_find_what_each_finds_alone(rules: Analyzer, first: str, second: str) -> None:
    first, second = first + ".", second + "."
    shift = len(first) + len(APART)
    joined = _alone(rules, first + APART + second)
    alone = _places(_alone(rules, first)) + _places(_alone(rules, second), shift)
    assert [each for each in _places(joined) if each[-1] == "raw"] == sorted(
        each for each in alone if each[-1] == "raw"
    )
    covered = {(f.entity_type, place) for f in joined for place in range(f.start, f.end)}
    assert {(entity, place) for start, end, entity, *_ in alone for place in range(start, end)} <= covered


@pytest.mark.parametrize("model", ["fast", "cascade", "accurate"])
def test_the_model_reads_long_segments_by_themselves(model: str) -> None:
    analyzer = analyzer_of(DetectorSpec(model=model, recognizers=("default", "shield")))
    texts = [
        "hi my name is kavita ramanathan and i live at 12 Elm Street, Springfield, with my cat and two dogs",
        "my name is jon w smith, the last four of my social are 5343, and i was born on the 4th of May 1980",
        "the parcel went to Lagos instead of Enugu, please call Chinedu Okafor on 415-555-0132 about it soon",
    ]
    assert min(map(len, texts)) > SHORT
    segments = [Segment(place, text) for place, text in enumerate(texts)]
    together = analyzer.analyze(segments, policy(*analyzer.supported_entities))
    assert [_places(each) for each in together] == [_places(_alone(analyzer, text)) for text in texts]
    assert all(together)
