"""What storage returns is compared with what was forwarded: values, places, and unexpected data."""

from __future__ import annotations

import gzip
import json

import pytest

from shield.config.settings_route import ObjectPlace, ReadBack
from shield.domain import Finding, Limits, Placed, Redaction, SegmentKind
from shield.errors import ConfigError, DeadlineExceededError, DetectionIncompleteError, ShieldError
from shield.evidence.read_backs import WITHHELD, Comparer, Content, Judgement, Places, Rule
from shield.payload.codecs import CodecRegistry
from shield.payload.document import Document
from shield.payload.field_names import FieldNames, words_of
from shield.payload.media_type import MediaType
from shield.telemetry.attestation_series import ReadResult

LIMITS = Limits()
COMPARER = Comparer(CodecRegistry.default(), b"k" * 32)
TICKET = {"ticket": {"subject": "Help <PERSON>", "priority": 3, "tags": ["a", "b"], "urgent": True}}


def body(value: object, media_type: str = "application/json", codings: tuple[str, ...] = ()) -> Content:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Content(raw, MediaType.parse(media_type) if media_type else None, codings)


def rule(
    *, exact: bool = False, places: tuple[ObjectPlace, ...] = (), uninspected: tuple[str, ...] = ()
) -> Rule:
    settings = ReadBack(max_size=1000, exact=exact, places=places, uninspected=uninspected)
    return Rule.compile(settings, FieldNames(words_of("a b n ticket priority comment body note")))


def finder(*words: str):
    """An inspection that finds each word in whatever part of a document it is shown."""

    def inspect(document: Document) -> Redaction:
        shown = [it for it in document.segments if it.index not in document.rules]
        found = [
            Placed("$", SegmentKind.TEXT, Finding(0, 1, word.upper(), 1.0, "Test"), "replace")
            for it in shown
            for word in words
            if word in it.text
        ]
        return Redaction(b"", findings=tuple(found))

    return inspect


def judge(sent: Content, found: Content, how: Rule, inspect=None) -> Judgement:
    return COMPARER.judge(COMPARER.expect(sent, how, LIMITS), found, how, LIMITS, inspect)


def test_exact_is_the_same_content_whatever_the_coding():
    sent, how = body(TICKET), rule(exact=True)
    zipped = body(gzip.compress(sent.body), codings=("gzip",))
    for found in (sent, zipped):
        judged = judge(sent, found, how)
        assert (judged.result, judged.compared, judged.inspected) == (ReadResult.MATCH, 4, False)
    assert judge(zipped, sent, how).result is ReadResult.MATCH


@pytest.mark.parametrize(
    ("found", "reason", "differing", "missing"),
    [
        (body({"ticket": TICKET["ticket"], "id": 1}), "different", (), ()),
        (body({"ticket": {**TICKET["ticket"], "priority": 4}}), "different", ("$.ticket.priority",), ()),
        (body({"ticket": {"subject": "Help <PERSON>"}}), "missing", (), 3),
        (body(b"{", "application/json"), "different", (), ()),
        (body(b"%PDF", "application/pdf"), "different", (), ()),
        (body(b"x", ""), "different", (), ()),
        (body(b"x", codings=("gzip",)), "different", (), ()),
    ],
)
def test_exact_tells_where_it_can_what_is_different(found, reason, differing, missing):
    judged = judge(body(TICKET), found, rule(exact=True))
    assert (judged.result, judged.reason, judged.again) == (ReadResult.MISMATCH, reason, True)
    assert judged.differing == differing
    assert len(judged.missing) == (missing or 0)


def test_contains_ignores_what_storage_adds():
    stored = {"id": 7, "ticket": {"id": 9, **TICKET["ticket"], "created": "2031-05-04"}}
    judged = judge(body(TICKET), body(stored, "application/vnd.api+json; charset=utf-8"), rule())
    assert judged == Judgement(ReadResult.MATCH, compared=4)


@pytest.mark.parametrize(("sent", "stored"), [("1", "1.0"), ("100", "1e2"), ("-0", "0"), ("0.10", "10E-2")])
def test_numbers_are_compared_by_value(sent, stored):
    assert judge(body(sent.encode()), body(stored.encode()), rule()).result is ReadResult.MATCH


@pytest.mark.parametrize(
    ("sent", "stored"),
    [("1", "-1"), ("12345678901234567890123", "12345678901234567890124"), ("1", '"1"'), ('"a"', '"A"'),
     ("1e99999999999", "1e9999999999")],
)  # fmt: skip
def test_other_values_differ(sent, stored):
    assert judge(body(sent.encode()), body(stored.encode()), rule()).differing == ("$",)


def test_of_a_duplicate_name_one_value_is_enough_but_each_is_looked_for():
    sent = body(b'{"a": "x", "a": "y"}')
    assert judge(sent, body(b'{"a": "y"}'), rule()).differing == ("$.a",)
    assert judge(sent, body(b'{"a": "y", "a": "x"}'), rule()).result is ReadResult.MATCH


def test_places_lead_from_what_was_sent_to_where_it_is_stored():
    places = (
        ObjectPlace("$.ticket.comment.body", "$.ticket.description"),
        ObjectPlace("$.ticket.secret", None),
        ObjectPlace("$.ticket", "$['items'][0]"),
    )
    sent = {"ticket": {"comment": {"body": "Hello"}, "secret": "s", "n": 1}, "note": "beside"}
    how = rule(places=places)
    judged = judge(body(sent), body({"ticket": {"description": "Hello"}, "items": [{"n": 1}]}), how)
    assert (judged.result, judged.compared, judged.uncompared) == (ReadResult.MATCH, 2, 2)
    judged = judge(body(sent), body({"ticket": {"description": "Bye"}, "items": []}), how)
    assert (judged.differing, judged.missing) == (("$.ticket.comment.body",), ("$.ticket.n",))


