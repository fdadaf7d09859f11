"""Values split over members: which are read together, which findings count, and where they lie."""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import json
from typing import Any

import pytest

from shield.analyzer.engine import Analyzer
from shield.analyzer.layouts.joined import JOINED
from shield.analyzer.layouts.pieces import Pieces
from shield.analyzer.resolver import resolve
from shield.domain import DetectorSpec, Limits, Segment
from shield.payload.json_codec import JsonCodec, NdjsonCodec
from shield.payload.selectors import NO_RULES
from shield.payload.target import decode_query
from tests.unit.analyzer.built import analyzer_of
from tests.unit.analyzer.conftest import policy

CARD = "4111111111111111"


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return analyzer_of(DetectorSpec(model="none", recognizers=("default", "shield")))


def _segments(document: Any, *, lines: bool = False) -> list[Segment]:
    codec = NdjsonCodec() if lines else JsonCodec()
    body = "\n".join(map(json.dumps, document)) if lines else json.dumps(document)
    return list(codec.decode(body.encode(), limits=Limits(), rules=NO_RULES, charset=None).segments)


def _found(analyzer: Analyzer, segments: list[Segment]) -> list[tuple[str, str]]:
    under = policy()
    found = analyzer.analyze(segments, under)
    return [
        (finding.entity_type, segment.text[finding.start : finding.end])
        for segment, findings in zip(segments, found, strict=True)
        for finding in resolve(segment.text, findings, under)
    ]


def _words(text: str) -> list[dict[str, Any]]:
    return [{"word": word, "start": place} for place, word in enumerate(text.split())]


@pytest.mark.parametrize(
    ("document", "entity", "pieces"),
    [
        (["my", "card", "is", "4111", "1111", "1111", "1111"], "CREDIT_CARD", "4111 1111 1111 1111"),
        ({"words": _words("my card is 4111 1111 1111 1111 ok")}, "CREDIT_CARD", "4111 1111 1111 1111"),
        (
            {"words": _words("the card four one one one " + "one " * 12 + "thanks")},
            "CREDIT_CARD",
            "four " + "one " * 15,
        ),
        (
            {"items": [{"alternatives": [{"content": w}]} for w in "ssn is 536 22 1234".split()]},
            "US_SSN",
            "536 22 1234",
        ),
        ({"words": _words("my social security number is 536221234")}, "US_SSN", "536221234"),
        ({"runs": [{"text": "SSN: "}, {"text": "536-22-"}, {"text": "1234"}]}, "US_SSN", "536-22- 1234"),
        ({"ssn1": "536", "ssn2": "22", "ssn3": "1234"}, "US_SSN", "536 22 1234"),
        ({"user": {"ssn_1": 536, "ssn_2": 22, "ssn_3": 1234}}, "US_SSN", "536 22 1234"),
        (
            {"card-01": "4111", "card-02": "1111", "card-03": "1111", "card-04": "1111"},
            "CREDIT_CARD",
            "4111 1111 1111 1111",
        ),
        (
            [{"word1": "call 415-", "word2": "x"}, {"word1": "555-0132", "word2": "y"}],
            "PHONE_NUMBER",
            "415- 555-0132",
        ),
        (
            {"words": _words("write to maria dot garcia at example dot com")},
            "EMAIL_ADDRESS",
            "maria dot garcia at example dot com",
        ),
        (
            {"ops": [{"insert": "call 415-"}, {"insert": "555"}, {"insert": "-0132\n"}]},
            "PHONE_NUMBER",
            "415- 555 -0132",
        ),
        (
            {"content": [{"text": "(maria.garcia"}, {"text": "@example.com"}]},
            "EMAIL_ADDRESS",
            "maria.garcia @example.com",
        ),
        ({"ssn": ["536", "22", "1234"]}, "US_SSN", "536 22 1234"),
        ({"card": [4111, 1111, 1111, 1111]}, "CREDIT_CARD", "4111 1111 1111 1111"),
        ({"iban": "GB82 WEST 1234 5698 7654 32".split()}, "IBAN_CODE", "GB82 WEST 1234 5698 7654 32"),
        ({"card": [int(figure) for figure in CARD]}, "CREDIT_CARD", " ".join(CARD)),
        ([*CARD], "CREDIT_CARD", " ".join(CARD)),
        ({f"digit_{place}": figure for place, figure in enumerate(CARD)}, "CREDIT_CARD", " ".join(CARD)),
        (
            {"rows": [{"ssn_1": "536", "ssn_2": "22", "ssn_3": "1234"}, {"ssn_1": "x", "ssn_2": "y"}]},
            "US_SSN",
            "536 22 1234",
        ),
        ({"user[ssn][0]": "536", "user[ssn][1]": "22", "user[ssn][2]": "1234"}, "US_SSN", "536 22 1234"),
        ({f"card[{n}]": CARD[4 * n :][:4] for n in range(4)}, "CREDIT_CARD", "4111 1111 1111 1111"),
        ([{"c1": 4111, "c2": 1111, "c3": 1111, "c4": 1111}], "CREDIT_CARD", "4111 1111 1111 1111"),
        ([["a", "4111", "1111", "1111", "1111"]], "CREDIT_CARD", "4111 1111 1111 1111"),
    ],
)  # fmt: skip
def test_a_value_in_pieces_is_found_in_each(
    analyzer: Analyzer, document: Any, entity: str, pieces: str
) -> None:
    assert _found(analyzer, _segments(document)) == [(entity, piece) for piece in pieces.split()]


