from __future__ import annotations

import pytest

from shield.cli.options import policy_of, settings_of
from shield.evidence.words import Inspect, words_inspector
from tests.unit.analyzer.built import STORE


@pytest.fixture(scope="module")
def inspect() -> Inspect:
    return words_inspector(policy_of(settings_of(None), None), STORE)


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("Known: the vendor sends images, see the ticket", []),
        ("https://tickets.example.com/browse/SEC-1234", []),
        ("INC0012345", []),
        ("card 4111 1111 1111 1111", ["CREDIT_CARD"]),
        ("wrote to maria@example.com from GB82 WEST 1234 5698 7654 32", ["EMAIL_ADDRESS", "IBAN_CODE"]),
    ],
)
def test_types_of_personal_data_in_words(inspect, text, types):
    assert inspect(text) == types
