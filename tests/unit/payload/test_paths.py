from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonpath_rfc9535 import find

from shield.domain import Edit
from shield.payload.field_names import EveryName, FieldNames, words_of
from shield.payload.paths import found_name, safe_path

NAMES = FieldNames(words_of("ticket comments body first name email address note"), ["custfield_77001", "é"])


@pytest.mark.parametrize(
    ("root", "location", "expected"),
    [
        ("$", (), "$"),
        ("$", ("a", 0, "b c"), "$.a[0]['b c']"),
        ("line[3]", ("a",), "line[3].a"),
        ("$", ("it's \\ \n\x01\x7f",), "$['it\\'s \\\\ \\n\\u0001\x7f']"),
        ("$", ("\ud800",), "$['\\ud800']"),
    ],
)
def test_names_that_are_no_shorthand_are_quoted_as_rfc_9535_has_it(root, location, expected):
    assert safe_path(root, location, EveryName(), {}) == expected


@given(st.text(max_size=8))
def test_a_path_whose_names_are_all_shown_is_a_query_that_finds_its_node(name):
    assert find(safe_path("$", (name,), EveryName(), {}), {name: 1}).values() == [1]


@pytest.mark.parametrize(
    ("location", "found", "expected"),
    [
        ((), {}, "$"),
        (("ticket", "comments", 0, "body"), {}, "$.ticket.comments[0].body"),
        (("first-name", "_name2"), {}, "$['first-name']._name2"),
        (("maria", "note"), {}, "$.*.note"),
        (("maria_note",), {}, "$.*"),
        (("jo@example.com",), {}, "$.*"),
        (("custfield_77001", "é"), {}, "$.custfield_77001['é']"),
        (("name", "note"), {("name",): "<PERSON>"}, "$['<PERSON>'].note"),
        (("note", "name"), {("name",): "<PERSON>"}, "$.note.name"),
        (("note", "name"), {("note", "name"): "*"}, "$.note.*"),
    ],
)
def test_safe_paths_show_names_of_fields_and_placeholders_only(location, found, expected):
    assert safe_path("$", location, NAMES, found) == expected


LOCATIONS = st.lists(
    st.text(max_size=12) | st.from_regex(r"[a-z]{1,8}([_.-][a-z]{1,8}){0,2}", fullmatch=True)
)


@given(LOCATIONS)
def test_a_name_that_is_not_known_is_in_no_path(location):
    shown = safe_path("$", tuple(location), NAMES, {})
    steps = [step for step in location if not NAMES.shows(step)]
    assert shown.count(".*") == len(steps)
    # Without the stars, only what is shown remains.
    assert shown.replace(".*", "") == safe_path("$", tuple(filter(NAMES.shows, location)), NAMES, {})


@pytest.mark.parametrize(
    ("name", "found", "expected"),
    [
        ("maria", ["maria"], "<PERSON>"),
        ("maria:jo", ["maria", "jo"], "<PERSON>:<PERSON>"),
        ("email_maria", ["maria"], "email_<PERSON>"),
        ("rosa_maria", ["maria"], "*"),
        ("<ROSA>_maria", ["maria"], "*"),
        ("call maria about the divorce", ["maria"], "*"),
        (":".join("abcdefghi"), list("abcdefghi"), "*"),
    ],
)
@pytest.mark.parametrize("operator", ["replace", "keep", "mask"])
def test_the_type_stands_for_what_was_found_in_a_name(name, found, expected, operator):
    edits = [Edit(name.index(text), name.index(text) + len(text), text, "PERSON", operator) for text in found]
    assert found_name(name, edits, NAMES) == expected


def test_who_holds_the_payload_sees_the_names_but_for_what_was_found():
    found = {("to maria",): found_name("to maria", [Edit(3, 8, "x", "PERSON", "replace")], EveryName())}
    assert (
        safe_path("$", ("to maria", "Rosa Diaz", 0), EveryName(), found) == "$['to <PERSON>']['Rosa Diaz'][0]"
    )
