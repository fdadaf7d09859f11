"""Which words beside a name, a place or digits cancel the finding, and which do not."""

from __future__ import annotations

import pytest

from shield.analyzer.plausibility.no_places import is_counting, is_no_place_nor_name, is_no_postcode


def _words(span: str) -> list[str]:
    return [word.strip(".").lower() for word in span.split()]


@pytest.mark.parametrize(
    ("text", "span", "taken"),
    [
        ("In 2019 W. Smith called about the invoice.", "W. Smith", False),
        ("1 M. Verstappen 2 L. Norris", "L. Norris", False),
        ("a 5 W bulb", "W", True),
        ("add 80 ml cream", "ml cream", True),
        ("Contact M. K. 4155550132 please", "M. K.", False),
        ("Dr. J. R. 22 Baker Street", "J. R.", False),
        ("see H.R. 1234 on page 2", "H.R.", True),
    ],
)
def test_names_beside_numbers(text: str, span: str, taken: bool) -> None:
    start = text.index(span)
    assert is_no_place_nor_name(text, start, start + len(span), _words(span)) is taken


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
