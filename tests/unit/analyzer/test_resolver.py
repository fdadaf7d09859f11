"""The order of precedence: one test for each sentence of the resolver's docstring."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from shield.analyzer.resolver import resolve
from shield.domain import RAW, AllowRule, Finding, OperatorSpec, Policy

TEXT = "Maria Garcia lives at 12 Main Street, Springfield, and writes maria@example.com"
OPERATORS = {
    "PERSON": OperatorSpec("replace"),
    "LOCATION": OperatorSpec("replace"),
    "EMAIL_ADDRESS": OperatorSpec("mask"),
    "URL": OperatorSpec("replace"),
    "NRP": OperatorSpec("keep"),
    "ORGANIZATION": OperatorSpec("replace"),
}


def rules(**options: object) -> Policy:
    return Policy("p", "", OPERATORS, **options)  # type: ignore[arg-type]


def f(start: int, end: int, entity: str, score: float = 0.8, by: str = "r") -> Finding:
    return Finding(start, end, entity, score, by)


def spans(*findings: Finding, policy: Policy | None = None, text: str = TEXT) -> list[tuple[int, int, str]]:
    return [(x.start, x.end, x.entity_type) for x in resolve(text, findings, policy or rules())]


def test_a_finding_whose_type_has_no_operator_is_dropped_before_all_else() -> None:
    assert spans(f(0, 40, "DATE_TIME", 1.0), f(0, 5, "PERSON", 0.6)) == [(0, 5, "PERSON")]


def test_a_finding_below_the_threshold_of_its_type_is_dropped() -> None:
    policy = rules(score_threshold=0.5, thresholds={"URL": 0.9, "LOCATION": 0.1})
    assert spans(f(0, 5, "PERSON", 0.49), f(6, 9, "URL", 0.8), f(10, 12, "LOCATION", 0.2), policy=policy) == [
        (10, 12, "LOCATION")
    ]
    assert spans(f(0, 5, "PERSON", 0.5), policy=policy) == [(0, 5, "PERSON")]


def test_a_finding_whose_whole_text_is_an_allowed_term_is_dropped() -> None:
    allow = (
        AllowRule(frozenset({"maria garcia"})),
        AllowRule(frozenset({"springfield"}), frozenset({"PERSON"})),
    )
    assert spans(f(0, 12, "PERSON"), policy=rules(allow=allow)) == []
    assert spans(f(0, 5, "PERSON"), policy=rules(allow=allow)) == [(0, 5, "PERSON")]
    assert spans(f(38, 49, "LOCATION"), policy=rules(allow=allow)) == [(38, 49, "LOCATION")]
    assert spans(f(38, 49, "PERSON"), policy=rules(allow=allow)) == []


def test_an_allowed_term_is_told_from_no_kind_of_quotation_mark() -> None:
    policy = rules(allow=(AllowRule(frozenset({"o'brien"})),))
    assert resolve("by O\u2019Brien", [Finding(3, 10, "PERSON", 0.9, "r")], policy) == []


def test_what_of_a_finding_lies_in_a_replacement_at_its_edges_is_cut_off() -> None:
    text = "&lt;PERSON&gt;, 12 Elm <LOCATION>; &lt;SMITH&gt; ##! <PERSON>"

    def left(part: str) -> list[str]:
        at = text.index(part)
        made = resolve(text, [Finding(at, at + len(part), "PERSON", 0.9, "r")], rules())
        return [text[finding.start : finding.end] for finding in made]

    assert [left(part) for part in ("&lt", "PERSON", "&lt;PERSON&gt;", "LOCATION", "<LOCATION>;")] == [[]] * 5
    assert left("&lt;PERSON&gt;, 12 Elm <LOCATION>") == left("PERSON&gt;, 12 Elm <LOC") == ["12 Elm"]
    assert left("Elm <LOCATION>; &lt;SM") == ["Elm <LOCATION>; &lt;SM"]
    assert (left("SMITH"), left("##!")) == (["SMITH"], ["##!"])


def test_what_is_found_in_what_operators_wrote_before_is_dropped() -> None:
    text = "Maria, <PERSON:92e40313e08f0bd4> and <PERSON>"
    written = (text.index("<PERSON:"), text.index(" and"))
    found = [f(at, at + 5, "PERSON") for at in (0, text.index("92e"), len(text) - 6)]
    assert [it.start for it in resolve(text, found, rules(), [written])] == [0]
    assert [it.start for it in resolve(text, found, rules())] == [0, text.index("92e")]


def test_findings_that_overlap_are_united() -> None:
    assert spans(f(0, 8, "PERSON", 0.9), f(6, 12, "LOCATION"), f(11, 18, "URL")) == [(0, 18, "PERSON")]


def test_findings_that_only_touch_stay_apart() -> None:
    assert spans(f(0, 5, "PERSON"), f(5, 9, "URL")) == [(0, 5, "PERSON"), (5, 9, "URL")]


def test_the_union_takes_the_type_of_the_highest_score() -> None:
    assert spans(f(0, 12, "LOCATION", 0.7), f(6, 8, "PERSON", 0.9)) == [(0, 12, "PERSON")]


def test_among_equal_scores_the_longest_gives_the_type() -> None:
    assert spans(f(0, 5, "PERSON"), f(3, 12, "LOCATION")) == [(0, 12, "LOCATION")]
    assert spans(f(0, 5, "LOCATION"), f(3, 12, "PERSON")) == [(0, 12, "PERSON")]  # not by the alphabet


def test_among_equal_lengths_the_more_specific_type_wins() -> None:
    assert spans(f(0, 9, "URL"), f(0, 9, "PERSON")) == [(0, 9, "PERSON")]
    assert spans(f(0, 9, "ORGANIZATION"), f(0, 9, "PERSON")) == [(0, 9, "PERSON")]  # not by the alphabet


def test_then_the_type_first_in_the_alphabet_wins() -> None:
    assert spans(f(0, 9, "PERSON"), f(0, 9, "LOCATION")) == [(0, 9, "LOCATION")]


def test_a_finding_whose_type_is_kept_never_wins_over_one_that_is_acted_on() -> None:
    assert spans(f(0, 20, "NRP", 1.0), f(0, 5, "PERSON", 0.6)) == [(0, 5, "PERSON")]
    assert spans(f(6, 12, "NRP", 1.0), f(0, 5, "PERSON", 0.6)) == [(0, 5, "PERSON"), (6, 12, "NRP")]


def test_neighbouring_persons_and_locations_with_nothing_but_space_between_are_one() -> None:
    assert spans(f(0, 5, "PERSON", 0.6), f(6, 12, "PERSON")) == [(0, 12, "PERSON")]
    assert spans(f(22, 24, "LOCATION"), f(25, 36, "LOCATION")) == [(22, 36, "LOCATION")]
    assert spans(f(25, 36, "LOCATION"), f(38, 49, "LOCATION")) == [(25, 36, "LOCATION"), (38, 49, "LOCATION")]
    assert spans(f(0, 5, "URL"), f(6, 12, "URL")) == [(0, 5, "URL"), (6, 12, "URL")]
    assert spans(f(0, 5, "PERSON"), f(6, 12, "LOCATION")) == [(0, 5, "PERSON"), (6, 12, "LOCATION")]


def test_what_is_acted_on_over_one_mark_of_a_section_goes_with_its_other() -> None:
    text = "jo@<![CDATA[example.org]]>"
    assert spans(f(0, len(text) - 3, "PERSON"), f(12, 23, "LOCATION"), text=text) == [
        (0, len(text), "PERSON")
    ]
    assert spans(f(12, 23, "LOCATION"), text=text) == [(12, 23, "LOCATION")]
    assert spans(f(0, len(text) - 3, "NRP"), text=text) == [(0, len(text) - 3, "NRP")]


def test_score_and_recognizer_are_those_of_the_finding_that_gave_the_type() -> None:
    (union,) = resolve(TEXT, [f(0, 8, "PERSON", 0.9, "a"), f(6, 12, "LOCATION", 0.7, "b")], rules())
    assert (union.score, union.recognizer) == (0.9, "a")
    for first, second in ((0.9, 0.7), (0.7, 0.9)):  # neighbours as well
        (one,) = resolve(TEXT, [f(0, 5, "PERSON", first, "a"), f(6, 12, "PERSON", second, "b")], rules())
        assert (one.score, one.recognizer) == (0.9, "a" if first == 0.9 else "b")


def test_of_a_finding_that_other_types_make_longer_no_part_may_be_shown() -> None:
    def view(*findings: Finding) -> str:
        (union,) = resolve(TEXT, findings, rules())
        return union.view

    assert view(f(0, 8, "PERSON", 0.9), f(6, 12, "LOCATION", 0.7)) == "joined"
    assert view(f(0, 12, "PERSON", 0.9), f(6, 12, "LOCATION", 0.7)) == RAW
    assert view(f(0, 8, "PERSON", 0.9), f(6, 12, "PERSON", 0.7)) == RAW


def test_a_finding_of_no_text_is_none() -> None:
    assert spans(f(3, 3, "PERSON")) == []
    assert spans(f(3, 3, "PERSON", 1.0), f(0, 5, "LOCATION")) == [(0, 5, "LOCATION")]


FINDINGS = st.lists(
    st.builds(
        lambda start, length, entity, score: f(start, min(start + length, 78), entity, score),
        st.integers(0, 77),
        st.integers(0, 30),
        st.sampled_from([*OPERATORS, "OTHER"]),
        st.sampled_from([0.3, 0.5, 0.6, 0.85, 1.0]),
    ),
    max_size=12,
)


@given(FINDINGS)
def test_the_result_is_disjoint_sorted_and_covers_all_that_is_acted_on(findings: list[Finding]) -> None:
    result = resolve(TEXT, findings, rules())
    for left, right in pairwise(result):
        assert left.end <= right.start
    acted = [x for x in result if x.entity_type != "NRP"]
    for x in findings:
        if x.entity_type in OPERATORS and x.entity_type != "NRP" and x.score >= 0.5 and x.start < x.end:
            assert any(y.start <= x.start and x.end <= y.end for y in acted)


@given(FINDINGS, st.randoms())
def test_the_order_of_the_findings_does_not_matter(findings: list[Finding], random: object) -> None:
    shuffled = list(findings)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert resolve(TEXT, shuffled, rules()) == resolve(TEXT, findings, rules())
