"""What a later detector adds to the findings, and which of its additions are not taken."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.analyzer.additions import (
    KINDS_OF_NUMBERS,
    PIECE,
    Named,
    beside_markup,
    between_signs,
    between_tags,
    unnamed,
    with_mentions,
)
from shield.domain import Finding, OperatorSpec, Policy


@pytest.mark.parametrize(
    ("text", "found", "left"),
    [
        ("x &lt;jon@x.org&gt;", "lt;jon@x.org&", "jon@x.org"),
        ("x &lt;jon@x.org&gt;", "lt", ""),
        ("Jon &amp; Mary", "Jon &amp; Mary", "Jon &amp; Mary"),
        ("a&nbsp;Jon&nbsp;b", "nbsp;Jon&nbsp", "Jon"),
        ("&#39;Jon&#39;", "Jon&#39", "Jon"),
        ("Q&A; Jon", "A; Jon", "A; Jon"),
        ("no sign Jon", "Jon", "Jon"),
        ("<p>Jon</p>", "p>Jon</", "Jon"),
        ("<p>Jon<br/>Doe</p>", "Jon<br/>Doe", "Jon<br/>Doe"),
        ('<img alt="Jon">', 'Jon">', 'Jon">'),
        ("a<br >Jon", "br >Jon", "Jon"),
    ],
)
def test_a_finding_leaves_out_the_markup_at_its_ends(text: str, found: str, left: str) -> None:
    start = text.index(found)
    findings = beside_markup([Finding(start, start + len(found), "PERSON", 0.9, "Test")], text)
    assert [text[each.start : each.end] for each in findings] == ([left] if left else [])


@pytest.mark.parametrize(
    ("text", "kind", "found", "left"),
    [
        ("user=jdoe msg=bad", "PERSON", "user=jdoe msg", ["jdoe"]),
        ("ssn=536221234;", "US_SSN", "ssn=536221234;", ["536221234"]),
        ("a=b Ana", "PERSON", "Ana", ["Ana"]),
        ("**Ana** *Lima*", "PERSON", "**Ana** *Lima*", ["Ana", "Lima"]),
        ("pass a=b*c", "PASSWORD", "a=b*c", ["a=b*c"]),
        ("eW91cg==", "PERSON", "eW91cg==", ["eW91cg=="]),
    ],
)
def test_a_finding_leaves_out_keys_and_marks_of_markdown(
    text: str, kind: str, found: str, left: list[str]
) -> None:
    start = text.index(found)
    findings = between_signs([Finding(start, start + len(found), kind, 0.9, "Test")], text)
    assert [text[each.start : each.end] for each in findings] == left


@pytest.mark.parametrize(
    ("text", "found", "left"),
    [
        ("cc @Ana Lima", "Lima", "Ana Lima"),
        ("cc @Ana  Lima", "Lima", "Lima"),
        ("mail a@Ana Lima", "Lima", "Lima"),
        ("Ana Lima", "Lima", "Lima"),
    ],
)
def test_a_name_begins_with_its_mention(text: str, found: str, left: str) -> None:
    start = text.index(found)
    findings = with_mentions([Finding(start, start + len(found), "PERSON", 0.9, "Test")], text)
    assert [text[each.start : each.end] for each in findings] == [left]


@pytest.mark.parametrize(
    ("text", "kind", "left"),
    [
        ("<strong>Dele</strong> <em>Adeyemi", "PERSON", ["Dele", "Adeyemi"]),
        ('Dele <a href="/x?y=1">Adeyemi', "PERSON", ["Dele", "Adeyemi"]),
        ("Ma<b>ri</b>a", "PERSON", ["Ma", "ri", "a"]),
        ("12 Elm Street</td><td>Leeds", "STREET_ADDRESS", ["12 Elm Street", "Leeds"]),
        ("a < b and c > d", "LOCATION", ["a < b and c > d"]),
        ("<br>", "PERSON", []),
        ("4111 <b>1111</b> 1111 1111", "CREDIT_CARD", ["4111 <b>1111</b> 1111 1111"]),
    ],
)
def test_a_name_is_redacted_between_tags_and_a_number_whole(text: str, kind: str, left: list[str]) -> None:
    found = between_tags([Finding(0, len(text), kind, 0.9, "Test")], text)
    assert [text[each.start : each.end] for each in found] == left


@pytest.mark.parametrize(
    ("text", "found", "left"),
    [
        ("<p>at: <b>212</b> 555 0143</p>", "212</b> 555 0143", "<b>212</b> 555 0143"),
        ("<p>at: 212 <b>555 0143</b></p>", "212 <b>555 0143", "212 <b>555 0143</b>"),
        ("<p>212 <i><b>555<br>0143</b></i></p>", "212 <i><b>555<br>0143", "212 <i><b>555<br>0143</b></i>"),
        ("<i><b>212</b></i> 555", "212</b></i> 555", "<i><b>212</b></i> 555"),
        ("<b>212 <i>555</i></b>", "212 <i>555", "212 <i>555</i>"),
        ("<b>212 <i>555</i> 0143</b>", "212 <i>555</i> 0143", "212 <i>555</i> 0143"),
    ],
)
def test_a_number_takes_along_the_other_half_of_a_tag(text: str, found: str, left: str) -> None:
    """Otherwise the replacement would leave a tag open, or close one that is not open."""
    start = text.index(found)
    finding = Finding(start, start + len(found), "PHONE_NUMBER", 0.9, "Test")
    assert [text[it.start : it.end] for it in between_tags([finding], text)] == [left]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x 212</b> 555", "212</b> 555"),
        ('<b class="x">212</b> 555', "212</b> 555"),
        ('<td><b class="x">212</b></td><td>555</td>', "212</b></td><td>555"),
        ("<td>212 <p>555</td>", "212 <p>555"),
    ],
)
def test_a_number_whose_tags_have_no_other_half_is_in_pieces_of_which_nothing_is_shown(
    text: str, found: str
) -> None:
    start = text.index(found)
    finding = Finding(start, start + len(found), "CREDIT_CARD", 0.9, "Test")
    pieces = between_tags([finding], text)
    assert [(text[it.start : it.end], it.view) for it in pieces] == [("212", PIECE), ("555", PIECE)]


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
