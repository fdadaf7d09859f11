"""Findings leave out the markup around a value, and do not cut a pair of tags in half."""

from __future__ import annotations

import pytest

from shield.analyzer.layouts.joined import JOINED
from shield.analyzer.layouts.markup import beside_markup, between_signs, between_tags, with_mentions
from shield.domain import Finding


@pytest.mark.parametrize(
    ("text", "found", "left"),
    [
        ("x &lt;jon@x.org&gt;", "lt;jon@x.org&", "jon@x.org"),
        ("x &lt;jon@x.org&gt;", "lt", ""),
        ("Jon &amp; Mary", "Jon &amp; Mary", "Jon &amp; Mary"),
        ("a&nbsp;Jon&nbsp;b", "nbsp;Jon&nbsp", "Jon"),
        ("&#39;Jon&#39;", "Jon&#39", "Jon"),
        ("Q&A; Jon", "A; Jon", "A; Jon"),
        ("no sign Jon", "Jon", "Jon"),
        ("<p>Jon</p>", "p>Jon</", "Jon"),
        ("<p>Jon<br/>Doe</p>", "Jon<br/>Doe", "Jon<br/>Doe"),
        ('<img alt="Jon">', 'Jon">', 'Jon">'),
        ("a<br >Jon", "br >Jon", "Jon"),
    ],
)
def test_a_finding_leaves_out_the_markup_at_its_ends(text: str, found: str, left: str) -> None:
    start = text.index(found)
    findings = beside_markup([Finding(start, start + len(found), "PERSON", 0.9, "Test")], text)
    assert [text[each.start : each.end] for each in findings] == ([left] if left else [])


@pytest.mark.parametrize(
    ("text", "kind", "found", "left"),
    [
        ("user=jdoe msg=bad", "PERSON", "user=jdoe msg", ["jdoe"]),
        ("ssn=536221234;", "US_SSN", "ssn=536221234;", ["536221234"]),
        ("a=b Ana", "PERSON", "Ana", ["Ana"]),
        ("**Ana** *Lima*", "PERSON", "**Ana** *Lima*", ["Ana", "Lima"]),
        ("pass a=b*c", "PASSWORD", "a=b*c", ["a=b*c"]),
        ("eW91cg==", "PERSON", "eW91cg==", ["eW91cg=="]),
    ],
)
def test_a_finding_leaves_out_keys_and_marks_of_markdown(
    text: str, kind: str, found: str, left: list[str]
) -> None:
    start = text.index(found)
    findings = between_signs([Finding(start, start + len(found), kind, 0.9, "Test")], text)
    assert [text[each.start : each.end] for each in findings] == left


@pytest.mark.parametrize(
    ("text", "found", "left"),
    [
        ("cc @Ana Lima", "Lima", "Ana Lima"),
        ("cc @Ana  Lima", "Lima", "Lima"),
        ("mail a@Ana Lima", "Lima", "Lima"),
        ("Ana Lima", "Lima", "Lima"),
    ],
)
def test_a_name_begins_with_its_mention(text: str, found: str, left: str) -> None:
    start = text.index(found)
    findings = with_mentions([Finding(start, start + len(found), "PERSON", 0.9, "Test")], text)
    assert [text[each.start : each.end] for each in findings] == [left]


@pytest.mark.parametrize(
    ("text", "kind", "left"),
    [
        ("<strong>Dele</strong> <em>Adeyemi", "PERSON", ["Dele", "Adeyemi"]),
        ('Dele <a href="/x?y=1">Adeyemi', "PERSON", ["Dele", "Adeyemi"]),
        ("Ma<b>ri</b>a", "PERSON", ["Ma", "ri", "a"]),
        ("12 Elm Street</td><td>Leeds", "STREET_ADDRESS", ["12 Elm Street", "Leeds"]),
        ("a < b and c > d", "LOCATION", ["a < b and c > d"]),
        ("<br>", "PERSON", []),
        ("4111 <b>1111</b> 1111 1111", "CREDIT_CARD", ["4111 <b>1111</b> 1111 1111"]),
    ],
)
def test_a_name_is_redacted_between_tags_and_a_number_whole(text: str, kind: str, left: list[str]) -> None:
    found = between_tags([Finding(0, len(text), kind, 0.9, "Test")], text)
    assert [text[each.start : each.end] for each in found] == left


@pytest.mark.parametrize(
    ("text", "found", "left"),
    [
        ("<p>at: <b>212</b> 555 0143</p>", "212</b> 555 0143", "<b>212</b> 555 0143"),
        ("<p>at: 212 <b>555 0143</b></p>", "212 <b>555 0143", "212 <b>555 0143</b>"),
        ("<p>212 <i><b>555<br>0143</b></i></p>", "212 <i><b>555<br>0143", "212 <i><b>555<br>0143</b></i>"),
        ("<i><b>212</b></i> 555", "212</b></i> 555", "<i><b>212</b></i> 555"),
        ("<b>212 <i>555</i></b>", "212 <i>555", "212 <i>555</i>"),
        ("<b>212 <i>555</i> 0143</b>", "212 <i>555</i> 0143", "212 <i>555</i> 0143"),
        ("at <x-y>212</x-y> 555", "212</x-y> 555", "<x-y>212</x-y> 555"),
        (
            f"212 <i class='{'a ' * 900}'>555</i>",
            f"212 <i class='{'a ' * 900}'>555",
            f"212 <i class='{'a ' * 900}'>555</i>",
        ),
    ],
)
def test_a_number_takes_along_the_other_half_of_a_tag(text: str, found: str, left: str) -> None:
    """Otherwise the replacement would leave a tag open, or close one that is not open."""
    start = text.index(found)
    finding = Finding(start, start + len(found), "PHONE_NUMBER", 0.9, "Test")
    assert [text[it.start : it.end] for it in between_tags([finding], text)] == [left]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x 212</b> 555", "212</b> 555"),
        ('<b class="x">212</b> 555', "212</b> 555"),
        ('<td><b class="x">212</b></td><td>555</td>', "212</b></td><td>555"),
        ("<td>212 <p>555</td>", "212 <p>555"),
    ],
)
def test_a_number_whose_tags_have_no_other_half_is_in_pieces_of_which_nothing_is_shown(
    text: str, found: str
) -> None:
    start = text.index(found)
    finding = Finding(start, start + len(found), "CREDIT_CARD", 0.9, "Test")
    pieces = between_tags([finding], text)
    assert [(text[it.start : it.end], it.view) for it in pieces] == [("212", JOINED), ("555", JOINED)]
