"""A view maps each span that was read to the source text that it covers."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shield.analyzer.views.folded import folded
from shield.analyzer.views.number_words import LANGUAGES, Said, said_words
from shield.analyzer.views.reading import Views
from shield.analyzer.views.spoken import spoken
from shield.analyzer.views.view import Draft
from tests.unit.analyzer.built import shared_views


@pytest.fixture(scope="module")
def views() -> Views:
    return shared_views()


def test_a_draft_without_changes_is_no_view() -> None:
    assert Draft("as it is").view("test") is None


def test_a_span_of_the_view_covers_what_it_was_read_from() -> None:
    draft = Draft("ab<i>cd</i>ef")
    draft.put(2, 5, "")
    draft.put(7, 11, "--")
    view = draft.view("test")
    assert view is not None
    assert view.text == "abcd--ef"
    assert view.raw_span(0, 2) == (0, 2)
    assert view.raw_span(1, 3) == (1, 6)
    assert view.raw_span(4, 5) == (7, 11)
    assert view.raw_span(5, 6) == (7, 11)
    assert view.raw_span(0, 8) == (0, 13)
    assert not view.changes(2, 4)
    assert view.changes(1, 3)
    assert view.changes(3, 5)


def test_a_view_of_a_view_maps_to_the_raw_text() -> None:
    raw = "<b>4</b> x"
    below, _ = folded(raw)
    assert below is not None
    draft = Draft(below.text)
    draft.put(0, 1, "four")
    view = draft.view("test", below)
    assert view is not None
    assert view.text == "four x"
    assert view.raw_span(0, 4) == (3, 4)
    assert view.raw_span(0, 6) == (3, 10)


# A piece that holds a space is drawn unchanged; the joints below put others between pieces.
_WORDS = (
    "four one double oh dot at dash . , - 4111 4 1 j o n @ example com &#52; %40 =40 <b> </b> GB82 4l11 "
    "QUJDREVGR0hJSktMTU5P twenty hundred and as in juliet [dot] (at)"
)
_ODD = ["\u200b", "\uff14", "\u0430", "\ud800", "\u0336", "\n", "\x00", "\\u0034", "&#xd800;"]
PIECES = st.one_of(st.sampled_from([*_WORDS.split(), *_ODD]), st.text(max_size=6))


@settings(max_examples=200)
@given(st.lists(PIECES, max_size=30), st.sampled_from(["", " ", ", ", "\n"]))
def test_the_map_is_monotonic_and_total_whatever_the_text(pieces: list[str], joint: str) -> None:
    text = joint.join(pieces)
    for view in shared_views().read(text):
        assert view.text != text
        spans = [view.raw_span(place, place + 1) for place in range(len(view.text))]
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert spans == sorted(spans)
        assert len(view.text) <= len(text) + 64 + 4 * text.count("\ufdfa")


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_is_dictated_in_any_order_is_read(language: str) -> None:
    words = said_words()
    bit = 1 << LANGUAGES.index(language)
    kinds = {
        kind: [word for word, each in words.items() if each.said is kind and each.languages & bit]
        for kind in Said
    }
    chance = random.Random(language)
    pieces = [kind for kind in (*Said, Said.DIGIT, Said.TENS, Said.HUNDRED) if kinds[kind]]
    read = 0
    for _ in range(400):
        said = [
            chance.choice([*"ABoIi", "7", "415", "\u200b"])
            if chance.random() < 0.2
            else chance.choice(kinds[chance.choice(pieces)])
            for _ in range(24)
        ]
        text = "".join(word + chance.choice([" ", " ", " ", ", ", "-", "\n"]) for word in said)
        for view in spoken(text, words):
            read += 1
            assert 0 <= view.raw_span(0, 1)[0] < view.raw_span(0, len(view.text))[1] <= len(text)
    assert read > 0


@pytest.mark.parametrize(
    "text",
    [
        "Hello, this is Maria Garcia. I was charged twice for order 10029384756 on 12 March 2024.",
        "Please call me on 415-555-0132 or write to maria.garcia@example.com.",
        "I paid with 4111 1111 1111 1111 from 203.0.113.7; my SSN is 536-22-1234.",
        "caf\u00e9 na\u00efve \u2014 \u201cquoted\u201d\u2026 it\u2019s fine \u2764\ufe0f",
        "\u0437\u0430\u043a\u0430\u0437 10029384756 \u0433\u043e\u0442\u043e\u0432",
        "",
        "short",
    ],
)
def test_plain_text_has_no_other_reading(views: Views, text: str) -> None:
    assert views.read(text) == []


_HOSTILE = (
    "4|4 |.|a.|a|@|a@| @ |<!--|<b |&#5|%41|=41|QUJD|41 |one |one, |dot |a at |at b dot |double |GB82 |"
    "a as in anna |G B 8 2 |a\u0336|\u200b|\uff14|\u0430a|1BvB |O0 |[dot]|1 . |4111\n|\ud800|one and and |"
    "twenty hundred |hundred |jon dot |a-"
)


@pytest.mark.parametrize("piece", _HOSTILE.split("|"))
def test_hostile_repetition_is_read_to_the_end(views: Views, piece: str) -> None:
    text = piece * 4000
    for view in views.read(text):
        assert view.raw_span(0, len(view.text))[1] <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "9" * 6000 + " hundred twenty one two three",
        "five " + "triple " * 60 + "five at example dot com",
        "triple " * 60 + "j at example dot com",
        "jon at " + "triple " * 60 + "e dot com",
    ],
)
def test_words_that_multiply_do_not_grow_without_bound(views: Views, text: str) -> None:
    assert all(len(view.text) <= len(text) for view in views.read(text))