@pytest.mark.parametrize("query", ["$..a", "$.a[-1]", "$[*]", "$[?@.a]", "a", "$['a','b']"])
def test_a_place_is_one_place(query):
    with pytest.raises(ConfigError):
        Places.compile([ObjectPlace(query, "$")])
    with pytest.raises(ConfigError):
        Places.compile([ObjectPlace("$", query)])


def test_what_was_not_sent_is_inspected_and_what_was_is_not_again():
    sent = {"note": "call zebra", "a": "same"}
    stored = {**sent, "author": "lion zebra", "zebra": "added"}
    judged = judge(body(sent), body(stored), rule(), finder("zebra", "lion"))
    assert (judged.result, judged.reason, judged.inspected) == (ReadResult.MISMATCH, "unredacted", True)
    assert judged.unredacted == {"LION": 1, "ZEBRA": 2}
    assert (judged.differing, judged.missing) == ((), ())
    judged = judge(body(sent), body({**sent, "b": "clean"}), rule(), finder("zebra"))
    assert (judged.result, judged.unredacted, judged.inspected) == (ReadResult.MATCH, {}, True)


def test_a_changed_value_is_inspected():
    judged = judge(body({"note": "<PERSON>"}), body({"note": "zebra"}), rule(), finder("zebra"))
    assert (judged.reason, judged.unredacted, judged.differing) == ("unredacted", {"ZEBRA": 1}, ("$.note",))


def test_a_part_may_be_exempt_from_inspection_which_is_counted():
    how = rule(uninspected=("$.agent",))
    judged = judge(body({"a": "x"}), body({"a": "x", "agent": {"name": "zebra"}}), how, finder("zebra"))
    assert (judged.result, judged.unredacted, judged.uninspected_bytes) == (
        ReadResult.MATCH,
        {},
        len("namezebra"),
    )


def test_an_inspection_that_fails_leaves_a_match_unread_and_a_mismatch_one():
    def fail(_: Document) -> Redaction:
        raise DetectionIncompleteError

    judged = judge(body({"a": "x"}), body({"a": "x"}), rule(), fail)
    assert (judged.result, judged.reason) == (ReadResult.UNREADABLE, "detection_incomplete")
    assert judge(body({"a": "x"}), body({"a": "y"}), rule(), fail).result is ReadResult.MISMATCH


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (body(b"x", "text/plain"), "media_type_unsupported"),
        (body(b"{", "application/json"), "body_malformed"),
        (body(b"{}", ""), "media_type_unsupported"),
        (body(b"{}", codings=("br",)), "content_encoding_malformed"),
    ],
)
def test_an_object_that_cannot_be_read_is_neither_match_nor_mismatch(found, reason):
    judged = judge(body({"a": "x"}), found, rule())
    assert (judged.result, judged.reason) == (ReadResult.UNREADABLE, reason)


def test_what_cannot_be_compared_by_value_is_said_at_once():
    with pytest.raises(ShieldError):
        COMPARER.expect(body(b"plain", "text/plain"), rule(), LIMITS)
    assert (
        COMPARER.expect(body(b"plain", "application/octet-stream"), rule(exact=True), LIMITS).leaves is None
    )


def test_other_media_types_are_compared_whole_and_told_apart_by_value():
    form = "application/x-www-form-urlencoded"
    judged = judge(body(b"a=1&b=2", form), body(b"a=1&b=3&c=4", form), rule(exact=True))
    assert (judged.compared, judged.differing) == (2, ("form.b[0]",))
    lines = "application/x-ndjson"
    judged = judge(body(b'{"a":1}\n{"a":2}\n', lines), body(b'{"a":1}\n', lines), rule(exact=True))
    assert judged.missing == ("line[1].a",)


def test_what_is_expected_holds_no_text_and_no_plain_digest():
    value = "maria.gonzalez@example.com"
    other = Comparer(CodecRegistry.default(), b"o" * 32)
    expected = COMPARER.expect(body({"a": value}), rule(), LIMITS)
    assert value not in repr(expected)
    assert expected.memory < 2_000
    there = other.expect(body({"a": value}), rule(), LIMITS)
    assert there.leaves is not None
    assert expected.leaves is not None
    assert there.leaves[0].digest != expected.leaves[0].digest


def test_no_path_is_shown_where_a_name_is_personal_data():
    sent, how = body({"maria": {"gonzalez": "x"}}), rule()
    expected = COMPARER.expect(sent, how, LIMITS, withhold=True)
    judged = COMPARER.judge(expected, body({}), how, LIMITS, None)
    assert judged.missing == (WITHHELD,)
    names = body({"Maria Gonzalez": "x"})
    assert judge(names, body({}), how).missing == ("$.*",)


def test_long_work_lets_others_go_first_and_can_be_ended():
    sent, how = body(list(range(3_000))), rule()
    asked: list[int] = []
    expected = COMPARER.expect(sent, how, LIMITS, check=lambda: asked.append(1))
    assert len(asked) == 6

    def late() -> None:
        raise DeadlineExceededError

    with pytest.raises(DeadlineExceededError):
        COMPARER.judge(expected, sent, how, LIMITS, None, check=late)
