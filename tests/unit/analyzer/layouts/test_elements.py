"""Values of XML elements in a text are read under the elements' names."""

from __future__ import annotations

import pytest

from shield.analyzer.layouts.elements import values
from shield.domain import DetectorSpec
from tests.unit.analyzer.built import analyzer_of
from tests.unit.analyzer.conftest import found, policy, segment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<ssn>5</ssn>", [(("ssn",), "5")]),
        ('<a:user x="1"><a:ssn n="2">5</a:ssn></a:user>', [(("user", "ssn"), "5")]),
        ("<x><y><z><ssn>5</ssn></z></y></x>", [(("y", "z", "ssn"), "5")]),
        (
            "<user><first>Jo</first><last>Ek</last></user>",
            [(("user", "first name"), "Jo"), (("user", "last name"), "Ek")],
        ),
        ("<race><first>Jo</first></race>", []),
        ("<ssn><b>5</b></ssn><ssn/><ssn> </ssn>", []),
        ("<td>5</td> <ssn>5 </x> 6</ssn>", []),
        ("<ssn>5</pin> </ssn", []),
        (f"{'List<String> ' * 40}<ssn>5</ssn>", [(("String", "String", "ssn"), "5")]),
    ],
)
def test_a_value_has_the_names_of_its_elements(
    text: str, expected: list[tuple[tuple[str, ...], str]]
) -> None:
    cells = values(text, lambda names: names[-1] == "ssn")
    assert [(cell.names, text[cell.start : cell.end]) for cell in cells] == expected


@pytest.mark.parametrize(
    "text", ["<ssn>" * 50_000, "</ssn>" * 50_000, "<ssn><pin>" * 20_000 + "</ssn>" * 20_000]
)
def test_tags_without_end_are_read_once(text: str) -> None:
    assert list(values(text, lambda _: True)) == []


def test_what_the_name_says_is_found_in_the_element_alone() -> None:
    analyzer = analyzer_of(DetectorSpec(model="none", recognizers=("default", "shield")))
    piece = segment("see <user><first>jane</first><pin>4711</pin><plan>4712</plan></user>", "text")
    assert found(analyzer, piece, policy("PERSON", "PIN")) == [("PERSON", "jane"), ("PIN", "4711")]


def test_an_address_that_a_card_folds_is_found_whole() -> None:
    analyzer = analyzer_of(DetectorSpec(model="none", recognizers=("default", "shield")))
    text = "BEGIN:VCARD\r\nEMAIL:ornella.marche\r\n tti@example.it\r\nEND:VCARD"
    assert found(analyzer, segment(text, "text"), policy("EMAIL_ADDRESS")) == [
        ("EMAIL_ADDRESS", "ornella.marche\r\n tti@example.it")
    ]
