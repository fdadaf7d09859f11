"""The correction that a message about a configuration suggests."""

from __future__ import annotations

import pytest

from shield.config.source import suggestion

ENTITIES = ("CREDIT_CARD", "EMAIL_ADDRESS", "PERSON", "PHONE_NUMBER", "US_SSN")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("PERSN", "PERSON"),
        ("EMAIL_ADRESS", "EMAIL_ADDRESS"),
        ("EMAIL", "EMAIL_ADDRESS"),
        ("phone", "PHONE_NUMBER"),
        ("SSN", "US_SSN"),
    ],
)
def test_a_name_that_is_near_or_holds_it_as_a_word_is_proposed(name, meant):
    assert suggestion(name, ENTITIES) == f" (did you mean {meant!r}?)"


@pytest.mark.parametrize("name", ["", "IBAN", "CARDS_OF_ALL", "Person"])
def test_what_is_near_to_none_proposes_none(name):
    assert suggestion(name, ENTITIES) == ""
