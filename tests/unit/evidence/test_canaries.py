"""Canaries: what each policy is expected to find, the verdict, and the table against the real engines."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from shield.analyzer.build import known_entities
from shield.analyzer.resolver import resolve
from shield.anonymizer.engine import Anonymizer, load_operators
from shield.app.heart import read_vocabulary
from shield.config.path_template import parse_path_template
from shield.config.settings_route import Route
from shield.config.settings_upstream import Upstream
from shield.domain import (
    AllowRule,
    DenyRule,
    DetectorSpec,
    FieldAction,
    FieldRule,
    OperatorSpec,
    Policy,
    Segment,
)
from shield.evidence.canaries import Canary, leaks, marked, shipped_canaries, suite_for
from shield.evidence.canary_bodies import (
    FORM,
    JSON,
    MEDIA_TYPES,
    MEMBER,
    OTHER_XML,
    PARTS,
    TEXT,
    Sent,
    body_of,
    content_type,
    sent_on,
    texts_of,
)
from shield.payload.codecs import CodecRegistry
from shield.payload.field_names import FieldNames
from shield.payload.media_type import MediaType
from shield.payload.selectors import FieldRules
from shield.redactor import Redactor
from tests.unit.analyzer.built import analyzer_of

SHIPPED = shipped_canaries()
EIGHT = ("en", "de", "fr", "es", "it", "nl", "pt", "pl")
REPLACE = OperatorSpec("replace")
CARD = next(canary for canary in SHIPPED if canary.id == "CREDIT_CARD/en/plain")
CARDS = frozenset({"CreditCardRecognizer"})


def policy(*entities: str, **changes: object) -> Policy:
    made = Policy("p", "sha256:p", dict.fromkeys(entities, REPLACE), DetectorSpec(("en",), "none"))
    return replace(made, **changes)  # type: ignore[arg-type]


def ids(made: Policy, recognizers: frozenset[str] = CARDS, **samples: tuple[str, ...]) -> set[str]:
    return {canary.id for canary in suite_for(made, recognizers, SHIPPED, samples).canaries}


class TestExpectation:
    def test_what_the_policy_does_not_name_is_not_expected(self):
        assert {name.split("/")[0] for name in ids(policy("CREDIT_CARD"))} == {"CREDIT_CARD"}
        assert ids(policy("PERSON")) == set()

    def test_what_it_keeps_is_not_expected(self):
        kept = policy("CREDIT_CARD", operators={"CREDIT_CARD": OperatorSpec("keep")})
        suite = suite_for(kept, CARDS, SHIPPED, {})
        assert (suite.canaries, suite.uncovered) == ((), ())

    def test_nor_what_no_recognizer_that_runs_finds(self):
        suite = suite_for(policy("CREDIT_CARD", "US_SSN"), CARDS, SHIPPED, {})
        assert {canary.entity for canary in suite.canaries} == {"CREDIT_CARD"}
        assert suite.uncovered == ("US_SSN",)

    def test_nor_what_a_threshold_is_above(self):
        urls = frozenset({"UrlRecognizer"})
        assert ids(policy("URL"), urls)
        assert ids(policy("URL", score_threshold=0.9), urls) == set()
        assert ids(policy("URL", thresholds={"URL": 0.95}), urls) == set()

    @pytest.mark.parametrize(("rule", "expected"), [(("CREDIT_CARD",), False), ((), False), (("URL",), True)])
    def test_nor_what_is_allowed(self, rule, expected):
        allowed = policy("CREDIT_CARD", allow=(AllowRule(frozenset({CARD.value}), frozenset(rule)),))
        assert (CARD.id in ids(allowed)) is expected

    def test_every_language_that_is_enabled(self):
        both = policy("CREDIT_CARD", detector=DetectorSpec(("en", "de"), "none"))
        assert {name.split("/")[1] for name in ids(both)} == {"en", "de"}

    def test_samples_and_denied_terms_are_expected_without_a_table(self):
        made = policy("CASE", "CODE", deny=(DenyRule(("aurora", "b", "c", "d"), "CODE"),))
        assert ids(made, frozenset(), CASE=("It is [[CASE-1]]",)) == {
            "CASE/en/own1", "CODE/en/deny_list1", "CODE/en/deny_list2", "CODE/en/deny_list3"
        }  # fmt: skip


def test_marks():
    assert marked("It is [[CASE-1]].") == ("It is CASE-1.", 6, 12)
    assert marked("CASE-1") == ("CASE-1", 0, 6)


def canary(value: str) -> Canary:
    return Canary("T", "en", "plain", *marked(f"It is [[{value}]] here."), found_by={})


class TestVerdict:
    @pytest.mark.parametrize(
        ("value", "output", "leaked"),
        [
            ("4111 1111 1111 1111", "It is <CREDIT_CARD> here.", False),
            ("4111 1111 1111 1111", "It is 4111-1111-1111-1111 here.", True),
            ("4111 1111 1111 1111", "It is 4111 1111 <CREDIT_CARD> here.", True),
            ("4111 1111 1111 1111", "It is **** **** **** 1111 here.", False),
            ("4111 1111 1111 1111", "It is \uff14\uff11\uff11\uff11 \uff11\uff11\uff11\uff11 here.", True),
            ("Maria Gonzalez", "It is <PERSON> Gonzalez here.", True),
            ("Maria Gonzalez", "It is MARIA GONZALEZ here.", True),
            ("Maria Gonzalez", "", False),
            ("4471", "It is <PIN> here.", False),
            ("4471", "It is 4471 here.", True),
            ("4471", "It is a4471f here.", False),
            ("93 years old", "It is <AGE> years old here.", True),
        ],
    )
    def test_what_is_left_of_a_value(self, value, output, leaked):
        assert leaks(canary(value), output, REPLACE) is leaked

    @pytest.mark.parametrize(
        ("operator", "output", "leaked"),
        [
            (OperatorSpec("mask", {"keep_last": 8}), "********ijklmnop", False),
            (OperatorSpec("mask", {"keep_last": 8}), "*******hijklmnop", True),
            (OperatorSpec("mask", {"keep_first": 12}), "abcdefghijkl****", False),
            (OperatorSpec("mask"), "abcdefghijkl****", True),
            (OperatorSpec("presidio:mask", {"chars_to_mask": 4}), "abcdefghijkl****", False),
        ],
    )
    def test_more_is_left_only_where_the_operator_is_to_show_more(self, operator, output, leaked):
        assert leaks(canary("abcdefghijklmnop"), output, operator) is leaked

    @pytest.mark.parametrize(
        ("operator", "output", "leaked"),
        [
            (OperatorSpec("mask", {"keep_last": 4}), "My pet is ****kers.", False),
            (OperatorSpec("mask", {"keep_last": 4, "char": "#"}), "My pet is ####kers.", False),
            (
                OperatorSpec("presidio:mask", {"chars_to_mask": 4, "masking_char": "x"}),
                "It is xxxxkers.",
                False,
            ),
            (OperatorSpec("mask", {"keep_last": 4}), "My pet is **iskers.", True),
            (OperatorSpec("mask", {"keep_last": 4}), "My pet is Whisk-ers.", True),
            (OperatorSpec("mask", {"char": "k"}), "My pet is Whiskers.", True),
            (OperatorSpec("mask", {"char": "-"}), "My pet is Whis-kers.", True),
        ],
    )
    def test_what_stands_before_a_mask_is_no_part_of_what_it_shows(self, operator, output, leaked):
        assert leaks(canary("Whiskers"), output, operator) is leaked


class TestBodies:
    @pytest.mark.parametrize("media_type", [*MEDIA_TYPES, OTHER_XML])
    def test_texts_come_back_as_they_went(self, media_type):
        texts = ["a & b = c", "ü\u200b", 'quoted "q" \\', "4111 1111"]
        assert texts_of(media_type, body_of(media_type, texts), 4) == texts

    def test_the_path_to_a_canary_is_one_that_findings_show(self):
        assert FieldNames(read_vocabulary()).shows(MEMBER)
        assert FieldNames(read_vocabulary()).shows("text")

    @pytest.mark.parametrize(
        ("media_type", "path"), [(JSON, "$.canaries"), (FORM, "form.text"), (PARTS, "form.text")]
    )
    def test_where_nothing_was_said_of_a_place_its_canary_is_unnoticed(self, media_type, path):
        sent = Sent(media_type, SHIPPED[:3], (REPLACE, REPLACE, None), b"")
        assert sent.unnoticed([(f"{path}[0]", "OTHER")]) == [SHIPPED[1]]

    @pytest.mark.parametrize("media_type", MEDIA_TYPES)
    @pytest.mark.parametrize("body", [b"", b"\xff", b"{", b"[1]", b'{"canaries": [1, 2]}', b"a\n\nb\n\nc"])
    def test_what_cannot_be_told_apart_is_looked_through_whole(self, media_type, body):
        assert set(texts_of(media_type, body, 2)) == {body.decode("utf-8", "replace")}

    @pytest.mark.parametrize(
        ("rules", "spec"),
        [
            ((), REPLACE),
            ((FieldRule("$.other", FieldAction.KEEP),), REPLACE),
            ((FieldRule("$..*", FieldAction.KEEP),), None),
            ((FieldRule("$.canaries", FieldAction.TREAT_AS, "NOTE"),), OperatorSpec("redact")),
            ((FieldRule("$..*", FieldAction.KEEP), FieldRule("$..*", FieldAction.INSPECT)), REPLACE),
        ],
    )
    def test_field_rules_decide_what_is_expected(self, rules, spec):
        made = policy("CREDIT_CARD", operators={"CREDIT_CARD": REPLACE, "NOTE": OperatorSpec("redact")})
        route = route_of(made, rules)
        sent = sent_on(route, CodecRegistry.default(), FieldRules.compile(rules), JSON, [CARD])
        assert sent.specs == (spec,)

    @pytest.mark.parametrize("action", [FieldAction.KEEP, FieldAction.TREAT_AS])
    def test_a_rule_for_the_whole_of_a_text_holds_for_all_that_is_in_it(self, action):
        made = policy("CREDIT_CARD", operators={"CREDIT_CARD": REPLACE, "NOTE": OperatorSpec("redact")})
        rules = (FieldRule("$", action, "NOTE" if action is FieldAction.TREAT_AS else ""),)
        route = route_of(made, rules)
        sent = sent_on(route, CodecRegistry.default(), FieldRules.compile(rules), TEXT, [CARD, CARD])
        assert sent.specs == ((None if action is FieldAction.KEEP else OperatorSpec("redact")),) * 2


def route_of(made: Policy, rules: tuple[FieldRule, ...] = ()) -> Route:
    upstream = Upstream("s", "http://192.0.2.1")
    return Route("r", upstream, made, parse_path_template("/t"), fields=rules)


@pytest.fixture(scope="module")
def engines():
    """The engine of every language with all groups; English also with the tagger."""
    specs = [DetectorSpec(EIGHT, "none", ("default", "shield")), DetectorSpec(("en",), "fast", ("default",))]
    return {spec: analyzer_of(spec) for spec in specs}


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
@pytest.mark.parametrize("place", [0, 1], ids=["eight languages", "the tagger"])
def test_every_canary_passes_through_the_real_heart(engines, media_type, place):
    spec, analyzer = list(engines.items())[place]
    entities = sorted(known_entities(spec))
    made = policy(*entities, detector=spec)
    suite = suite_for(made, analyzer.recognizers, SHIPPED, {})
    languages = set(spec.languages)
    assert {it.language for it in suite.canaries} == languages
    heart = Redactor(
        CodecRegistry.default(), {spec: analyzer}, Anonymizer({}, load_operators(["replace"]), os.urandom)
    )
    route = route_of(made)
    none = FieldRules.compile(())
    for start in range(0, len(suite.canaries), 12):
        sent = sent_on(route, heart.codecs, none, media_type, suite.canaries[start : start + 12])
        done = heart.redact(
            sent.body, MediaType.parse(content_type(media_type)), made, limits=route.limits, rules=none
        )
        assert [it.id for it in sent.leaked(done.body)] == []
        assert len(sent.leaked(sent.body)) == len(sent.canaries)


def test_a_canary_is_found_whatever_stands_before_or_behind_it(engines):
    """Which canaries are neighbours in a plain text body depends on the entities that a policy names."""
    spec, analyzer = next(iter(engines.items()))
    made = policy(*sorted(known_entities(spec)), detector=spec)
    expected = suite_for(made, analyzer.recognizers, SHIPPED, {}).canaries
    canaries = [it for it in expected if it.language == "en"]
    missed = []
    for first in canaries:
        for second in canaries:
            text = f"{first.text}\n\n{second.text}"
            found = resolve(text, analyzer.analyze([Segment(0, text)], made)[0], made)
            for canary, offset in ((first, 0), (second, len(first.text) + 2)):
                start, end = canary.start + offset, canary.end + offset
                if not any(it.start <= start and it.end >= end for it in found):
                    missed.append((canary.id, first.id, second.id))
    assert missed == []


def test_every_type_of_the_groups_has_a_canary(engines):
    spec, analyzer = next(iter(engines.items()))
    suite = suite_for(policy(*sorted(known_entities(spec)), detector=spec), analyzer.recognizers, SHIPPED, {})
    # Found only by a model or by member names.
    assert set(suite.uncovered) <= {"PERSON", "LOCATION", "NRP", "ORGANIZATION", "DATE_TIME"}


def test_the_table_is_sound(engines):
    """`scripts/calibrate_canaries.py --check` tests that each score holds on every engine."""
    analyzer = next(iter(engines.values()))
    models = {"SpacyRecognizer", "TaggerRecognizer"}
    assert {name for it in SHIPPED for name in it.found_by} - analyzer.recognizers <= models
    assert all(0 < score <= 1 for it in SHIPPED for score in it.found_by.values())
    assert len({it.id for it in SHIPPED}) == len(SHIPPED)
