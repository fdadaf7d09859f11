"""Lists of byte values that spell a text."""

from __future__ import annotations

import json
from typing import Any

import pytest

from shield.analyzer.engine import Analyzer
from shield.analyzer.resolver import resolve
from shield.domain import DetectorSpec, Limits, Segment
from shield.payload.json_codec import JsonCodec
from shield.payload.selectors import NO_RULES
from tests.unit.analyzer.built import analyzer_of
from tests.unit.analyzer.conftest import policy

LETTER = "Zoë wrote to maria.garcia@example.com on it."
ADDRESS = "maria.garcia@example.com"


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return analyzer_of(DetectorSpec(model="none", recognizers=("default", "shield")))


def segments(document: Any) -> list[Segment]:
    body = json.dumps(document).encode()
    return list(JsonCodec().decode(body, limits=Limits(), rules=NO_RULES, charset=None).segments)


def found(analyzer: Analyzer, document: Any) -> list[tuple[str, str]]:
    """Type and text of what is found, an element each."""
    under, given = policy(), segments(document)
    return [
        (it.entity_type, segment.text[it.start : it.end])
        for segment, findings in zip(given, analyzer.analyze(given, under), strict=True)
        for it in resolve(segment.text, findings, under)
    ]


def signed(data: bytes) -> list[int]:
    return [each - 256 if each > 127 else each for each in data]


@pytest.mark.parametrize("listed", [list, signed])
@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        (LETTER, "EMAIL_ADDRESS", ADDRESS),
        ("card 4111 1111 1111 1111 ok", "CREDIT_CARD", "4111 1111 1111 1111"),
        ("SSN: 536-22-1234", "US_SSN", "536-22-1234"),
    ],
)
def test_each_element_of_a_value_is_found(
    analyzer: Analyzer, listed: Any, text: str, entity: str, value: str
) -> None:
    document = {"id": 7, "file": {"type": "Buffer", "data": listed(text.encode())}, "more": [1, 2]}
    assert found(analyzer, document) == [(entity, str(byte)) for byte in value.encode()]


@pytest.mark.parametrize(
    "document",
    [
        list(ADDRESS.encode()[:8]),
        [*ADDRESS.encode()[:12], 0, *ADDRESS.encode()[12:]],
        [*ADDRESS.encode()[:12], 3000, *ADDRESS.encode()[12:]],
        [*ADDRESS.encode()[:12], 1.5, *ADDRESS.encode()[12:]],
        [*ADDRESS.encode()[:12], "x", *ADDRESS.encode()[12:]],
        [[each] for each in ADDRESS.encode()],
        {f"n{place}": each for place, each in enumerate(ADDRESS.encode())},
        [52, 49, 49, 49] * 4,  # ages, or digits: nobody knows
        [60, 72, 88, 90] * 9,
        7,
    ],
)
def test_other_numbers_are_no_text(analyzer: Analyzer, document: Any) -> None:
    assert found(analyzer, document) == []
