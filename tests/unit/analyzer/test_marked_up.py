"""A model reads the words of marked-up text and what its tags say to people, not the tags and styles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.analyzer.engine import Analyzer
from shield.analyzer.marked_up import prose_of, words_of
from shield.analyzer.resolver import resolve
from shield.analyzer.views.folded import folded
from shield.domain import DetectorSpec
from tests.unit.analyzer.built import analyzer_of
from tests.unit.analyzer.conftest import policy, segment

SHEET = 'p.MsoNormal, li.MsoNormal {font-family:"Calibri",sans-serif;} @font-face {font-family:Georgia;}'


@pytest.fixture(scope="module")
def fast() -> Analyzer:
    return analyzer_of(DetectorSpec(model="fast", recognizers=("default", "shield")))


def _found(fast: Analyzer, text: str) -> list[str]:
    wanted = policy()
    findings = resolve(text, fast.analyze([segment(text, "html_body")], wanted)[0], wanted)
    return [text[finding.start : finding.end] for finding in findings]


def _read(text: str) -> list[str]:
    """What a model reads of `text` in its folded reading, by line, and of its tags."""
    view, _ = folded(text)
    assert view is not None
    prose = prose_of(text, view)
    assert prose is not None
    return [
        line.strip() for read in prose if read is not None for line in read.text.split("\n") if line.strip()
    ]


@pytest.mark.parametrize(
    "text",
    [
        '<div style="font-family: Arial; font-size: 12pt"><span lang="EN-US">It fails again.</span></div>',
        "<td style=\"font-family: Lato, 'Montserrat', Georgia\">The plan is wrong.</td>",
        '<font face="garamond, georgia, serif">The plan is wrong.</font>',
        f"<html><head><style>{SHEET}</style></head><body><p class=MsoNormal>It fails.</p></body></html>",
        f"<style><!--\n{SHEET * 3}\n--></style><p>It fails again.</p>",
        'h1 { font-family: "Fira Sans", Verdana; } p { font: italic 12px/1.5 Georgia, Verdana }',
        '{"font": "Verdana", "size": 12}',
        r"{\rtf1\ansi{\fonttbl{\f0\fswiss Arial;}{\f1 Calibri;}}\f0 The plan is wrong.}",
        '<a href="https://shop.example/jordan/lee" target="_blank" rel="noopener">the page</a>',
        '<img src="https://files.example/?name=Screenshot+2026-11-02.png" alt="the page of settings">',
    ],
)
def test_fonts_classes_and_links_stay(fast: Analyzer, text: str) -> None:
    assert _found(fast, text) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("<p>Kind regards,<br>Anneliese Brandt</p>", ["Anneliese Brandt"]),
        ("<p>Hi,</p><table><tr><td>Priya Raman</td><td>called</td></tr></table>", ["Priya Raman"]),
        ('<img src="a.png" alt="Photo of Miriam Osei at the desk">', ["Miriam Osei"]),
        ('<b>See</b> <a title="Miriam Osei" href="/u/7">here</a>', ["Miriam Osei"]),
        ('<b>See</b> <a data-owner="Miriam Osei" href="/u/7">here</a>', ["Miriam Osei"]),
        ('<b>See</b> <a href="mailto:m.osei@host.internal?subject=x">here</a>', ["m.osei@host.internal"]),
        ("Add a <style> tag, please. My name is Miriam Osei.", ["Miriam Osei"]),
        ("The tags <style> and </style> were edited by Miriam Osei.", ["Miriam Osei"]),
        ("the font: Miriam Osei chose it, and font-family: Georgia. Miriam Osei", ["Miriam Osei"] * 2),
        ('{"font": "Verdana", "seen": "Miriam Osei"}', ["Miriam Osei"]),
        ("<b>To</b> @Emilia Sand, please look", ["Emilia Sand"]),
        ("<p>Dear Anne<b>liese</b>, thank you</p>", ["Anne", "liese"]),
    ],
)
def test_people_are_found_in_what_is_shown_and_said(fast: Analyzer, text: str, values: list[str]) -> None:
    assert _found(fast, text) == values


def test_each_element_that_begins_a_line_begins_one() -> None:
    assert _read("<p>Hello</p><p>Dear&nbsp;all, <b>it</b> works<br>Mo</p>") == [
        "Hello",
        "Dear all, it works",
        "Mo",
    ]


def test_what_tags_say_follows_line_by_line() -> None:
    text = '<b title="One">a</b> <a href="mailto:x@y.example" class="z">b</a> <!-- by Mo Lee --> c'
    assert _read(text) == ["a b  c", "One", "mail to x@y.example", "by Mo Lee"]


def test_without_a_tag_the_text_is_read_as_it_is() -> None:
    view, _ = folded("a&nbsp;b < c")
    assert view is not None
    assert prose_of("a&nbsp;b < c", view) is None
    for text in ("Mo <mo@shop.example>", "if a < b and c > d", "<Maria Garcia>", "List<String> x"):
        assert words_of(text) == text


_PIECES = st.lists(
    st.sampled_from(
        [
            *"ab \n<>=\"'/&;{}",
            "<p>",
            "</p>",
            "<td title='",
            "<style",
            "</style>",
            "<!--",
            "-->",
            "alt=",
            "mailto:",
        ]
    ),
    max_size=30,
).map("".join)


@given(_PIECES)
def test_no_place_moves(text: str) -> None:
    read = words_of(text)
    assert len(read) == len(text)
    assert all(
        new in {old, " ", "\n"} or (old, new) == (">", ">") for old, new in zip(text, read, strict=True)
    )
    view, _ = folded(text)
    if view is not None and (prose := prose_of(text, view)) is not None:
        assert len(prose[0].text) == len(view.text)
