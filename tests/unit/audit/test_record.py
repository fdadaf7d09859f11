from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.audit import exchange_records, record, run_records
from shield.audit.exchange_records import Facts
from shield.audit.record import Draft, Kind, encode_record, rfc3339
from shield.audit.sequencer import Sequencer
from shield.domain import Decision, Verdict
from shield.errors import AuditUnavailableError

from .logs import HMAC, Clock, basis, facts, intent, outcome, placed

NONCE = bytes(16)


def fields_of(draft: record.Draft) -> dict[str, object]:
    return json.loads(encode_record(draft, index=5, time=1_900_000_000_123_456_789, nonce=NONCE))


def test_a_record_is_compact_json_in_a_fixed_order():
    raw = encode_record(outcome(3), index=5, time=1_900_000_000_123_456_789, nonce=NONCE)
    assert raw == (
        b'{"version":1,"index":5,"kind":"outcome","time":"2030-03-17T17:46:40.123456Z",'
        b'"nonce":"00000000000000000000000000000000","request_id":"request-0","intent":3,'
        b'"result":"answered","upstream_status":200,"upstream_us":2000}'
    )


def test_what_has_no_fields_is_a_record_as_well():
    raw = encode_record(Draft(Kind.BOOT, {}), index=5, time=1_000, nonce=NONCE, clock_back_us=7)
    assert list(json.loads(raw)) == ["version", "index", "kind", "time", "nonce", "clock_back_us"]


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0, "1970-01-01T00:00:00.000000Z"),
        (999, "1970-01-01T00:00:00.000000Z"),
        (1_900_000_000_000_000_000, "2030-03-17T17:46:40.000000Z"),
        (1_900_000_000_999_999_999, "2030-03-17T17:46:40.999999Z"),
    ],
)
def test_times(nanoseconds, text):
    assert rfc3339(nanoseconds) == text


