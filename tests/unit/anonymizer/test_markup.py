"""Replacements in HTML."""

from __future__ import annotations

import pytest

from shield.anonymizer.markup import as_markup, is_markup


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("<p>Hi</p>", True),
        ("one<br>two", True),
        ('<IMG src="x.png" />', True),
        ("<!DOCTYPE html>x", True),
        ("x</DIV >", True),
        ("a Map<String, List<b>>", False),
        ("Maria <maria@example.com>", False),
        ("I am <PERSON>", False),
        ("1 < 2 and <a> is a tag", False),
        ("&lt;p&gt;Hi&lt;/p&gt;", False),
        ("</person>", False),
        ("<breaking> <hrx>", False),
        ("", False),
    ],
)
def test_html_is_told_by_an_end_or_an_element_without_one(text: str, *, markup: bool) -> None:
    assert is_markup(text) is markup


def test_what_html_reads_as_a_tag_is_shown() -> None:
    assert as_markup('<PERSON> & "co"') == "&lt;PERSON&gt; &amp; &quot;co&quot;"
