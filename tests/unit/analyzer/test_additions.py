"""What a later detector adds to the findings, and which of its additions are not taken."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.analyzer.additions import KINDS_OF_NUMBERS, Named, add, unnamed
from shield.analyzer.views.view import Draft, View
from shield.domain import Finding, OperatorSpec, Policy

_FINDINGS = st.lists(
    st.builds(
        lambda start, size, kind, score: Finding(start, start + size, kind, score, "r"),
        st.integers(0, 20),
        st.integers(1, 8),
        st.sampled_from(["PERSON", "POSTCODE", "PIN"]),
        st.sampled_from([0.3, 0.5, 0.9]),
    ),
    max_size=12,
)


@given(_FINDINGS, _FINDINGS)
def test_a_number_that_lies_in_one_that_a_rule_named_is_left_out(
    by_model: list[Finding], by_rule: list[Finding]
) -> None:
    expected = [
        finding
        for finding in by_model
        if finding.entity_type not in KINDS_OF_NUMBERS
        or not any(
            each.start <= finding.start and finding.end <= each.end for each in by_rule if each.score >= 0.5
        )
    ]
    assert unnamed(by_model, Named(by_rule), by_rule, Policy("test", "", {})) == expected


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ({}, False),
        ({"score_threshold": 0.7}, True),
        ({"thresholds": {"US_BANK_NUMBER": 0.7}}, True),
        ({"score_threshold": 0.7, "thresholds": {"US_BANK_NUMBER": 0.6}}, False),
        # The policy does not name the type, but the rule still knows what the number is.
        ({"score_threshold": 0.7, "operators": {"ACCOUNT_NUMBER": OperatorSpec("replace")}}, False),
    ],
)
def test_what_a_policy_asks_more_of_than_a_rule_gives_names_nothing(changes, left: bool) -> None:
    rule = Finding(10, 22, "US_BANK_NUMBER", 0.6, "Rule")
    model = Finding(10, 22, "ACCOUNT_NUMBER", 0.98, "Model")
    types = ("US_BANK_NUMBER", "ACCOUNT_NUMBER")
    policy = replace(Policy("test", "", dict.fromkeys(types, OperatorSpec("replace"))), **changes)
    assert unnamed([model], Named([rule], policy), [rule], policy) == ([model] if left else [])


def test_what_is_in_a_cell_that_its_column_names_is_no_finding_of_the_model() -> None:
    cell = Finding(10, 20, "DATE_OF_BIRTH", 0.85, "Rule", "table")
    within = Finding(10, 20, "STREET_ADDRESS", 0.9, "Model")
    beyond = Finding(10, 24, "STREET_ADDRESS", 0.9, "Model")
    replaced = Policy("test", "", {"DATE_OF_BIRTH": OperatorSpec("replace")})
    assert unnamed([within, beyond], Named([cell]), [cell], replaced) == [beyond]
    elsewhere = [cell._replace(view="raw")]
    assert unnamed([within], Named(elsewhere), elsewhere, replaced) == [within]
    for other in (
        replace(replaced, operators={"DATE_OF_BIRTH": OperatorSpec("keep")}),
        replace(replaced, operators={}),
        replace(replaced, score_threshold=0.9),
        replace(replaced, thresholds={"DATE_OF_BIRTH": 0.9}),
    ):
        assert unnamed([within], Named([cell]), [cell], other) == [within]


def _view(name: str) -> View:
    """Reads "pay four two to Jo" as "pay 42 to Jo"."""
    draft = Draft("pay four two to Jo")
    draft.put(4, 12, "42")
    view = draft.view(name)
    assert view is not None
    return view


SPOKEN, FOLDED = "spoken", "folded"
NUMBER = Finding(4, 6, "PIN", 0.5, "Rule")
UNSURE, VAGUE_ONE = NUMBER._replace(score=0.49), NUMBER._replace(entity_type="PERSON")
UNCHANGED = Finding(7, 9, "PIN", 0.9, "Rule")


@pytest.mark.parametrize(
    ("name", "finding", "raw"),
    [
        (SPOKEN, NUMBER, (4, 12)),
        (SPOKEN, UNSURE, None),
        (SPOKEN, VAGUE_ONE, None),
        (SPOKEN, UNCHANGED, None),
        (FOLDED, UNSURE, (4, 12)),
        (FOLDED, VAGUE_ONE, (4, 12)),
        (FOLDED, UNCHANGED, (13, 15)),
    ],
)
def test_where_words_are_read_as_numbers_only_what_is_sure_and_was_read_so_counts(
    name: str, finding: Finding, raw: tuple[int, int] | None
) -> None:
    found: list[Finding] = []
    add(found, _view(name), [finding])
    expected = [] if raw is None else [finding._replace(start=raw[0], end=raw[1], view=name)]
    assert found == expected


@pytest.mark.parametrize(("score", "added"), [(0.4, True), (0.5, False), (0.6, False)])
def test_what_is_known_is_added_again_only_with_a_better_score(score: float, added: bool) -> None:
    known = Finding(4, 12, "PIN", score, "Rule")
    found = [known]
    add(found, _view(FOLDED), [NUMBER, NUMBER])
    assert len(found) == (2 if added else 1)
    other = [known._replace(entity_type="AGE"), known._replace(end=11), known._replace(start=3)]
    add(other, _view(FOLDED), [NUMBER])
    assert len(other) == 4


def test_a_cell_counts_at_the_threshold_of_its_type() -> None:
    cell = Finding(10, 20, "DATE_OF_BIRTH", 0.85, "Rule", "table")
    within = Finding(10, 20, "STREET_ADDRESS", 0.9, "Model")
    policy = Policy("test", "", {"DATE_OF_BIRTH": OperatorSpec("replace")}, score_threshold=0.85)
    assert unnamed([within], Named([cell]), [cell], policy) == []
