from __future__ import annotations

import gzip
import json

import pytest

from shield.demo.leaks import planted_bytes, stored_values

CARD = "4111 1111 1111 1111"


@pytest.mark.parametrize(
    ("value", "body"),
    [
        ("Maria Gonzalez", b'{"name": "Maria Gonzalez"}'),
        ("Maria Gonzalez", b"MARIA\n  gonzalez"),
        ("Maria Gonzalez", b"name=Maria+Gonzalez&x=1"),
        ("maria@example.com", b"mail=maria%40example.com"),
        ("maria@example.com", b'{"a": ["\\u006daria@example.com"]}'),
        ("maria@example.com", b'{"maria@example.com": 1}'),
        ("maria@example.com", b'{"a": 1}\n{"b": "\\u006daria@example.com"}\n'),
        (CARD, b'{"card": 4111111111111111}'),
        (CARD, b"card 4111-1111-1111-1111."),
        ("415-555-0132", b"(415) 555 0132"),
        ("Zo\u00eb", '{"name": "Zo\u00eb"}'.encode()),
        ("Zo\u00eb", b'{"name": "Zo\\u00eb"}'),
    ],
)
def test_a_value_is_found_however_it_is_written(value: str, body: bytes) -> None:
    assert stored_values([value], body) == [value]


def test_a_value_is_found_in_a_compressed_body() -> None:
    assert stored_values([CARD], gzip.compress(CARD.encode()), "gzip") == [CARD]


@pytest.mark.parametrize(
    ("value", "body"),
    [
        ("Maria Gonzalez", b'{"name": "<PERSON>"}'),
        (CARD, b"**** **** **** 1111"),
        ("415-555-0132", b"<PHONE_NUMBER> 0132"),
        ("12-34", b"1 2 3 4"),  # too short to be searched for as a run of digits
    ],
)
def test_what_was_replaced_is_not_found(value: str, body: bytes) -> None:
    assert stored_values([value], body) == []


def test_a_deeply_nested_document_is_searched_as_text() -> None:
    body = b"[" * 100_000 + b'"maria@example.com"' + b"]" * 100_000
    assert stored_values(["maria@example.com"], body) == ["maria@example.com"]


def test_the_forms_of_a_value_in_other_files() -> None:
    assert list(planted_bytes("Zo\u00eb")) == ["Zo\u00eb".encode(), json.dumps("Zo\u00eb")[1:-1].encode()]
    assert list(planted_bytes("plain")) == [b"plain"]
