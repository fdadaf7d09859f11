"""How HTML is recognized, and how replacements are written into it."""

from __future__ import annotations

import pytest

from shield.payload.markup import as_text, is_markup


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
        ("1\n00:00:01,000 --> 00:00:04,000\n<i>This is Maria</i>\n", False),
        ("WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<i>This is Maria</i>\n", True),
        ("<p>a --> b</p>", True),
    ],
)
def test_html_is_told_by_an_end_or_an_element_without_one(text: str, *, markup: bool) -> None:
    assert is_markup(text) is markup


@pytest.mark.parametrize(
    ("replacement", "replaced", "written"),
    [
        ('<PERSON> & "co"', "Maria", "&lt;PERSON&gt; & &quot;co&quot;"),
        ("R&D &lt; &copy", "Maria", "R&amp;D &lt; &amp;copy"),
        ("&lt;PERSON&gt;", "Maria", "&lt;PERSON&gt;"),
        ("*** <b>****1111</b>", "4111 <b>11111111</b>", "*** <b>****1111</b>"),
        ("<b>", "Maria", "&lt;b&gt;"),
        ('***"***', 'Jo "J', '***"***'),
        ("PERSON", "Maria", "PERSON"),
    ],
)
def test_what_html_reads_as_a_sign_is_shown(replacement: str, replaced: str, written: str) -> None:
    assert as_text(replacement, replaced) == written