@given(st.integers(0, 4_000_000_000_000_000_000), st.integers(0, 4_000_000_000_000_000_000))
def test_times_sort_as_text(first, second):
    assert (rfc3339(first) < rfc3339(second)) == (first // 1000 < second // 1000)


def test_findings_are_counted_by_type():
    findings = [
        placed("PERSON", "$.a", 0.85),
        placed("US_SSN", "$.b", 1.0),
        placed("PERSON", "$.a", 0.6),
        placed("PERSON", "$.c"),
    ]
    assert fields_of(intent(findings=findings))["findings"] == [
        {
            "type": "PERSON",
            "count": 3,
            "paths": ["$.a", "$.c"],
            "recognizers": ["SpacyRecognizer"],
            "operators": ["replace"],
            "min_score": 0.6,
        },
        {
            "type": "US_SSN",
            "count": 1,
            "paths": ["$.b"],
            "recognizers": ["SpacyRecognizer"],
            "operators": ["replace"],
            "min_score": 1.0,
        },
    ]


def test_many_paths_are_listed_in_part():
    found = fields_of(intent(findings=[placed(path=f"$.a[{number}]") for number in range(100)]))["findings"]
    assert found[0]["count"] == 100
    assert len(found[0]["paths"]) == 32
    assert found[0]["paths_omitted"] == 68


@pytest.mark.parametrize("length", [100, 2_000, 20_000, 64_000])
@pytest.mark.parametrize("types", [1, 20])
def test_a_record_that_would_be_too_long_loses_paths_only(length, types):
    findings = [
        placed(f"TYPE_{kind}", f"$.{'x' * length}{number}") for kind in range(types) for number in range(40)
    ]
    paths = tuple(f"$.{'y' * length}{number}" for number in range(40))
    draft = intent(findings=findings, dropped=paths, type_changes=paths)
    raw = encode_record(draft, index=5, time=0, nonce=NONCE)
    assert len(raw) <= 65_535
    fields = json.loads(raw)
    listed = [*fields["findings"], fields["dropped"], fields["type_changes"]]
    assert len(listed) == types + 2
    for found in listed:
        assert found["count"] == 40
        assert len(found["paths"]) + found.get("paths_omitted", 0) == 40


def test_a_record_that_cannot_fit_is_refused():
    with pytest.raises(AuditUnavailableError):
        encode_record(intent(policy="x" * 70_000), index=0, time=0, nonce=NONCE)


@pytest.mark.parametrize("verdict", [*{*Verdict} - {Verdict.FORWARD_REDACTED, Verdict.BYPASS}])
def test_an_unchanged_body_has_no_unkeyed_digest(verdict):
    fields = fields_of(intent(decision=Decision(verdict)))
    assert fields["body_after"] == fields["body_before"] == HMAC
    assert "d" * 64 not in json.dumps(fields)


def test_a_redacted_body_has_a_digest_that_anybody_can_check():
    assert fields_of(intent())["body_after"] == "sha256:" + "d" * 64
    assert fields_of(intent(body_after_sha256="sha256:" + "d" * 64))["body_after"] == "sha256:" + "d" * 64


def test_a_bypass_says_what_went_on_as_it_came_and_what_was_redacted():
    known = Facts("id", "POST", body_before_hmac=HMAC, size_before=9)
    plain = exchange_records.bypass(
        known, basis(), upstream="store", reason="body_malformed", as_received=["body"]
    ).fields
    assert (plain["body_after"], plain["size_after"], plain["as_received"]) == (HMAC, 9, ["body"])
    assert not {"dropped", "type_changes"} & plain.keys()
    redacted = exchange_records.bypass(
        known,
        basis(),
        upstream="store",
        reason="detection_incomplete",
        as_received=["query", "header"],
        body_after_sha256="d" * 64,
        size_after=7,
        dropped=["$.a"],
        type_changes=["$.b"],
    ).fields
    assert (redacted["body_after"], redacted["size_after"]) == ("sha256:" + "d" * 64, 7)
    assert redacted["decision"] == "bypass"
    assert redacted["dropped"] == {"count": 1, "paths": ["$.a"]}
    assert redacted["type_changes"] == {"count": 1, "paths": ["$.b"]}


def test_where_only_the_target_was_redacted_the_body_keeps_its_keyed_digest():
    assert fields_of(intent(body_after_sha256=""))["body_after"] == HMAC


def test_an_unkeyed_digest_of_the_body_before_is_refused():
    with pytest.raises(ValueError, match="keyed"):
        intent(body_before_hmac="sha256:" + "a" * 64)


def test_a_request_without_a_body_has_no_digests():
    fields = fields_of(intent(body_before_hmac="", body_after_sha256="", decision=Decision(Verdict.FORWARD)))
    assert fields["body_before"] is None
    assert fields["body_after"] is None


@pytest.mark.parametrize(
    ("given_type", "recorded"),
    [
        ("application/json; charset=utf-8", "application/json"),
        ("multipart/form-data; boundary=jane-roe", "multipart/form-data"),
        ("Text/Plain", "text/plain"),
        ("", ""),
        ("jane roe", "other"),
        ("a/" + "x" * 200, "other"),
    ],
)
def test_media_types_say_nothing_of_the_client(given_type, recorded):
    assert fields_of(intent(media_type=given_type))["media_type"] == recorded


@pytest.mark.parametrize(
    ("method", "recorded"),
    [("POST", "POST"), ("PURGE", "PURGE"), ("jane", "OTHER"), ("A" * 30, "OTHER"), ("", "OTHER")],
)
def test_methods_say_nothing_of_the_client(method, recorded):
    assert fields_of(intent(method=method))["method"] == recorded


def test_a_bypass_and_a_reject_have_the_fields_of_an_intent():
    bypass = exchange_records.bypass(
        facts(size_before=7), basis(), upstream="store", reason="deadline_exceeded"
    )
    assert bypass.kind is Kind.BYPASS
    assert (bypass.fields["decision"], bypass.fields["reason"]) == ("bypass", "deadline_exceeded")
    assert bypass.fields["body_after"] == HMAC
    assert bypass.fields["size_after"] == 7
    nobody = Facts(request_id="r", method="GET")
    reject = exchange_records.reject(nobody, None, code="route_not_found", status=404)
    assert (reject.fields["decision"], reject.fields["status"]) == ("reject", 404)
    assert reject.fields["body_after"] is None
    assert reject.fields["route"] is None
    assert set(bypass.fields) == set(intent().fields) == set(reject.fields) - {"status"}
    blocked = exchange_records.reject(
        facts(findings=[placed()]), basis(), code="policy_blocked", status=422, blocked=True
    )
    assert (blocked.fields["decision"], blocked.fields["reason"]) == ("block", "policy_blocked")
    assert blocked.fields["findings"][0]["count"] == 1


def test_configuration_records():
    draft = run_records.config(
        reason="reload",
        digest_before="sha256:a",
        digest_after="sha256:b",
        build="shield/1",
        policies={"p": "x"},
    )
    assert fields_of(draft)["policies"] == {"p": "x"}
    assert fields_of(draft)["build"] == "shield/1"


def sequencer(clock: Clock | None = None, **changes: object) -> Sequencer:
    arguments = {"next_index": 0, "last_time_us": 0, "open_intents": {}, "clock": clock or Clock(), **changes}
    counter = iter(range(10**6))
    return Sequencer(**arguments, random=lambda size: next(counter).to_bytes(1, "big") * size)


def test_the_sequencer_numbers_records_and_keeps_the_open_intents():
    made = sequencer()
    first, _ = made.encode(intent(1))
    second, _ = made.encode(intent(2))
    assert (first, second, made.oldest_needed) == (0, 1, 0)
    made.encode(outcome(first, 1))
    assert (made.open_intents, made.oldest_needed) == ({1: "request-2"}, 1)
    made.encode(outcome(second, 2))
    assert (made.open_intents, made.oldest_needed, made.next_index) == ({}, 4, 4)


def test_an_outcome_of_nothing_is_refused_and_leaves_no_gap():
    made = sequencer()
    with pytest.raises(ValueError, match="open"):
        made.encode(outcome(7))
    assert made.encode(intent())[0] == 0


def test_a_record_that_is_refused_leaves_no_gap():
    made = sequencer()
    with pytest.raises(AuditUnavailableError):
        made.encode(intent(policy="x" * 70_000))
    assert made.encode(intent())[0] == 0


def test_a_clock_that_jumps_back_is_recorded_as_it_is_and_noted():
    clock = Clock()
    made = sequencer(clock)
    made.encode(intent())
    clock.now -= 3_600_000_000_000
    fields = json.loads(made.encode(intent())[1])
    assert fields["clock_back_us"] == 3_600_000_000 - 1000
    assert fields["time"] < "2030-03-17T17:00"
    assert "clock_back_us" not in json.loads(made.encode(intent())[1])


def test_nonces_differ_and_are_drawn_in_bulk():
    drawn = []

    def random(size: int) -> bytes:
        drawn.append(size)
        return bytes(range(256)) * (size // 256)

    made = Sequencer(next_index=0, last_time_us=0, open_intents={}, clock=Clock(), random=random)
    for _ in range(257):
        made.encode(intent())
    assert drawn == [4096, 4096]


@pytest.mark.parametrize("where", [None, basis()])
def test_what_is_kept_of_a_refusal_is_what_would_be_made(where):
    """The cached refusal record equals one newly made for a request of which only the head was read."""
    for request_id in ("a" * 32, "b" * 32, "c" * 200):
        made = exchange_records.reject(
            Facts(request_id, "POST", "1.0", "application/json", "acme"), where, code="saturated", status=503
        )
        kept = exchange_records.unread(
            request_id,
            where,
            method="POST",
            build="1.0",
            media_type="application/json",
            tenant="acme",
            code="saturated",
            status=503,
        )
        assert encode_record(kept, index=5, time=1, nonce=NONCE) == encode_record(
            made, index=5, time=1, nonce=NONCE
        )
