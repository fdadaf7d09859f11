"""With a memory, the heart gives exactly the same results as without, whatever came before."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shield.analyzer.attempt import Attempt
from shield.analyzer.remembered import RememberedFindings
from shield.anonymizer.engine import Anonymizer, builtin_operators
from shield.domain import DetectorSpec, Limits, OperatorSpec, Policy
from shield.payload.codecs import CodecRegistry
from shield.payload.field_names import FieldNames
from shield.payload.header_value import decode_field
from shield.payload.media_type import MediaType
from shield.payload.selectors import NO_RULES, FieldRules
from shield.payload.target import decode_path, decode_query
from shield.redactor import Manner, Redactor
from tests.unit.analyzer.built import analyzer_of

JSON = MediaType.parse("application/json")
FAST = DetectorSpec(model="fast")
ENTITIES = ("PERSON", "LOCATION", "EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "US_SSN", "DATE_TIME")
POLICIES = [
    Policy("a", "sha256:a", dict.fromkeys(ENTITIES, OperatorSpec("replace")), FAST),
    Policy("b", "sha256:b", dict.fromkeys(ENTITIES[2:], OperatorSpec("mask")), FAST),
]
FILLER = "the parcel that was sent last week has still not come and nobody answers at the depot "
SAID = st.sampled_from(
    [
        "Hello, this is Maria Garcia from Springfield, please write to maria.garcia@example.com",
        "I paid with 4111 1111 1111 1111 and my number is 415-555-0132",
        "my ssn is 536-22-1234",
        "What is your name?",
        "5343",
        "maria",
        "four one one one, one one one one",
        FILLER,
        FILLER + "my name is John Smith and I live in Leeds. " + FILLER,
        FILLER + "call me on 415-555-0132, card 4111111111111111. " + FILLER,
    ]
)
NAMES = st.sampled_from(
    ["body", "comment", "ssn", "phone", "id", "name", "Maria", "jo@example.com", "4111111111111111", "a note"]
)
SHOWN = FieldRules.compile((), FieldNames(frozenset({"body", "comment", "ssn", "phone"}), ["id", "a note"]))
"""Names of fields that may be kept; some others hold personal data."""
DOCUMENTS = st.recursive(
    st.one_of(SAID, st.lists(SAID, min_size=2, max_size=3).map(" ".join)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=10,
)


@cache
def analyzers() -> dict[DetectorSpec, Any]:
    return {FAST: analyzer_of(FAST)}


def heart(memory: RememberedFindings | None) -> Redactor:
    anonymizer = Anonymizer({}, builtin_operators(), bytes)
    return Redactor(CodecRegistry.default(), analyzers(), anonymizer, memory)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(DOCUMENTS, st.sampled_from(POLICIES)), min_size=1, max_size=5),
    st.sampled_from([1 << 20, 2000]),
)
def test_it_gives_what_it_gives_without_a_memory(documents: list[tuple[Any, Policy]], limit: int) -> None:
    remembering, forgetting = heart(RememberedFindings(limit, b"k" * 32)), heart(None)
    for document, policy in [*documents, *documents]:
        body = json.dumps(document).encode()
        with_memory = remembering.redact(body, JSON, policy, limits=Limits(), rules=SHOWN)
        without = forgetting.redact(body, JSON, policy, limits=Limits(), rules=SHOWN)
        assert with_memory._replace(looked_up=0, remembered=0) == without


TARGETS = st.sampled_from(
    [
        "/api/tickets/new",
        "/api/tickets/4111-1111-1111-1111",
        "/users/maria.garcia@example.com",
        "/maria/garcia",
    ]
)
QUERIES = st.sampled_from(
    ["page=2", "email=maria.garcia@example.com", "page=2&ssn=536-22-1234", "name=maria"]
)


@settings(max_examples=20)
@given(
    st.lists(st.tuples(TARGETS, QUERIES, st.sampled_from(POLICIES)), max_size=4),
    st.sampled_from([1 << 20, 700]),
)
def test_paths_and_queries_come_out_as_without_a_memory(
    targets: list[tuple[str, str, Policy]], limit: int
) -> None:
    remembering, forgetting = heart(RememberedFindings(limit, b"k" * 32)), heart(None)
    for path, query, policy in [*targets, *targets]:
        whole = decode_path(path)
        if remembering.nothing_in("path", [(it.text, it.location, "path") for it in whole.segments], policy):
            assert not forgetting.redact_document(whole, policy).findings
        for document in (decode_path(path), decode_query(query)):
            assert remembering.redact_document(document, policy) == forgetting.redact_document(
                document, policy
            )


VALUES = st.sampled_from(
    [
        "maria.garcia@example.com",
        "https://a.example/?q=maria.garcia%40example.com",
        "Maria Garcia",
        "nothing",
        "https://a.example/tickets?tab=2",
    ]
)


@settings(max_examples=20)
@given(
    st.lists(
        st.tuples(st.sampled_from(["x-a", "x-name"]), VALUES, st.booleans(), st.sampled_from(POLICIES)),
        max_size=4,
    )
)
def test_header_fields_come_out_as_without_a_memory(fields: list[tuple[str, str, bool, Policy]]) -> None:
    remembering, forgetting = heart(RememberedFindings(1 << 20, b"k" * 32)), heart(None)
    for name, value, is_address, policy in [*fields, *fields]:
        field = decode_field(name, 0, value.encode(), limits=Limits(), is_address=is_address)
        pieces = [(it.text, it.location, it.kind.value) for it in field.segments]
        expected = forgetting.redact_document(field, policy)
        if remembering.nothing_in("header", pieces, policy):
            assert not expected.findings
        assert remembering.redact_document(field, policy) == expected


def test_of_a_path_it_is_remembered_that_nothing_was_found() -> None:
    memory = RememberedFindings(1 << 20, b"k" * 32)
    for path in ("/users/maria.garcia@example.com", "/api/tickets/new"):
        assert memory.size == 0
        heart(memory).redact_document(decode_path(path), POLICIES[0])
    assert memory.size
    pieces = [("api", (0,), "path"), ("tickets", (1,), "path"), ("new", (2,), "path")]
    assert heart(memory).nothing_in("path", pieces, POLICIES[0])
    assert not heart(memory).nothing_in("path", pieces[:2], POLICIES[0])
    assert not heart(memory).nothing_in("path", [], POLICIES[0])
    assert not heart(memory).nothing_in("path", [*pieces] * 6, POLICIES[0])
    assert not heart(None).nothing_in("path", pieces, POLICIES[0])
    # It is all that is checked when the path comes again: if it is there, no detector is asked.
    mail = decode_path("/users/maria.garcia@example.com")
    digest = memory.digest_of_target(mail.segments, POLICIES[0], analyzers()[FAST].digest)
    assert digest is not None
    memory.remember(digest, ())
    assert not heart(memory).redact_document(mail, POLICIES[0]).findings


def test_what_patterns_alone_found_is_not_remembered() -> None:
    """The next write with the same text is inspected in full; the partial result is not reused."""
    body = json.dumps(
        {"body": f"{FILLER}my name is Maria Garcia and my card is 4111 1111 1111 1111"}
    ).encode()
    memory = RememberedFindings(1 << 20, b"k" * 32)
    remembering = heart(memory)
    reduced = remembering.redact(
        body, JSON, POLICIES[0], limits=Limits(), rules=NO_RULES, manner=Manner(attempt=Attempt(reduced=True))
    )
    assert b"Maria" in reduced.body
    assert b"4111" not in reduced.body
    assert memory.size == 0
    whole = remembering.redact(body, JSON, POLICIES[0], limits=Limits(), rules=NO_RULES)
    assert b"Maria" not in whole.body


def test_the_earlier_comments_of_a_thread_are_not_analyzed_again() -> None:
    remembering = heart(RememberedFindings(1 << 20, b"k" * 32))
    comments: list[dict[str, str]] = []
    for number in range(5):
        comments.append({"body": f"{FILLER}my card is 4111 1111 1111 1111, for order {number}"})
        body = json.dumps({"updated": number, "comments": comments}).encode()
        redaction = remembering.redact(body, JSON, POLICIES[0], limits=Limits(), rules=NO_RULES)
        assert (redaction.looked_up, redaction.remembered) == (number + 1, number)
        assert b"4111" not in redaction.body
