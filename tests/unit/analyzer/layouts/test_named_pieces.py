"""A text without the signs of named pieces holds none, nor a message: it is asked nothing else."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.analyzer.layouts.named_pieces import may_hold, named_pieces
from shield.analyzer.messages import interchange
from shield.domain import Segment

SIGNS = set("\n\"'()*+:<=[\\_`{|")
WORDS = (
    *("PID", "MSH", "NM1", "N3", "DMG", "NAD", "CTA", "DTM", "ISA", "BEGIN", "V", "VCARD", "50", "59", "86"),
    *("Some", "Optional", "string", "eq", "ne", "co", "lt", "name", "list-table", "tr", "td"),
    *("rejected value", "Duplicate entry", *";/#&%,-~^>}]", "..", "...."),
)
plain = st.one_of(
    st.sampled_from(WORDS),
    st.text(st.characters(exclude_characters=SIGNS), max_size=8),
    st.sampled_from(sorted(set(string.printable) - SIGNS)),
)


@given(st.lists(plain, max_size=12), st.sampled_from(["", " ", "\r", "\t"]))
def test_a_text_without_a_sign_holds_no_named_piece_and_no_message(parts, between):
    text = between.join(parts)
    if may_hold(text):
        assert "....." in text
        return
    assert list(named_pieces(Segment(0, text), lambda _: True)) == []
    assert not interchange.may_hold(text)


@pytest.mark.parametrize(
    "text", ["Maria Garcia", "open", "415-555-0132", "maria@example.com", "I paid. Thanks!"]
)
def test_most_values_have_none(text):
    assert not may_hold(text)
