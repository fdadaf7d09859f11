from __future__ import annotations

import itertools
from collections import Counter

import pytest

from shield.analyzer.engine import Analyzer
from shield.analyzer.timed import PARTS, timed
from shield.domain import DenyRule, DetectorSpec, OperatorSpec, Policy, Segment, SegmentKind
from shield.errors import DetectionIncompleteError
from tests.unit.analyzer.built import analyzer_of

SPEC = DetectorSpec(("en",), "fast", ("default", "shield"))
TEXTS = (
    "Hi, I am Maria Garcia, maria@example.com, 415-555-0132, card 4111 1111 1111 1111.",
    "my number is four one five five five five zero one three two",
    "GB82 WEST 1234 5698 7654 32 and 536-22-1234, born 3 May 1981, from 203.0.113.7",
    "nothing at all",
    "",
)


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return analyzer_of(SPEC)


@pytest.fixture(scope="module")
def policy(analyzer: Analyzer) -> Policy:
    operators = dict.fromkeys(analyzer.supported_entities, OperatorSpec("replace"))
    return Policy("all", "", operators, deny=(DenyRule(("nothing",), "PERSON"),))


def segments() -> list[Segment]:
    return [
        *(Segment(place, text) for place, text in enumerate(TEXTS)),
        Segment(len(TEXTS), "4111111111111111", ("card",), SegmentKind.NUMBER),
    ]


def test_the_findings_are_those_of_the_analyzer(analyzer: Analyzer, policy: Policy) -> None:
    noted: Counter[str] = Counter()
    ticks = itertools.count()
    other = timed(analyzer, lambda: float(next(ticks)), lambda name, took: noted.update({name: int(took)}))
    assert other.analyze(segments(), policy) == analyzer.analyze(segments(), policy)
    assert other.patterns_alone(segments(), policy) == analyzer.patterns_alone(segments(), policy)
    assert (other.digest, other.recognizers) == (analyzer.digest, analyzer.recognizers)
    assert other.supported_entities == analyzer.supported_entities
    assert other.is_quick is analyzer.is_quick
    assert noted.keys() <= {*analyzer.recognizers, *PARTS}
    assert {"scan", "views", "PhoneRecognizer", "EmailRecognizer", "CreditCardRecognizer"} <= noted.keys()
    assert any("Tagger" in name or "fast" in name.lower() for name in noted), noted
    assert all(took > 0 for took in noted.values())


def test_a_recognizer_that_fails_does_so_in_the_same_way(analyzer: Analyzer, policy: Policy) -> None:
    def fails() -> None:
        raise DetectionIncompleteError(recognizer="stopped")

    other = timed(analyzer, lambda: 0.0, lambda *_: None)
    with pytest.raises(DetectionIncompleteError, match="stopped"):
        other.analyze(segments(), policy, fails)
