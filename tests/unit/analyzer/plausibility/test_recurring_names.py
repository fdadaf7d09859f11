"""The family names of people who are named in full elsewhere in a text are found."""

from __future__ import annotations

import pytest

from shield.analyzer.plausibility.recurring_names import AGAIN, recurring
from shield.domain import Finding


def _person(text: str, value: str, score: float = 0.95, kind: str = "PERSON") -> Finding:
    start = text.index(value)
    return Finding(start, start + len(value), kind, score, "TaggerRecognizer")


@pytest.mark.parametrize(
    ("text", "name", "family"),
    [
        ("Edith Vance-Moreau will speak, Vance-Moreau's office said.", "Edith Vance-Moreau", "Vance-Moreau"),
        ("So Czarnecki wrote. His name is Zbig Czarnecki.", "Zbig Czarnecki", "Czarnecki"),
    ],
)
def test_a_family_name_by_itself_is_found_again(text: str, name: str, family: str) -> None:
    found = recurring(text, [_person(text, name)])
    assert [(text[each.start : each.end], each.score) for each in found] == [(family, AGAIN)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hartmut Brandt, Brandt Labortechnik GmbH", "Hartmut Brandt"),
        ("Jane Doe from doe@example.com and /home/Doe", "Jane Doe"),
        ("Mercedes picks up the Mercedes", "Mercedes"),
        ("maria lopez and lopez", "maria lopez"),
    ],
)
def test_of_a_company_an_address_or_one_word_nothing_is_said(text: str, name: str) -> None:
    assert recurring(text, [_person(text, name)]) == []


def test_what_is_found_already_stays_and_a_company_of_that_name_is_the_family_too() -> None:
    text = "Otto Czarnecki called. Czarnecki paid."
    person, again = _person(text, "Otto Czarnecki"), text.rindex("Czarnecki")
    street = Finding(again, again + 9, "STREET_ADDRESS", 0.9, "TaggerRecognizer")
    assert recurring(text, [person, street]) == []
    assert recurring(text, [person, street._replace(entity_type="ORGANIZATION")]) != []
    assert recurring(text, [person._replace(score=0.4)]) == []


def test_what_is_looked_at_is_bounded() -> None:
    text = "Otto Czarnecki called. " + "x " * 1000 + "Czarnecki paid."
    assert recurring(text, [_person(text, "Otto Czarnecki")]) == []
