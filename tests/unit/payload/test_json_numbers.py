from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.domain import FieldRule, SegmentKind
from shield.payload.json_codec import JsonCodec
from shield.payload.json_numbers import plain
from tests.unit.payload.apply import decode, keep, replace_text


@pytest.mark.parametrize(
    ("literal", "said"),
    [
        ("4111111111111111", "4111111111111111"),
        ("4111111111111111.0", "4111111111111111"),
        ("4.111111111111111e15", "4111111111111111"),
        ("0.04111111111111111E+17", "4111111111111111"),
        ("41111111111111110e-1", "4111111111111111"),
        ("-5.36221234e8", "-536221234"),
        ("5.252e1", "52.52"),
        ("12.50", "12.50"),
        ("10", "10"),
        ("0.0", "0"),
        ("0e0", "0"),
        ("1e-7", "1e-7"),
        ("1e400", "1e400"),
        ("1e99999", "1e99999"),
        ("9" * 50 + "0", "9" * 50 + "0"),
    ],
)
def test_a_number_is_read_as_what_it_says(literal: str, said: str) -> None:
    assert plain(literal) == said


@given(st.from_regex(r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?", fullmatch=True))
def test_what_is_read_is_the_same_number(literal: str) -> None:
    assert Decimal(plain(literal)) == Decimal(literal)


@pytest.mark.parametrize("rules", [[], [keep("$.b")], [keep("$[?@ == 7]")]])
def test_the_document_keeps_its_literals_where_nothing_is_edited(rules: list[FieldRule]) -> None:
    body = b'{"a": 4.111111111111111e15, "b":1.0,"c":[1E2 , -2.50]}'
    document = decode(JsonCodec(), body, *rules)
    numbers = [each.text for each in document.segments if each.kind is SegmentKind.NUMBER]
    assert numbers == ["4111111111111111", "1", "100", "-2.50"]
    assert document.encode({}) is body
    edited = replace_text(document, {"4111111111111111": "<CARD>"})
    assert edited == b'{"a": "<CARD>", "b":1.0,"c":[1E2 , -2.50]}'