def test_a_value_in_pieces_of_a_query_is_found_in_each(analyzer: Analyzer) -> None:
    query = decode_query("&".join(f"card[{n}]={CARD[4 * n :][:4]}" for n in range(4)))
    pieces = "4111 1111 1111 1111".split()
    assert _found(analyzer, list(query.segments)) == [("CREDIT_CARD", piece) for piece in pieces]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (
            ["four one one one", *["one one one one"] * 3],
            [("CREDIT_CARD", "four one one one"), *[("CREDIT_CARD", "one one one one")] * 3],
        ),
        (
            {"turns": [{"text": "My SSN is five three six."}, {"text": "Two two. One two three four."}]},
            [("US_SSN", "five three six."), ("US_SSN", "Two two. One two three four")],
        ),
    ],
)
def test_a_number_said_over_pieces_of_several_words_is_found_in_each(
    analyzer: Analyzer, document: Any, expected: list[tuple[str, str]]
) -> None:
    found = _found(analyzer, _segments(document))
    assert [it for it in found if it[0] == expected[0][0]] == expected


@pytest.mark.parametrize(
    "lines",
    [
        [{"delta": "card 4111 11"}, {"delta": "11 1111 1111"}],
        ["card 4111 11", "11 1111 1111"],
        [{"card_1": "card 4111 11", "card_2": "11 1111 1111"}],
    ],
)
def test_a_value_over_lines_of_ndjson_is_found(analyzer: Analyzer, lines: list[Any]) -> None:
    segments = _segments(lines, lines=True)
    assert [text for _, text in _found(analyzer, segments)] == ["4111 11", "11 1111 1111"]


@pytest.mark.parametrize(
    "document",
    [
        {"ids": ["45561234", "12345674"]},
        {"orders": [{"id": "45561234"}, {"id": "12345674"}]},
        {"sizes": [123, 45, 6789]},
        {"series": list(range(1000, 1040))},
        {"cards": [4111, 1111, 1111, 1112]},
        {"digits": [int(figure) for figure in "4111111111111112"]},
        {"digits": [int(figure) for figure in CARD * 2]},
        {"comments": [{"body": "Thanks"}, {"body": "on it, will call"}]},
        {"a": [{"x": "4111 1111"}], "b": [{"x": "1111 1111"}]},
        {"a": [{"x": "4111 1111"}, {}, {}, {}, {"x": "1111 1111"}]},
        {"a": [["4111", "1111"], ["1111", "1111"]]},
        {"labels": ["v1", "v2", "v3", "v4", "v5"]},
        {"steps": ["press one two", "three four then go"]},
        {"turns": ["version two point one", "one two weeks ago", "seats twenty one", "twenty two and one"]},
        {"items": [{"end_time": "0.4"}, {"end_time": "15.05"}, {"end_time": "15.40"}, {"end_time": "15.62"}]},
        {"versions": ["3.11.2", "3.11.3", "3.12.0"]},
    ],
)
def test_what_is_no_value_in_pieces_is_left(analyzer: Analyzer, document: Any) -> None:
    assert _found(analyzer, _segments(document)) == []


def test_a_word_before_an_address_in_the_next_piece_is_no_part_of_it(analyzer: Analyzer) -> None:
    segments = _segments({"comments": [{"body": "Thanks a lot\n"}, {"body": "maria@example.com is mine"}]})
    assert _found(analyzer, segments) == [("EMAIL_ADDRESS", "maria@example.com")]


def test_what_is_found_over_pieces_says_so(analyzer: Analyzer) -> None:
    segments = _segments({"ssn": ["536", "22", "1234"]})
    views = {finding.view for findings in analyzer.patterns_alone(segments, policy()) for finding in findings}
    assert JOINED in views


def test_only_the_ends_of_long_pieces_are_read() -> None:
    segments = _segments([{"t": "a " * 5000 + "4111 1111"}, {"t": "1111 1111 " + "b " * 5000}])
    [first, second] = Pieces().joined(segments)[:2]
    assert len(first.view.text) < 400
    assert first.parts[-1].offset + (first.parts[-1].end - first.parts[-1].start) == len(segments[-1].text)
    del second


def test_a_long_row_of_pieces_is_read_in_windows_that_overlap(analyzer: Analyzer) -> None:
    card = "4111 1111 1111 1111".split()
    words = [*["well", "then"] * 900, *card, *["so", "it", "goes"] * 700, *card]
    segments = _segments({"words": _words(" ".join(words))})
    read = Pieces().joined(segments)
    assert max(len(each.view.text) for each in read) < 5_000
    assert [text for _, text in _found(analyzer, segments)] == [*card, *card]


def test_a_members_name_is_read_in_time_linear_in_its_length(analyzer: Analyzer) -> None:
    name = "_" * 100_000
    assert _found(analyzer, _segments({f"{name}!1": "4111", f"{name}!2": "1111"})) == []
