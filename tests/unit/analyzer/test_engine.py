"""Which detectors run on which segments, how names around them count, and that nothing fails silently."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer, RecognizerResult
from presidio_analyzer.predefined_recognizers import CreditCardRecognizer, UsSsnRecognizer

from shield.analyzer.engine import Analyzer
from shield.analyzer.expressions.folded import fold
from shield.analyzer.patterns import PatternEngine
from shield.domain import DenyRule, DetectorSpec, Segment, SegmentKind
from shield.errors import DeadlineExceededError, DetectionIncompleteError, ResourcesExhaustedError
from tests.unit.analyzer.built import analyzer_of, new_analyzer
from tests.unit.analyzer.conftest import found, policy, segment

MAIL = "maria.garcia@example.com"


@pytest.mark.parametrize("kind", [kind for kind in SegmentKind if kind is not SegmentKind.LITERAL])
def test_patterns_run_on_every_kind_but_literals(full: Analyzer, kind: SegmentKind) -> None:
    assert found(full, segment(MAIL, kind=kind)) == [("EMAIL_ADDRESS", MAIL)]


def test_literals_are_not_inspected(full: Analyzer) -> None:
    assert full.analyze([segment("true", kind=SegmentKind.LITERAL)], policy()) == [[]]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (SegmentKind.TEXT, True),
        (SegmentKind.PARAMETER, True),
        (SegmentKind.KEY, True),
        (SegmentKind.PATH, False),
        (SegmentKind.NUMBER, False),
    ],
)
def test_the_model_reads_prose(full: Analyzer, kind: SegmentKind, expected: bool) -> None:
    assert bool(found(full, segment("Maria Garcia", kind=kind))) is expected


@pytest.mark.parametrize("key", ["first_name", "Maria", "lastName", "customer-garcia", "Paris"])
def test_an_identifier_as_key_is_never_a_name(full: Analyzer, key: str) -> None:
    assert found(full, segment(key, key, kind=SegmentKind.KEY)) == []


@pytest.mark.parametrize("kind", [SegmentKind.TEXT, SegmentKind.NUMBER])
@pytest.mark.parametrize(
    ("key", "value", "entity"),
    [
        ("ssn", "536221234", "US_SSN"),
        ("customerSsn", "536221234", "US_SSN"),
        ("social_security_number", "536221234", "US_SSN"),
        ("passport-number", "123456789", "US_PASSPORT"),
        ("account", "12345678901", "US_BANK_NUMBER"),
        ("bankAccountNumber", "12345678901", "US_BANK_NUMBER"),
        ("phone", "4155550132", "PHONE_NUMBER"),
        ("nhs_number", "9434765919", "UK_NHS"),
        ("itin", "912701234", "US_ITIN"),
    ],
)
def test_the_name_of_a_member_is_context(
    full: Analyzer, key: str, value: str, entity: str, kind: SegmentKind
) -> None:
    assert found(full, segment(value, "ticket", key, kind=kind)) == [(entity, value)]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("account_id", "12345678901"),
        ("created_at", "1700000011"),
        ("total", "536221234"),
        ("order_number", "4155550132"),
        ("id", "9434765919"),
    ],
)
def test_numbers_under_other_names_stay(full: Analyzer, key: str, value: str) -> None:
    assert found(full, segment(value, "ticket", key, kind=SegmentKind.NUMBER)) == []


def test_results_are_aligned_with_the_segments(full: Analyzer) -> None:
    texts = ["nothing here", MAIL, "", "Maria Garcia called", MAIL]
    segments = [Segment(i, text) for i, text in enumerate(texts)]
    results = full.analyze(segments, policy("EMAIL_ADDRESS", "PERSON"))
    assert [sorted({f.entity_type for f in findings}) for findings in results] == [
        [],
        ["EMAIL_ADDRESS"],
        [],
        ["PERSON"],
        ["EMAIL_ADDRESS"],
    ]


def test_only_types_that_the_policy_names_are_looked_for(full: Analyzer) -> None:
    findings = full.analyze([segment(f"{MAIL} Maria Garcia 415-555-0132")], policy("EMAIL_ADDRESS"))[0]
    assert {finding.entity_type for finding in findings} == {"EMAIL_ADDRESS"}


def test_the_check_is_called_and_passes_through(full: Analyzer) -> None:
    def late() -> None:
        raise DeadlineExceededError

    with pytest.raises(DeadlineExceededError):
        full.analyze([segment("Maria Garcia")], policy(), late)


class Raising(EntityRecognizer):
    def __init__(self, error: BaseException | None = None, result: Any = ()) -> None:
        self._error, self._result = error, result
        super().__init__(["SECRET"], name="Raising")

    def load(self) -> None:
        pass

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> Any:
        if self._error is not None:
            raise self._error
        return self._result


@pytest.mark.parametrize("result", [None, 3, [object()]])
def test_a_recognizer_with_no_proper_result_makes_the_detection_incomplete(result: Any) -> None:
    analyzer = new_analyzer(DetectorSpec(model="none", recognizers=()), [Raising(result=result)])
    with pytest.raises(DetectionIncompleteError, match="recognizer Raising failed") as caught:
        analyzer.analyze([segment("x y")], policy("SECRET"))
    assert caught.value.recognizer == "Raising"
    assert "Raising" in analyzer.recognizers


@pytest.mark.parametrize("kind", [ValueError, SystemExit, GeneratorExit])
def test_a_recognizer_that_raises_makes_the_detection_incomplete_and_shows_no_text(
    kind: type[BaseException],
) -> None:
    analyzer = new_analyzer(DetectorSpec(model="none", recognizers=()), [Raising(kind(MAIL))])
    with pytest.raises(DetectionIncompleteError) as caught:
        analyzer.analyze([segment(MAIL)], policy("SECRET"))
    assert MAIL not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


class Word(EntityRecognizer):
    """Finds the first `tulip`, if there is one."""

    def load(self) -> None:
        pass

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any) -> list[RecognizerResult]:
        at = text.find("tulip")
        return [RecognizerResult("FLOWER", at, at + 5, 0.7)] if at >= 0 else []


@pytest.mark.parametrize(
    ("value", "view"),
    [
        ("tulip", "raw"),
        ("\uff54\uff55\uff4c\uff49\uff50", "folded"),
        ("tu\u200blip", "folded"),
        ("YSB0dWxpcCA0IHlvdXIgZ2FyZGVu", "decoded"),
    ],
)
def test_a_users_recognizer_reads_the_written_readings_too(value: str, view: str) -> None:
    analyzer = new_analyzer(
        DetectorSpec(model="none", recognizers=("default", "Word")), [Word(["FLOWER"], name="Word")]
    )
    text = f"here is {value} for you"
    findings = analyzer.analyze([segment(text)], policy("FLOWER"))[0]
    assert [(f.entity_type, f.view, text[f.start : f.end]) for f in findings] == [("FLOWER", view, value)]


@pytest.mark.parametrize("span", [(-1, 2), (0, 4), (3, 2)])
def test_a_recognizer_that_points_outside_the_text_makes_the_detection_incomplete(
    span: tuple[int, int],
) -> None:
    result = RecognizerResult("SECRET", 0, 1, 0.5)
    result.start, result.end = span
    analyzer = new_analyzer(DetectorSpec(model="none", recognizers=()), [Raising(result=[result])])
    with pytest.raises(DetectionIncompleteError, match="recognizer Raising failed"):
        analyzer.analyze([segment("x y")], policy("SECRET"))


@pytest.mark.parametrize("score", [math.nan, math.inf, -0.1, 1.1, "much"])
def test_a_recognizer_that_gives_no_score_makes_the_detection_incomplete(score: Any) -> None:
    result = RecognizerResult("SECRET", 0, 1, 0.5)
    result.score = score
    analyzer = new_analyzer(DetectorSpec(model="none", recognizers=()), [Raising(result=[result])])
    with pytest.raises(DetectionIncompleteError, match="recognizer Raising failed"):
        analyzer.analyze([segment("x y")], policy("SECRET"))


def test_a_users_recognizer_is_called_with_the_text() -> None:
    analyzer = new_analyzer(
        DetectorSpec(model="none", recognizers=("default", "Word")), [Word(["FLOWER"], name="Word")]
    )
    assert found(analyzer, segment("a tulip"), policy("FLOWER")) == [("FLOWER", "tulip")]
    assert "FLOWER" in analyzer.supported_entities


def test_a_users_pattern_recognizer_joins_the_fast_engine() -> None:
    mine = PatternRecognizer("BADGE", name="Badge", patterns=[Pattern("b", r"\bB-\d{4}\b", 0.7)])
    analyzer = new_analyzer(DetectorSpec(model="none", recognizers=()), [mine])
    assert found(analyzer, segment("badge B-1234"), policy("BADGE")) == [("BADGE", "B-1234")]


def test_a_pattern_that_exceeds_its_time_raises() -> None:
    slow = PatternRecognizer("X", name="Slow", patterns=[Pattern("s", r"(a|aa|aaa)+(?<!a)b", 0.5)])
    engine = PatternEngine([slow], timeout=0.05)
    text = "a" * 60 + "b"
    with pytest.raises(DetectionIncompleteError, match="recognizer Slow failed"):
        engine.analyze(text, fold(text), frozenset({0}))


def test_a_pattern_without_memory_is_no_doubt_about_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = PatternEngine([PatternRecognizer("X", name="Mine", patterns=[Pattern("s", "abc", 0.5)])])

    def fails(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(engine, "_recognize", fails)
    with pytest.raises(ResourcesExhaustedError):
        engine.analyze("abc", fold("abc"), frozenset({0}))


def test_two_threads_at_once_find_the_same(full: Analyzer) -> None:
    segments = [
        Segment(i, f"I am Maria Garcia, {MAIL}, 415-555-01{i:02d}, GB82 WEST 1234 5698 7654 32")
        for i in range(12)
    ]
    under = policy(deny=(DenyRule(("tulip",), "PERSON"),))
    expected = full.analyze(segments, under)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: full.analyze(segments, under), range(12)))
    assert all(result == expected for result in results)


@pytest.mark.parametrize(
    "text",
    [
        "1" * 1_000_000,
        "." * 4_000,
        "a." * 20_000,
        "a@" * 20_000,
        "1 2 3 4 " * 2_000,
        "(" * 10_000,
        "+" * 10_000,
        "-1" * 5_000,
        "x" * 300_000,
        "Aa1" * 30_000,
        "0:" * 5_000,
        "GB82 " * 5_000,
        "\ud800" * 1_000,
        "é" * 100_000,
        "a.a.a.a@example " * 2_000,
    ],
    ids=lambda text: ascii(text[:6]),
)
def test_hostile_texts_are_read_to_their_end(patterns_only: Analyzer, text: str) -> None:
    planted = f"{text} {MAIL} \n"
    assert ("EMAIL_ADDRESS", MAIL) in found(patterns_only, segment(planted))


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_any_text_is_read_with_findings_inside_it(text: str) -> None:
    analyzer = _patterns()
    for finding in analyzer.analyze([segment(text, "note")], policy())[0]:
        assert 0 <= finding.start < finding.end <= len(text)
        assert 0 < finding.score <= 1


_BUILT: list[Analyzer] = []


def test_expressions_are_compiled_step_by_step_until_none_is_left() -> None:
    engine = PatternEngine([UsSsnRecognizer(), CreditCardRecognizer()])
    left = sum(each.expression.known is None for each in engine._patterns)
    assert left == len(list(engine.compiling())) > 1
    assert all(each.expression.known is not None for each in engine._patterns)
    assert not list(engine.compiling())


def _patterns() -> Analyzer:
    if not _BUILT:
        _BUILT.append(analyzer_of(DetectorSpec(model="none")))
    return _BUILT[0]


def test_what_finds_is_among_the_names_that_the_analyzer_gives(full: Analyzer) -> None:
    wanted = policy(*full.supported_entities, deny=(DenyRule(("opossum",), "PERSON"),))
    text = f"Maria Garcia, {MAIL}, 415-555-0132, 4111 1111 1111 1111, opossum"
    by_name = segment("Maria Garcia", "name")
    found_by = {f.recognizer for each in full.analyze([segment(text), by_name], wanted) for f in each}
    assert len(found_by) > 4
    assert found_by <= full.recognizers
