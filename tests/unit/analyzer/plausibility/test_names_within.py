"""The words beside a name show that it is part of a company's, street's, place's or thing's name."""

from __future__ import annotations

import pytest

from shield.analyzer.plausibility.names_within import is_of_a_thing, within


@pytest.mark.parametrize(
    ("text", "span", "label", "expected"),
    [
        ("Who runs Varga Kft. now", "Varga", "PERSON", "ORGANIZATION"),
        ("It was Boon & Smit B.V. then", "Boon", "PERSON", "ORGANIZATION"),
        ("paid by Jensen ASA yesterday", "Jensen ASA", "PERSON", "ORGANIZATION"),
        ("by Lourenço e Filhos", "Lourenço", "PERSON", "ORGANIZATION"),
        ("at Brunet Leroy S.A. in May", "Brunet Leroy S", "PERSON", "ORGANIZATION"),
        ("Nowak Sp. z o.o., Poznań", "z o.o.", "PERSON", "ORGANIZATION"),
        ("from Mazur Sp. z o.o. in May", "Mazur Sp.", "PERSON", "ORGANIZATION"),
        ("by Colombo e Figli", "e Figli", "PERSON", "ORGANIZATION"),
        ("ask Lindqvist AB today", "Lindqvist", "PERSON", "ORGANIZATION"),
        ("transfer by Carlos Tours coach 4", "Carlos Tours", "PERSON", "ORGANIZATION"),
        ("Mr Pat Carlos Tours", "Pat Carlos Tours", "PERSON", "PERSON"),
        ("maria tours", "maria tours", "PERSON", "PERSON"),
        ("Jane Doe AB positive", "Jane Doe", "PERSON", "PERSON"),
        ("Maria Lopez Payments Team", "Maria Lopez", "PERSON", "PERSON"),
        ("Anna Maria Weber AG", "Anna Maria Weber AG", "PERSON", "PERSON"),
        ("Hi Anna, Smith Ltd wrote", "Anna", "PERSON", "PERSON"),
        ("Anna, Group 3 starts now", "Anna", "PERSON", "PERSON"),
        ("Carson NV 89701", "Carson", "PERSON", "PERSON"),
        ("Jane Doe, Limited time offer", "Jane Doe", "PERSON", "PERSON"),
        ("Jane Doe, Logistics", "Jane Doe", "PERSON", "PERSON"),
        ("Jane Doe, Group Lead", "Jane Doe", "PERSON", "PERSON"),
        ("from Jane Doe, NV", "Jane Doe", "PERSON", "PERSON"),
        ("call Jane Doe Acme Ltd", "Jane Doe", "PERSON", "PERSON"),
        ("by Jane Doe, Inc.", "Jane Doe", "PERSON", "ORGANIZATION"),
        ("call Anna S.K. today", "Anna S", "PERSON", "PERSON"),
        ("the stop is at Paula Close", "Paula Close", "PERSON", "STREET_ADDRESS"),
        ("Bruce Lane", "Bruce Lane", "PERSON", "PERSON"),
        ("meet me at Alameda Vicente", "Alameda Vicente", "PERSON", "STREET_ADDRESS"),
        ("near Bácstamásii utca today", "Bácstamásii utca", "ORGANIZATION", "STREET_ADDRESS"),
        ("attached to Howe's Brigade", "Howe's Brigade", "ORGANIZATION", "ORGANIZATION"),
        ("Markbaan 9, 7798 MR Aalten", "Aalten", "PERSON", "LOCATION"),
        ("H-3846 Töröktótháza", "Töröktótháza", "PERSON", "LOCATION"),
        ("In 2004, Citrone was sentenced", "Citrone", "PERSON", "PERSON"),
        ("a reply from Contoso", "Contoso", "ORGANIZATION", "ORGANIZATION"),
    ],
)
def test_what_a_name_is_a_part_of(text: str, span: str, label: str, expected: str) -> None:
    start = text.index(span)
    assert within(text, start, start + len(span), label) == expected


@pytest.mark.parametrize(
    ("text", "span", "taken"),
    [
        ('{"contact":{"fn":"Awa"}}', "fn", True),
        ('{"name": "Awa", "age": 4}', "Awa", False),
        ("GET /products?brand=Jordan&size=42", "Jordan", True),
        ("GET /people?name=Jordan&size=42", "Jordan", False),
        ("/calendar?event=Jordan", "Jordan", False),
        ('{"Awa": "called at five"}', "Awa", False),
        ("anders called", "anders", False),
        ("sandra last name self", "self", False),
        ("ravi 415289", "ravi", False),
        ("tak samo jak", "tak samo jak", True),
    ],
)
def test_what_things_are_called(text: str, span: str, taken: bool) -> None:
    start = text.index(span)
    words = [word.strip(".").lower() for word in span.split()]
    assert is_of_a_thing(text, start, start + len(span), words) is taken
