"""Values spread over subtitle cues or over one speaker's turns: what is found, and where."""

from __future__ import annotations

import pytest

from shield.analyzer.conversation.dialogue import Dialogue
from shield.analyzer.conversation.turns import Turns
from shield.analyzer.engine import Analyzer
from shield.analyzer.layouts.joined import JOINED
from shield.domain import DetectorSpec, Finding, Segment
from tests.unit.analyzer.built import analyzer_of
from tests.unit.analyzer.conftest import policy

SRT = "1\n00:00:01,000 --> 00:00:04,000\nit is {}\n\n2\n00:00:04,200 --> 00:00:07,000\n{} and that is all\n"


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return analyzer_of(DetectorSpec(model="none", recognizers=("default", "shield")))


def _found(analyzer: Analyzer, text: str) -> list[Finding]:
    found = analyzer.analyze([Segment(0, text)], policy(*analyzer.supported_entities))[0]
    return [finding for finding in found if finding.view == JOINED]


@pytest.mark.parametrize(
    ("text", "entity", "pieces"),
    [
        (SRT.format("4111 1111", "1111 1111"), "CREDIT_CARD", ["4111 1111", "1111 1111"]),
        (
            SRT.replace("\n\n", "\n").replace("-->", "--&gt;").format("4111 1111", "1111 1111"),
            "CREDIT_CARD",
            ["4111 1111", "1111 1111"],
        ),
        (
            SRT.format("write to maria.gomez", "@example.com"),
            "EMAIL_ADDRESS",
            ["maria.gomez", "@example.com"],
        ),
        (
            (
                "WEBVTT\n\n00:12.000 --> 00:15.000 align:start\n<v Ann>GB82 WEST 1234</v>\n\n"
                "00:15.400 --> 00:18.000\n<v Ann>5698 7654 32</v>\n"
            ),
            "IBAN_CODE",
            ["GB82 WEST 1234", "5698 7654 32"],
        ),
        (
            (
                "[00:01:02] Caller: it is four one one one one one one one\n[00:01:05] Agent: okay, go on\n"
                "[00:01:07] Caller: one one one one one one one one\n"
            ),
            "CREDIT_CARD",
            ["four one one one one one one one", "one one one one one one one one"],
        ),
        (
            "Caller: my social is 536\nAgent: uh-huh\nCaller: 22\nAgent: yes\nCaller: 1234",
            "US_SSN",
            ["536", "22", "1234"],
        ),
        (
            "12/03/2024, 10:15 - Jo: 4111 1111\n12/03/2024, 10:16 - Jo: 1111 1111",
            "CREDIT_CARD",
            ["4111 1111", "1111 1111"],
        ),
        (
            "Jo (10:15 AM): 4111 1111\nJo (10:16 AM): 1111 1111",
            "CREDIT_CARD",
            ["4111 1111", "1111 1111"],
        ),
        (
            "Jo Bly  10:15 AM\n4111 1111\nJo Bly  10:16 AM\n1111 1111",
            "CREDIT_CARD",
            ["4111 1111", "1111 1111"],
        ),
        ("[10:15] 4111 1111\n[10:16] 1111 1111", "CREDIT_CARD", ["4111 1111", "1111 1111"]),
    ],
)
def test_a_value_goes_on_in_the_next_piece(
    analyzer: Analyzer, text: str, entity: str, pieces: list[str]
) -> None:
    found = sorted({(each.start, each.end) for each in _found(analyzer, text) if each.entity_type == entity})
    assert [text[start:end] for start, end in found] == pieces


@pytest.mark.parametrize(
    "text",
    [
        "[00:01] Caller: 4111 1111\n[00:02] Agent: 1111 1111",  # two people's
        "Caller: 4111 1111\nAgent: and your order number please\nCaller: 1111 1111",  # another answer
        "Caller: 12 Elm\nCaller: Street is where I live",  # words, not a number
        "Price: 4111 1111\nPrice: 1111 1111",  # no turns
        "4111 1111\n1111 1111",
        "Caller: 4111 1111 1111 1111\nCaller: thanks 22",  # already complete
    ],
)
def test_what_is_not_one_value_is_not_made_one(analyzer: Analyzer, text: str) -> None:
    assert _found(analyzer, text) == []


def test_a_text_without_turns_is_not_read_again() -> None:
    assert (
        list(Turns(Dialogue()).of_text("Hello,\nmy card 4111 1111\n1111 1111 was declined at 10:15\nBye"))
        == []
    )
