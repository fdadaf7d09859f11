"""E-mail message identifiers stay and people's addresses do not, whatever their member is called."""

from __future__ import annotations

import pytest

from shield.analyzer.key_names import key_words
from shield.analyzer.message_ids import are_message_ids
from shield.domain import OperatorSpec, Policy, Segment

ID = "<CAF3Yq8aKx77-2b@mail.example.com>"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("message_id", ID),
        ("Message-ID", f" {ID}"),
        ("internetMessageId", "<20260309101455.4f2a9@mx.example.org>"),
        ("In-Reply-To", ID),
        ("iCalUID", "7kukuqrfedlm2f9t0vk3q1b2c4@google.com"),
        ("iCalUId", "7kukuqrfedlm2f9t0vk3q1b2c4@example.com"),
        ("references", f"{ID} {ID}\n {ID}"),
    ],
)
def test_what_names_a_message_is_no_address(name, text, patterns_only):
    assert are_message_ids(text, key_words(name))
    assert _found(patterns_only, text, name) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("message", ID),
        ("reply_to", ID),
        ("message_id", "maria.garcia@example.com"),
        ("iCalUID", "maria.garcia@example.com"),
        ("message_id", "<maria.garcia@example.com>"),
        ("message_id", "<maria88@example.com>"),
        ("references", f"{ID} <jo@example.com>"),
        ("message_id", f"{ID} from jo@example.com"),
    ],
)
def test_anything_else_is_an_address(name, text, patterns_only):
    assert not are_message_ids(text, key_words(name))
    assert len(_found(patterns_only, text, name)) == text.count("@")


def test_a_list_of_identifiers_stays(patterns_only):
    policy = Policy("p", "", {"EMAIL_ADDRESS": OperatorSpec("replace")})
    segments = [Segment(place, ID, ("references", place)) for place in range(3)]
    assert patterns_only.analyze(segments, policy) == [[], [], []]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"Message-ID: {ID}\nFrom: jo@example.com", ["jo@example.com"]),
        (f"> References: {ID}\n {ID}\n\ttext jo@example.com", ["jo@example.com"]),
        ("Message-ID: <jo@example.com>", ["jo@example.com"]),
        (f"see {ID}", [ID.strip("<>")]),
        (
            "BEGIN:VEVENT\nUID:19970901T130000Z-123401@example.com\nORGANIZER:mailto:jo@example.com",
            ["jo@example.com"],
        ),
        ("UID:jo@example.com", ["jo@example.com"]),
        ("UID:maria.garcia1985@example.com\nlogged in", ["maria.garcia1985@example.com"]),
    ],
)
def test_in_the_head_of_a_pasted_mail_or_in_a_calendar_it_is_none(text, left, patterns_only):
    assert [text[each.start : each.end] for each in _found(patterns_only, text, "body")] == left


def _found(engine, text, name):
    policy = Policy("p", "", {"EMAIL_ADDRESS": OperatorSpec("replace")})
    return engine.analyze([Segment(0, text, (name,))], policy)[0]
