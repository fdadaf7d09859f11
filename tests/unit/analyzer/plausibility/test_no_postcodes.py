"""Which words before digits cancel a postcode, and which digits are none."""

from __future__ import annotations

import pytest

from shield.analyzer.plausibility.no_postcodes import is_counting, is_no_postcode


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("my zip sunnyvale 94085", False),
        ("i live in berlin 10115", False),
        ("the seal 119230 is broken", True),
    ],
)
def test_digits_behind_a_noun(text: str, taken: bool) -> None:
    start = next(place for place, sign in enumerate(text) if sign.isdigit())
    assert is_no_postcode(text, start, frozenset()) is taken


@pytest.mark.parametrize("said", ["1 2 3 4", "3 2 1 0 go", "1 2 3 4 5 6 7 8 9 10"])
def test_counting_is_no_postcode(said: str) -> None:
    assert is_counting(said.split())


@pytest.mark.parametrize("said", ["9 4 1 0 3", "5 4 3 d g", "s w 1 2", "94103", "1 1 1 1"])
def test_postcodes_in_single_digits(said: str) -> None:
    assert not is_counting(said.split())
