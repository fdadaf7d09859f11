"""Patterns and deny lists that the configuration defines."""

from __future__ import annotations

import pytest

from shield.analyzer.context import KeyContext
from shield.analyzer.engine import Analyzer
from shield.analyzer.recognizers.terms import DenyTerms, PatternRules
from shield.domain import DenyRule, DetectorSpec, PatternRule
from shield.errors import ConfigError
from tests.unit.analyzer.built import analyzer_of
from tests.unit.analyzer.conftest import found, policy, segment

NO_KEYS = KeyContext()


def spans(rule: PatternRule, text: str) -> list[str]:
    return [text[f.start : f.end] for f in PatternRules([rule]).analyze(text, NO_KEYS)]


@pytest.mark.parametrize(
    ("regex", "text", "matches"),
    [
        (r"EMP-\d{4,6}", "EMP-12345 emp-999999", ["EMP-12345", "emp-999999"]),
        (r"\bcust\d+\b", "größe cust12 日本 xcust3 cust4", ["cust12", "cust4"]),
        (r"ä+", "aäää b Ä", ["äää", "Ä"]),
        (r"\bcust\d+\b", "écust3", ["écust3"]),
        (r"user \w+\b", "user josé", ["user josé"]),
        (r"user \w+", "user josé", ["user josé"]),
        (r"a.c", "a\nc", ["a\nc"]),
        (r"^ref:\w+$", "x\nref:abc\ny", ["ref:abc"]),
        (r"\d{3}", "\ud800 123 \udfff456", ["123", "456"]),
        (r"aa", "aaaaa", ["aa", "aa"]),
    ],
)
def test_leftmost_longest_not_overlapping(regex: str, text: str, matches: list[str]) -> None:
    assert spans(PatternRule("mine", "X", regex, 0.7), text) == matches


EMPTY = "it can match the empty text, which is everywhere; have it take at least one character"
LINEAR = "it asks for what patterns may not, since they run in linear time: "


@pytest.mark.parametrize(
    ("regex", "reason"),
    [
        (r"(a)\1", f"{LINEAR}Back-references are unsupported"),
        (r"(?=x)y", f"{LINEAR}Zero-width assertions are not supported"),
        (r"(?<!a)b", f"{LINEAR}Zero-width assertions are not supported"),
        (r"a++", f"{LINEAR}Possessive quantifiers are not supported"),
        (r"a\Kb", f"{LINEAR}\\K at character 2 not supported"),
        (r"a*", EMPTY),
        (r"a|", EMPTY),
        (r"^$", EMPTY),
        (r"a{1,100000}", "it is too large: Bounded repeat is too large"),
        (
            r"ä(secret",
            "not a valid regular expression: Missing close parenthesis for group started at character 2",
        ),
        (
            r"äĀ[z-s]ecret",
            "not a valid regular expression: Range out of order in character class at character 6",
        ),
        (
            r"\x{110000}",
            "not a valid regular expression: Value in \\x{...} sequence is too large at character 1",
        ),
        ("a\\", "not a valid regular expression: Unescaped \\ at end of input at character 2"),
    ],
)
def test_a_refused_pattern_is_named_with_the_reason_and_not_quoted(regex: str, reason: str) -> None:
    rules = (PatternRule("good", "X", "ab", 0.5), PatternRule("bad-one", "X", regex, 0.5))
    with pytest.raises(ConfigError) as caught:
        PatternRules(rules)
    assert caught.value.detail == f"pattern bad-one: {reason}"


def test_a_score_outside_its_range_is_refused() -> None:
    with pytest.raises(ConfigError, match="mine"):
        PatternRules([PatternRule("mine", "X", "a", 1.5)])


def test_context_raises_a_pattern() -> None:
    rule = PatternRule("badge", "BADGE", r"\bB\d{4}\b", 0.3, ("badge",))
    analyzer = analyzer_of(DetectorSpec(model="none", recognizers=(), patterns=(rule,)))
    assert found(analyzer, segment("B1234"), policy("BADGE")) == []
    assert found(analyzer, segment("badge B1234"), policy("BADGE")) == [("BADGE", "B1234")]


@pytest.mark.parametrize(
    ("terms", "text", "matches"),
    [
        (("Project Tulip",), "about project  tulip.", ["project  tulip"]),
        (("Project Tulip",), "PROJECT\nTULIP", ["PROJECT\nTULIP"]),
        (
            ("Project Tulip",),
            "project_tulip.pdf Project\u2010Tulip projecttulip my_project_tulip",
            ["project_tulip", "Project\u2010Tulip"],
        ),
        (("tulip",), "tulips untulip tulip_x tulip", ["tulip"]),
        (("Straße",), "die STRASSE, straße", ["STRASSE", "straße"]),
        (("a.b+c",), "a.b+c axb+c", ["a.b+c"]),
        (("a a",), "ba a a", ["a a"]),
        (("李雷",), "我是 李雷 。", ["李雷"]),
        (("李雷",), "我是李雷。", ["李雷"]),
        (("홍길동",), "홍길동은", ["홍길동"]),
        (("a李雷",), "ba李雷", []),
        (
            ("O'Brien-Sons",),
            "O\u2019Brien\u2011Sons O\u02bcbrien-sons",
            ["O\u2019Brien\u2011Sons", "O\u02bcbrien-sons"],
        ),
        (("O\u2019Brien",), "O'Brien O\u2019Brien", ["O'Brien", "O\u2019Brien"]),
        (("Cafe\u0301",), "CAF\u00c9", ["CAF\u00c9"]),
        (("", "  "), "x", []),
    ],
)
def test_deny_terms(terms: tuple[str, ...], text: str, matches: list[str]) -> None:
    hits = DenyTerms([DenyRule(terms, "X")]).analyze(text)
    assert [text[f.start : f.end] for f in hits] == matches
    assert all(f.score == 1.0 for f in hits)


def test_deny_terms_by_the_thousand() -> None:
    terms = tuple(f"codeword{n}" for n in range(3000))
    assert len(DenyTerms([DenyRule(terms, "X")]).analyze("codeword7 codeword2999 codeword3000")) == 2


def test_the_engine_uses_the_deny_list_of_the_policy(patterns_only: Analyzer) -> None:
    under = policy("SECRET", deny=(DenyRule(("tulip",), "SECRET"), DenyRule(("rose",), "OTHER")))
    assert found(patterns_only, segment("tulip rose"), under) == [("SECRET", "tulip")]
    assert found(patterns_only, segment("tulip"), policy("SECRET")) == []
