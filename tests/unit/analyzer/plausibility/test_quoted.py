"""A value within quotation marks or brackets is found without any mark of the text around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.analyzer.plausibility.quoted import unquoted


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ('phone: "415-555-0132", x', '"415-555-0132', "415-555-0132"),
        ("['city' => 'Portland']", "'Portland']", "Portland"),
        ('<u a="12 Oak Street"/>', '12 Oak Street"/', "12 Oak Street"),
        ('{"user": "mgarcia"}', 'mgarcia"}', "mgarcia"),
        ("user: “mgarcia”,", "“mgarcia”", "mgarcia"),
        (r"{\"phone\": \"415-555-0132\"}", r"\"415-555-0132" + "\\", "415-555-0132"),
        ("curl -d '{", "d '{", "d"),
        ('Robert "Bob"', 'Robert "Bob"', 'Robert "Bob"'),
        ("(415) 555-0132", "(415) 555-0132", "(415) 555-0132"),
        ("O'Brien", "O'Brien", "O'Brien"),
        ('x "" y', '""', ""),
    ],
)
def test_marks_that_are_none_of_the_value(text: str, span: str, value: str) -> None:
    start = text.index(span)
    first, last = unquoted(text, start, start + len(span))
    assert text[first:last] == value


@given(st.text("ab\"'“”`{}[]()\\/> ", max_size=12), st.integers(0, 12), st.integers(0, 12))
def test_no_letter_is_left_out(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    first, last = unquoted(text, start, end)
    assert start <= first <= last <= end
    assert not {"a", "b"} & set(text[start:first] + text[last:end])
