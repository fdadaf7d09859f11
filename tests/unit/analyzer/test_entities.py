"""What the default policy finds in plain sentences, and what it leaves unchanged."""

from __future__ import annotations

import pytest

from shield.analyzer.engine import Analyzer
from tests.unit.analyzer.conftest import DEFAULT_ENTITIES, found, segment

SENTENCES = [
    ("PERSON", "Maria Garcia", "Hello, my name is Maria Garcia and I cannot log in."),
    ("EMAIL_ADDRESS", "maria.garcia@example.com", "Write to maria.garcia@example.com, please."),
    ("PHONE_NUMBER", "415-555-0132", "You can reach me on 415-555-0132 tomorrow."),
    ("PHONE_NUMBER", "(415) 555-0132", "(415) 555-0132 is mine"),
    ("PHONE_NUMBER", "+1 415 555 0132", "It is +1 415 555 0132."),
    ("PHONE_NUMBER", "4155550132", "call me at 4155550132"),
    ("LOCATION", "Berlin", "I live in Berlin, Germany."),
    ("CREDIT_CARD", "4111 1111 1111 1111", "I paid with 4111 1111 1111 1111 twice."),
    ("CREDIT_CARD", "4111111111111111", "4111111111111111"),
    ("IBAN_CODE", "GB82 WEST 1234 5698 7654 32", "Refund it to GB82 WEST 1234 5698 7654 32."),
    ("US_SSN", "536-22-1234", "My number is 536-22-1234."),
    ("US_SSN", "536221234", "SSN:\n536221234"),
    ("US_SSN", "536221234", "my social security number is 536221234"),
    ("US_ITIN", "912-70-1234", "The ITIN is 912-70-1234."),
    ("US_PASSPORT", "C12345678", "My passport number is C12345678."),
    ("US_BANK_NUMBER", "12345678901", "My bank account number is 12345678901."),
    ("UK_NHS", "943 476 5919", "NHS number 943 476 5919"),
    ("UK_NHS", "9434765919", "my NHS number is 9434765919"),
    ("MEDICAL_LICENSE", "AB1234563", "The DEA license is AB1234563."),
    ("IP_ADDRESS", "203.0.113.7", "I connect from 203.0.113.7."),
    ("CRYPTO", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "send it to 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"),
]


@pytest.mark.parametrize(("entity", "value", "sentence"), SENTENCES)
def test_found_in_a_plain_sentence(full: Analyzer, entity: str, value: str, sentence: str) -> None:
    assert (entity, value) in found(full, segment(sentence))


def test_every_default_entity_is_in_the_table() -> None:
    assert {entity for entity, _, _ in SENTENCES} == set(DEFAULT_ENTITIES)


@pytest.mark.parametrize(
    "text",
    [
        "ticket #1234567890",
        "order 4155550132 shipped",
        "order number 10029384756",
        "INV-2023-00451",
        "ACME order 100-200-3000",
        "timestamp 1700000011",
        "v2.31.4 of the app",
        "65a08ac9-2b5c-4f0a-8a3c-1d2e3f405162",
        "tracking 1Z999AA10123456784",
        "on 2024-11-23 10:30 and 23.11.2024",
        "error 0x80070057, code E1234",
        "page 211-227 (2003)",
        "The customer discussed 123456789 items",
        "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "",
        " \n\t",
    ],
)
def test_not_found(full: Analyzer, text: str) -> None:
    assert found(full, segment(text)) == []


@pytest.mark.parametrize("text", ["4111 1111 1111 1112", "SSN 000-12-3456", "GB82 WEST 1234 5698 7654 33"])
def test_no_pattern_finds_what_fails_its_check(patterns_only: Analyzer, text: str) -> None:
    assert found(patterns_only, segment(text)) == []
