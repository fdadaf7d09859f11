from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.app.heart import read_vocabulary
from shield.payload import field_names
from shield.payload.field_names import NO_NAMES, EveryName, FieldNames, words_of

ROOT = Path(__file__).parents[3]
FILE = ROOT / "shield/payload/field_names.txt"
WORDS = read_vocabulary()

PEOPLE = """
james john robert michael william david richard charles joseph thomas mary patricia linda barbara
elizabeth jennifer maria susan margaret dorothy mark bill grant frank page may april june august art rob
sue pat jack ray max min mac rich will rose grace hope joy dawn sky drew chase miles dean guy don gene
jean angel christian olivia emma noah liam lucas mateo sofia lukas hanna jonas leon paul peter anna
elena ivan olga dmitri yuki hiroshi wei ming lin chen wang zhang liu li pan sun kim lee park choi an
nguyen tran le do vu can deniz or tal gal uri per are else tone live bo dag raj dev sen das ali omar
fatima mohammed ahmed aisha nino tin sin smith johnson williams brown jones garcia miller davis
rodriguez martinez hernandez lopez gonzalez wilson anderson taylor moore jackson martin thompson white
harris clark lewis robinson walker young allen king wright scott hill green adams baker nelson carter
price banks wood gross day weeks ward bell cook brooks cash sellers held muller schmidt schneider
fischer weber meyer wagner becker koch bauer richter klein wolf lang rossi silva santos costa
""".split()  # noqa: SIM905  a table of words reads best as prose

names = FieldNames(WORDS)


@pytest.mark.parametrize(
    "name",
    [
        "email", "Email", "EMAIL", "createdAt", "created_at", "created-at", "CreatedAt", "HTTPStatus",
        "userIDs",
        "address_line_1", "line2", "last4", "ticket[comment][body]", "items[0].name", "$ref", "@type",
        "_links",
        "MailingStreet", "resourceType", "birthDate", "SystemModstamp", "short_description",
    ],
)  # fmt: skip
def test_what_is_made_of_words_of_fields_is_shown(name):
    assert names.shows(name)


@pytest.mark.parametrize(
    "name",
    [
        "", "maria", "Maria", "MARIA", "maria_lopez", "mariaLopez", "john.street", "streetJohn",
        "notes_for_maria",
        "ticket[maria]", "maria@example.com", "email address", "na\u00efve", "\u0435mail", "email\n",
        "email\u0301",
        "415-555-0132", "ssn_536221234", "pin_447", "born1984", "42", "0", "_", "id/id", "'id'", "<id>",
        "id*",
        "id_" * 22,
    ],
)  # fmt: skip
def test_everything_else_is_not(name):
    assert not names.shows(name)


@given(st.text() | st.from_regex(r"([A-Za-z]{1,9}[_.-]?){1,4}", fullmatch=True))
def test_a_name_is_shown_for_its_words_alone(name):
    if names.shows(name):
        rest = name.lower()
        for word in sorted(WORDS, key=len, reverse=True):
            rest = rest.replace(word, "")
        assert not any(map(str.isalpha, rest))
    assert not NO_NAMES.shows(name)
    assert EveryName().shows(name)


@given(st.lists(st.sampled_from(sorted(WORDS)), min_size=1, max_size=4), st.sampled_from(PEOPLE), st.data())
def test_one_word_of_a_person_hides_the_whole(words, person, data):
    place = data.draw(st.integers(0, len(words)))
    mixed = [*words[:place], person, *words[place:]]
    for name in ("_".join(mixed), "-".join(mixed), ".".join(mixed), "".join(map(str.capitalize, mixed))):
        assert not names.shows(name)


def test_whole_names_of_the_operator_are_shown_as_they_are():
    more = names.also(["Zendir 77001", "Maria"]).also(["é"])
    assert all(map(more.shows, ("Zendir 77001", "Maria", "é", "email")))
    assert not any(map(more.shows, ("maria", "Maria_email", "zendir", "77001")))
    assert not names.shows("Maria")


def test_nothing_is_remembered_but_what_was_shown_and_of_that_not_everything(monkeypatch):
    monkeypatch.setattr(field_names, "MAX_REMEMBERED", 2)
    own = FieldNames(WORDS, ["Maria"])
    for name in ("maria", "email", "rosa_diaz", "Maria", "phone", "body"):
        assert own.shows(name) is own.shows(name)
    assert own._remembered == {"email", "phone"}


def test_the_vocabulary_is_lower_case_ascii_each_word_once():
    listed = [
        word for line in FILE.read_text().splitlines() if not line.startswith("#") for word in line.split()
    ]
    assert len(listed) == len(set(listed))
    assert set(listed) == WORDS
    assert all(word.isascii() and word.isalpha() and word.islower() for word in listed)


def test_the_vocabulary_has_no_names_of_people():
    assert WORDS.isdisjoint(PEOPLE)


def test_words_are_read_past_comments():
    assert words_of("# a b\nc  d\n\n#e\nf\n") == {"c", "d", "f"}


def members(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from members(item)


def names_in(file: Path) -> Iterator[str]:
    match file.suffix:
        case ".json":
            yield from members(json.loads(file.read_bytes()))
        case ".ndjson":
            for line in file.read_text().splitlines():
                yield from members(json.loads(line))
        case ".form":
            yield from (name for name, _ in parse_qsl(file.read_text()))


def test_the_samples_of_the_quick_start_have_fields_of_known_names():
    found = {
        name
        for folder in ("tickets", "contacts", "transcripts")
        for file in (ROOT / "config/quickstart" / folder).iterdir()
        for name in names_in(file)
    }
    assert len(found) > 50
    assert {name for name in found if not names.shows(name)} == {
        "olivia.bennett@example.com",
        "support@example.com",
    }
