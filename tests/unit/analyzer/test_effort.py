"""The work of an attempt is counted from above; what may go on without bound has no number."""

from __future__ import annotations

from itertools import pairwise

import pytest
import regex

from shield.analyzer.effort import effort

FLAGS = int(regex.IGNORECASE | regex.MULTILINE | regex.DOTALL)


@pytest.mark.parametrize(
    "source", [r"a+b", r"(?:a{1,3})*", r"\d{3}(?=.*x)", r"(?:a{1,30}){1,30}b", r"\p{L}a"]
)
def test_what_can_take_long_or_is_not_read_has_no_number(source: str) -> None:
    assert effort(source, FLAGS) is None


@pytest.mark.parametrize(
    ("source", "least"),
    [
        (r"\d{3}-\d{4}", 8),
        (r"a{1,3}b{0,2}", 9),
        (r"(?:ab|cd|e)f", 3),
        (r"(?:a|b){2}", 4),
        (r"(a)?(?(1)b|c)", 2),
    ],
)
def test_it_counts_every_way_and_each_character_of_one(source: str, least: int) -> None:
    counted = effort(source, FLAGS)
    assert counted is not None
    assert least <= counted <= 100 * least


def test_a_back_reference_is_as_long_as_its_group() -> None:
    once, again = (effort(source, FLAGS) for source in (r"(a{1,50})b", r"(a{1,50})b\1{20}"))
    assert once is not None
    assert again is not None
    assert again - once >= 50 * 20 * 50
    assert effort(r"(a\1){2}", FLAGS) is None


def test_it_grows_with_the_ways_to_match() -> None:
    counted = [effort(f"(?:a?){{{times}}}b", FLAGS) for times in (2, 4, 8, 16)]
    assert all(
        first is not None and second is not None and first * 3 < second for first, second in pairwise(counted)
    )
