"""Detection stopped before its end returns what it had found, and never covers more than the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shield.analyzer.attempt import Attempt
from shield.analyzer.engine import Analyzer
from shield.analyzer.passages import Passage
from shield.analyzer.resolver import resolve
from shield.domain import Check, Finding, OperatorSpec, Policy, Segment, no_check
from shield.errors import DeadlineExceededError

from .conftest import policy

WORDS = (
    "Maria Diaz",
    "4111 1111 1111 1111",
    "rosa@example.org",
    "192.0.2.7",
    "on",
    "call",
    "+1 415 555 0132",
)


class Guesses:
    """A model that finds the spans given by the test, passage by passage."""

    entities = frozenset({"PERSON", "LOCATION", "CREDIT_CARD"})
    digest = "guesses"
    latin_only = True
    recognizer = "Guesses"

    def __init__(self, guesses: Sequence[Sequence[Finding]] = ()) -> None:
        self.guesses = guesses

    def read(
        self, passages: Sequence[Passage], wanted: frozenset[str], check: Check = no_check
    ) -> Iterator[list[Finding]]:
        for number, passage in enumerate(passages):
            check()
            given = self.guesses[number % len(self.guesses)] if self.guesses else ()
            yield [it for it in given if it.end <= len(passage.text) and it.entity_type in wanted]


def with_model(analyzer: Analyzer, model: Guesses) -> Analyzer:
    return Analyzer(replace(analyzer._detectors, ner=model), "sha256:guesses")


def covered(text: str, findings: Iterable[Finding], under: Policy) -> set[int]:
    acted = [
        it for it in resolve(text, list(findings), under) if under.operators[it.entity_type].name != "keep"
    ]
    return {place for finding in acted for place in range(finding.start, finding.end)}


FINDINGS = st.builds(
    lambda start, size, entity, score: Finding(start, start + size, entity, score, "Guesses"),
    st.integers(0, 40),
    st.integers(1, 20),
    st.sampled_from(sorted(Guesses.entities)),
    st.sampled_from([0.3, 0.6, 1.0]),
)
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join), min_size=1, max_size=4)
POLICIES = st.sampled_from(
    [
        policy(),
        policy("CREDIT_CARD", "PERSON"),
        policy(score_threshold=0.9),
        Policy("mixed", "sha256:1", {"PERSON": OperatorSpec("keep"), "CREDIT_CARD": OperatorSpec("mask"),
                                     "EMAIL_ADDRESS": OperatorSpec("replace")}),
    ]
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    texts=TEXTS,
    guesses=st.lists(st.lists(FINDINGS, max_size=3), max_size=4),
    under=POLICIES,
    stop=st.integers(0, 6),
)
def test_what_is_found_in_part_never_covers_more_than_what_is_found_in_full(
    patterns_only: Analyzer, texts: list[str], guesses: list[list[Finding]], under: Policy, stop: int
) -> None:
    analyzer = with_model(patterns_only, Guesses(guesses))
    segments = [Segment(place, text) for place, text in enumerate(texts)]
    full = analyzer.analyze(segments, under)
    alone = analyzer.patterns_alone(segments, under)
    asked = 0

    def rest() -> None:
        nonlocal asked
        asked += 1
        if asked > stop:
            raise DeadlineExceededError

    attempt = Attempt(rest)
    try:
        analyzer.analyze(segments, under, attempt=attempt)
    except DeadlineExceededError:
        assert attempt.past_patterns
    settled = attempt.settled()
    assert settled.found is not None
    for text, least, part, whole in zip(texts, alone, settled.found, full, strict=True):
        assert covered(text, least, under) <= covered(text, part, under) <= covered(text, whole, under)


def test_with_the_rest_given_up_at_once_it_is_the_patterns_result(patterns_only: Analyzer) -> None:
    def over() -> None:
        raise DeadlineExceededError

    analyzer = with_model(patterns_only, Guesses([[Finding(0, 5, "PERSON", 1.0, "Guesses")]]))
    segments = [Segment(0, "Maria pays with 4111 1111 1111 1111"), Segment(1, "rosa@example.org")]
    attempt = Attempt(over)
    with pytest.raises(DeadlineExceededError):
        analyzer.analyze(segments, policy(), attempt=attempt)
    settled = attempt.settled()
    assert settled.reduced
    assert settled.found == analyzer.patterns_alone(segments, policy())
    assert [[it.entity_type for it in found] for found in settled.found] == [
        ["CREDIT_CARD"],
        ["EMAIL_ADDRESS"],
    ]


def test_what_settled_is_not_changed_by_what_goes_on(patterns_only: Analyzer) -> None:
    attempt = Attempt()
    found = [[Finding(0, 1, "PERSON", 1.0, "R")]]
    attempt.begin_rest(found)
    settled = attempt.settled()
    found[0].append(Finding(1, 2, "PERSON", 1.0, "R"))
    assert settled.found == [[Finding(0, 1, "PERSON", 1.0, "R")]]
    attempt.done = True
    assert not attempt.past_patterns


def test_known_findings_are_the_result_where_nothing_else_runs(patterns_only: Analyzer) -> None:
    known = {0: [Finding(0, 5, "PERSON", 1.0, "Guesses")]}
    segments = [Segment(0, "Maria, 4111 1111 1111 1111"), Segment(1, "4111 1111 1111 1111")]
    alone = patterns_only.patterns_alone(segments, policy(), known=known)
    assert alone[0] == known[0]
    assert alone == patterns_only.analyze(segments, policy(), known=known)
    assert patterns_only.is_quick
    assert not with_model(patterns_only, Guesses()).is_quick
