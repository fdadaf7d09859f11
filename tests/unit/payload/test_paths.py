from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonpath_rfc9535 import find

from shield.payload.paths import normalized_path, safe_path


@pytest.mark.parametrize(
    ("root", "location", "expected"),
    [
        ("$", (), "$"),
        ("$", ("a", 0, "b c"), "$['a'][0]['b c']"),
        ("line[3]", ("a",), "line[3]['a']"),
        ("$", ("it's \\ \n\x01\x7f",), "$['it\\'s \\\\ \\n\\u0001\x7f']"),
        ("$", ("\ud800",), "$['\\ud800']"),
    ],
)
def test_normalized_paths(root, location, expected):
    assert normalized_path(root, location) == expected


@given(st.text(max_size=8))
def test_normalized_paths_are_queries_that_find_their_node(name):
    assert find(normalized_path("$", (name,)), {name: 1}).values() == [1]


@pytest.mark.parametrize(
    ("location", "renamed", "expected"),
    [
        ((), {}, "$"),
        (("ticket", "comments", 0, "body"), {}, "$.ticket.comments[0].body"),
        (("first-name", "_x9"), {}, "$['first-name']._x9"),
        (("jo@example.com",), {}, "$.*"),
        (("Jo Miller", "x"), {}, "$.*.x"),
        (("415-555-0132",), {}, "$.*"),
        (("ssn_536221234",), {}, "$.*"),
        (("line2024",), {}, "$.line2024"),
        (("",), {}, "$.*"),
        (("a" * 65,), {}, "$.*"),
        (("é",), {}, "$.*"),
        (("a\n",), {}, "$.*"),
        (("Miller", "x"), {("Miller",): "<PERSON>"}, "$['<PERSON>'].x"),
        (("a", "Miller"), {("Miller",): "<PERSON>"}, "$.a.Miller"),
        (("a", "Miller"), {("a", "Miller"): "<PERSON>_2"}, "$.a['<PERSON>_2']"),
        (("x",), {("x",): "call <PERSON> about the divorce"}, "$.*"),
        (("x",), {("x",): "***1111"}, "$.*"),
        (("x",), {("x",): ""}, "$.*"),
        (("x",), {("x",): "12345"}, "$.*"),
    ],
)
def test_safe_paths_show_identifiers_and_placeholders_only(location, renamed, expected):
    assert safe_path("$", location, renamed) == expected
