"""The heart with real codecs and operators, and an analyzer whose answers the test sets."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.analyzer.layouts.joined import JOINED
from shield.analyzer.remembered import RememberedFindings
from shield.anonymizer.engine import Anonymizer, builtin_operators, load_operators
from shield.domain import (
    DetectorSpec,
    FieldAction,
    FieldRule,
    Finding,
    Limits,
    OperatorSpec,
    Policy,
    Segment,
    SegmentKind,
)
from shield.errors import DeadlineExceededError, DetectionIncompleteError, MalformedBodyError
from shield.payload.codecs import CodecRegistry
from shield.payload.field_names import FieldNames, words_of
from shield.payload.json_codec import JsonCodec
from shield.payload.media_type import MediaType
from shield.payload.selectors import NO_RULES, FieldRules
from shield.redactor import FIELD_RULE, Manner, Redactor
from tests.forms_in_parts import TYPE, body_of, part

JSON = MediaType.parse("application/json")
POLICY = Policy(
    "test",
    "sha256:0",
    {
        "PERSON": OperatorSpec("replace"),
        "CREDIT_CARD": OperatorSpec("mask", {"keep_last": 4}),
        "EMAIL_ADDRESS": OperatorSpec("replace"),
        "NRP": OperatorSpec("keep"),
    },
)


NAMES = FieldNames(words_of("a b card note owner id"))


class Words:
    """Finds each of the given words wherever it stands."""

    def __init__(self, **words: str) -> None:
        self.words = words
        self.seen: list[Segment] = []

    def unlearned(self, *_: Any) -> int:
        return 0

    def analyze(
        self, segments: Sequence[Segment], policy: Policy, check: Any, *_: Any
    ) -> list[list[Finding]]:
        del policy
        check()
        self.seen += segments
        return [
            [
                Finding(start, start + len(word), entity, 0.9, "Words")
                for word, entity in self.words.items()
                if (start := segment.text.find(word)) >= 0
            ]
            for segment in segments
        ]


def redactor(analyzer: Any) -> Redactor:
    anonymizer = Anonymizer({}, builtin_operators(), lambda size: b"\0" * size)
    return Redactor(CodecRegistry.default(), {DetectorSpec(): analyzer}, anonymizer)


def redact(
    analyzer: Any, body: bytes, *rules: FieldRule, media_type: MediaType = JSON, **options: Any
) -> Any:
    return redactor(analyzer).redact(
        body, media_type, POLICY, limits=Limits(), rules=FieldRules.compile(rules, NAMES), **options
    )


def test_without_a_finding_the_body_is_the_very_object():
    body = b'{ "a" : [1e400, "x"] }'
    made = redact(Words(), body)
    assert made.body is body
    assert not made.changed
    assert (made.segments, made.inspected_bytes) == (3, len("a1e400x"))


@pytest.mark.parametrize("body", [b'{"a": [1e400, "x"], "b": "y"}', b'{"id": "x", "c": 1}', b'["\\ud800"]'])
@pytest.mark.parametrize("dry", [False, True])
def test_where_nothing_is_personal_data_it_comes_out_as_if_it_was_looked_at(body: bytes, dry: bool):
    policy = replace(POLICY, operators={})
    heart = redactor(Words(x="PERSON"))
    rules = FieldRules.compile([FieldRule("$.id", FieldAction.KEEP)], NAMES)
    read = heart.codecs.for_media_type(JSON).decode(body, limits=Limits(), rules=rules, charset=None)
    made = heart.redact(body, JSON, policy, limits=Limits(), rules=rules, manner=Manner(dry=dry))
    assert made == heart.redact_document(read, policy, names=rules.names)
    assert made.body is body
    with pytest.raises(MalformedBodyError):
        heart.redact(b"[1", JSON, policy, limits=Limits(), rules=rules, manner=Manner(dry=dry))


def test_an_empty_body_has_nothing_to_inspect():
    assert redact(Words(), b"").body == b""


def test_only_what_was_found_changes():
    made = redact(Words(maria="PERSON"), b'{"a":  "hi maria!" , "b": 1.0}')
    assert made.body == b'{"a":  "hi <PERSON>!" , "b": 1.0}'
    assert [(one.path, one.operator, one.finding.entity_type) for one in made.findings] == [
        ("$.a", "replace", "PERSON")
    ]


def test_in_html_a_replacement_is_text_and_what_an_operator_leaves_stays():
    words = Words(Maria="PERSON", **{"4111<b>1111</b>": "CREDIT_CARD"})
    body = b'{"a": "<p>Maria 4111<b>1111</b></p>", "b": "Maria <3"}'
    assert redact(words, body).body == b'{"a": "<p>&lt;PERSON&gt; ****<b>1111</b></p>", "b": "<PERSON> <3"}'


def test_a_number_becomes_a_string_and_the_record_says_so():
    made = redact(Words(**{"4111111111111111": "CREDIT_CARD"}), b'{"card": 4111111111111111}')
    assert json.loads(made.body) == {"card": "************1111"}
    assert made.type_changes == ("$.card",)


@pytest.mark.parametrize(
    ("media_type", "body", "after"),
    [
        ("application/json", rb'["{\"a\": 4111111111111111}"]', rb'["{\"a\": \"************1111\"}"]'),
        ("text/plain", b'{"card": 4111111111111111}', b'{"card": "************1111"}'),
        (
            "application/x-www-form-urlencoded",
            b"doc=%7B%22card%22:4111111111111111%7D",
            b"doc=%7B%22card%22:%22%2A%2A%2A%2A%2A%2A%2A%2A%2A%2A%2A%2A1111%22%7D",
        ),
        ("text/csv", b'a\n"{""b"":4111111111111111}"\n', b'a\n"{""b"":""************1111""}"\n'),
    ],
)  # fmt: skip
def test_a_number_of_json_in_a_text_is_a_string_then(media_type: str, body: bytes, after: bytes) -> None:
    words = Words(**{"4111111111111111": "CREDIT_CARD"})
    assert redact(words, body, media_type=MediaType.parse(media_type)).body == after


def test_a_finding_in_a_part_of_a_number_takes_the_whole_number():
    made = redact(Words(**{"111": "PERSON"}), b'{"id": 4111222}')
    assert json.loads(made.body) == {"id": "<PERSON>"}
    assert (made.findings[0].finding.start, made.findings[0].finding.end) == (0, 7)


def test_of_findings_in_a_number_that_are_as_strong_the_longest_names_its_replacement():
    class Two(Words):
        def analyze(
            self, segments: Sequence[Segment], policy: Policy, check: Any, *_: Any
        ) -> list[list[Finding]]:
            del policy, check
            found = [Finding(0, 4, "PERSON", 0.9, "Two"), Finding(5, 7, "EMAIL_ADDRESS", 0.9, "Two")]
            return [found if segment.kind is SegmentKind.NUMBER else [] for segment in segments]

    assert json.loads(redact(Two(), b'{"id": 4111222}').body) == {"id": "<PERSON>"}


def test_the_strongest_finding_that_is_acted_on_names_a_numbers_replacement():
    class Two(Words):
        def analyze(
            self, segments: Sequence[Segment], policy: Policy, check: Any, *_: Any
        ) -> list[list[Finding]]:
            del policy, check
            return [
                [Finding(0, 3, "NRP", 1.0, "Two"), Finding(4, 7, "PERSON", 0.6, "Two")]
                if segment.kind is SegmentKind.NUMBER
                else []
                for segment in segments
            ]

    assert json.loads(redact(Two(), b'{"id": 4111222}').body) == {"id": "<PERSON>"}


def test_an_operator_that_keeps_is_on_record_and_changes_nothing():
    body = b'{"a": "a maltese cat"}'
    made = redact(Words(maltese="NRP"), body)
    assert made.body is body
    assert not made.changed
    assert [one.operator for one in made.findings] == ["keep"]


def test_a_redacted_key_shows_redacted_in_every_path():
    made = redact(Words(maria="PERSON"), b'{"maria": {"note": "for maria"}}')
    assert json.loads(made.body) == {"<PERSON>": {"note": "for <PERSON>"}}
    assert [one.path for one in made.findings] == ["$['<PERSON>']", "$['<PERSON>'].note"]


def test_a_name_that_is_no_fields_shows_in_no_path():
    body = b'{"owner": {"rosa": {"note": "for maria"}}, "rosa": 4111, "b": {"rosa": "maria"}}'
    rule = FieldRule("$.owner", FieldAction.INSPECT)
    made = redact(Words(maria="PERSON", **{"4111": "PERSON"}), body, rule)
    assert [one.path for one in made.findings] == ["$.owner.*.note", "$.*", "$.b.*"]
    assert made.type_changes == ("$.*",)


def test_a_name_in_which_a_finding_is_kept_shows_its_type():
    made = redact(Words(maltese="NRP", maria="PERSON"), b'{"maltese": {"note": "for maria"}}')
    assert not any("maltese" in one.path for one in made.findings)
    assert [one.path for one in made.findings] == ["$['<NRP>']", "$['<NRP>'].note"]


@pytest.mark.parametrize(
    ("selector", "shown"),
    [("$.rosa", True), ("$..['x', 'rosa']", True), ("$.*", False), ("$[?@.rosa]", False)],
)
def test_a_name_that_a_selector_has_is_shown(selector, shown):
    rule = FieldRule(selector, FieldAction.DROP)
    made = redact(Words(), b'{"rosa": {"rosa": 1}}', rule)
    assert made.dropped == ("$.rosa" if shown else "$.*",)


def test_where_nobody_says_which_names_are_known_none_is_shown():
    document = JsonCodec().decode(b'{"note": "maria"}', limits=Limits(), rules=NO_RULES, charset=None)
    made = redactor(Words(maria="PERSON")).redact_document(document, POLICY)
    assert [one.path for one in made.findings] == ["$.*"]


def test_a_rule_that_treats_needs_no_detector():
    analyzer = Words()
    rule = FieldRule("$.name", FieldAction.TREAT_AS, "PERSON")
    made = redact(analyzer, b'{"name": "zxqv", "vip": true}', rule)
    assert json.loads(made.body) == {"name": "<PERSON>", "vip": True}
    assert made.findings[0].finding.recognizer == FIELD_RULE
    assert "zxqv" not in [segment.text for segment in analyzer.seen]


def test_a_literal_that_a_rule_treats_becomes_a_string():
    made = redact(Words(), b'{"vip": true}', FieldRule("$.vip", FieldAction.TREAT_AS, "PERSON"))
    assert json.loads(made.body) == {"vip": "<PERSON>"}
    assert made.type_changes == ("$.vip",)


def test_a_rule_that_keeps_is_counted_as_uninspected():
    made = redact(Words(maria="PERSON"), '{"id": "maria-é"}'.encode(), FieldRule("$.id", FieldAction.KEEP))
    assert made.uninspected_bytes == len("maria-é".encode())
    assert made.findings == ()


def test_a_rule_that_drops_says_where():
    made = redact(Words(), b'{"a": 1, "secret": {"b": 2}}', FieldRule("$.secret", FieldAction.DROP))
    assert json.loads(made.body) == {"a": 1}
    assert made.dropped == ("$.secret",)
    assert made.changed


def test_the_stages_are_marked_in_order():
    stages: list[str] = []
    redact(Words(), b"{}", manner=Manner(mark=stages.append))
    assert stages == ["decode", "analyze", "anonymize", "encode"]


def test_a_policy_without_types_asks_no_detector_and_counts_what_it_saw():
    words = Words(Maria="PERSON")
    body = b'{"a": "Maria", "secret": {"b": "Maria"}}'
    nothing = Policy("none", "sha256:1", {})
    rules = FieldRules.compile([FieldRule("$.secret", FieldAction.DROP)], NAMES)
    made = redactor(words).redact(body, JSON, nothing, limits=Limits(), rules=rules)
    assert json.loads(made.body) == {"a": "Maria"}
    assert (made.dropped, made.findings, words.seen) == (("$.secret",), (), [])
    assert made.inspected_bytes == len("aMaria")  # dropped values are not inspected
    dry = redactor(words).redact(body, JSON, nothing, limits=Limits(), rules=rules, manner=Manner(dry=True))
    assert dry.body is body


def test_a_deadline_passes_through():
    def late() -> None:
        raise DeadlineExceededError

    with pytest.raises(DeadlineExceededError):
        redact(Words(), b'{"a": "x"}', manner=Manner(check=late))


def test_a_failing_detector_raises():
    def failing(*_: Any) -> None:
        raise DetectionIncompleteError("recognizer X failed")

    with pytest.raises(DetectionIncompleteError):
        redact(SimpleNamespace(analyze=failing, unlearned=lambda *_: 0), b'{"a": "x"}')


def test_an_analyzer_that_answers_for_too_few_segments_is_an_error():
    with pytest.raises(ValueError, match="zip"):
        redact(SimpleNamespace(analyze=lambda *_: [], unlearned=lambda *_: 0), b'{"a": "x"}')


def test_what_is_no_json_is_refused():
    with pytest.raises(MalformedBodyError):
        redact(Words(), b"{")


DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text('amri \n"\\é', max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abmari", max_size=6), inner, max_size=4)
    ),
    max_leaves=20,
)


def expected(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("mari", "<PERSON>", 1)
    if isinstance(value, list):
        return [expected(item) for item in value]
    if isinstance(value, dict):
        return {expected(name): expected(item) for name, item in value.items()}
    return value


@given(DOCUMENTS.filter(lambda document: len(json.dumps(expected(document))) > 0), st.sampled_from([None, 2]))
def test_the_structure_stays_and_only_the_words_go(document: Any, indent: int | None):
    body = json.dumps(document, indent=indent).encode()
    made = redactor(Words(mari="PERSON")).redact(body, JSON, POLICY, limits=Limits(), rules=NO_RULES)
    assert json.loads(made.body) == expected(document)


@pytest.mark.parametrize(
    "spec", [OperatorSpec("mask", {"keep_last": 4}), OperatorSpec("presidio:mask", {"chars_to_mask": 1})]
)
@pytest.mark.parametrize("view", [JOINED, "decoded"])
def test_a_mask_shows_nothing_of_a_value_in_pieces_or_encoded(view: str, spec: OperatorSpec) -> None:
    class Unlike(Words):
        def analyze(self, *arguments: Any) -> list[list[Finding]]:
            found = super().analyze(*arguments)
            return [[each._replace(view=view) for each in findings] for findings in found]

    heart = redactor(Unlike(**{"4111a1111": "CREDIT_CARD", "1111b1111": "CREDIT_CARD"}))
    heart = replace(heart, anonymizer=Anonymizer({}, load_operators([spec.name]), bytes))
    policy = replace(POLICY, operators={"CREDIT_CARD": spec})
    body = b'{"card": ["4111a1111", "1111b1111"]}'
    result = heart.redact(body, JSON, policy, limits=Limits(), rules=NO_RULES)
    assert result.body == b'{"card": ["*********", "*********"]}'


def test_a_value_is_analyzed_under_its_label() -> None:
    words = Words()
    redact(words, b'{"fields": [{"name": "note", "value": "x"}]}')
    assert [segment.location for segment in words.seen if segment.text == "x"] == [("fields", 0, "note")]


def test_findings_over_pieces_are_not_remembered_for_the_same_text_elsewhere() -> None:
    text = "word " * 30 + "4111 11"

    class Pieces(Words):
        digest = "sha256:0"

        def analyze(self, segments: Sequence[Segment], *rest: Any) -> list[list[Finding]]:
            found = super().analyze(segments, *rest)
            if len(segments) < 3:
                return [[] for _ in found]
            return [[each._replace(view=JOINED) for each in findings] for findings in found]

    heart = replace(
        redactor(Pieces(**{"4111 11": "CREDIT_CARD"})), memory=RememberedFindings(100_000, b"k" * 32)
    )
    for body in (json.dumps({"a": [text, "11 1111"]}), json.dumps({"a": text})):
        result = heart.redact(body.encode(), JSON, POLICY, limits=Limits(), rules=NO_RULES)
    assert result.findings == ()


def test_what_is_found_in_a_files_own_bytes_changes_no_byte_of_it():
    file = base64.b64encode(b"%PDF-1.7\n" + bytes(range(128, 256)) * 4).decode()
    body = json.dumps({"note": "from Maria", "a": file}).encode()
    heart = redactor(Words(Maria="PERSON", **{file[40:48]: "PERSON"}))
    result = heart.redact(body, JSON, POLICY, limits=Limits(), rules=NO_RULES)
    assert result.body == body.replace(b"Maria", b"<PERSON>")
    assert [(it.path, it.form, it.size) for it in result.opaque] == [("$.*", "pdf", len(file))]


def test_a_file_is_on_record_though_nothing_is_found_beside_it():
    sent = b"\x89PNG\r\n\x1a\n" + bytes(range(128, 256))
    body = body_of(part('name="note"', b"all is well"), part('name="f"; filename="a.png"', sent))
    made = redact(Words(), body, media_type=MediaType.parse(TYPE))
    assert made.body is body
    assert [(it.form, it.size) for it in made.opaque] == [("png", len(sent))]
    kept = redact(Words(), body, FieldRule("$.f", FieldAction.KEEP), media_type=MediaType.parse(TYPE))
    assert kept.opaque == ()
    assert kept.uninspected_bytes == made.uninspected_bytes + len(sent)


@pytest.mark.parametrize(
    "spec",
    [
        OperatorSpec("hash", {"key": "k"}),
        OperatorSpec("hash", {"key": "k", "with": "at:{hash}@redacted.example"}),
        OperatorSpec("encrypt", {"key": "k"}),
    ],
)
@pytest.mark.parametrize("rule", [None, FieldRule("$.a", FieldAction.TREAT_AS, "PERSON")])
def test_what_was_redacted_comes_out_as_it_is_when_it_is_sent_again(
    spec: OperatorSpec, rule: FieldRule | None
) -> None:
    under = replace(POLICY, operators={"PERSON": spec})
    rules = FieldRules.compile((rule,) if rule else (), NAMES)
    heart = replace(
        redactor(Words(Maria="PERSON")),
        anonymizer=Anonymizer({"k": bytes(16)}, builtin_operators(), lambda size: bytes(range(size))),
    )
    once = heart.redact(b'{"a":"Maria"}', JSON, under, limits=Limits(), rules=rules).body
    written = json.loads(once)["a"]
    inside = written.partition(":")[2][8:12]
    again = replace(heart, analyzers={DetectorSpec(): Words(**{inside: "PERSON"})})
    result = again.redact(once, JSON, under, limits=Limits(), rules=rules)
    assert "Maria" not in written
    assert (result.body, result.findings) == (once, ())
