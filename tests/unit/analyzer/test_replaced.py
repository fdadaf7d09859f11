"""Replacements of an earlier write, and the words in them."""

from __future__ import annotations

import pytest

from shield.analyzer.replaced import in_replacement, replaced


def test_a_replacement_is_the_name_of_a_type_and_nothing_else() -> None:
    text = "<PERSON> <person> <PERSON:12> &lt;PERSON&gt; <OTHER> <PERSON"
    assert [text[start:end] for start, end in replaced(text, {"PERSON"})] == ["<PERSON>", "&lt;PERSON&gt;"]


@pytest.mark.parametrize(
    ("text", "label", "within"),
    [
        ("pw=<PASSWORD> host", "PASSWORD", True),
        ("&lt;PASSWORD&gt; host", "PASSWORD", True),
        ("<CARD_EXPIRY> 12", "EXPIRY", True),
        ("<PASSWORD>host</PASSWORD>", "PASSWORD", False),
        ("&lt;PASSWORD&gt;host&lt;/PASSWORD&gt;", "PASSWORD", False),
        ("<password> host", "password", False),
        ("<PASSWORD host", "PASSWORD", False),
        ("a; PASSWORD host", "PASSWORD", False),
        ("PASSWORD> host", "PASSWORD", False),
    ],
)
def test_a_label_in_a_replacement_names_nothing_behind_it(text: str, label: str, *, within: bool) -> None:
    value = "host" if "host" in text else "12"
    assert in_replacement(text, text.index(label), text.index(value) + len(value)) is within
