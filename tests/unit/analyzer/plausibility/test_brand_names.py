"""Brands that bear or resemble people's names are nobody, unless the text says that a person comes."""

from __future__ import annotations

import pytest

from shield.analyzer.plausibility.brand_names import is_brand


@pytest.mark.parametrize(
    "name", ["telus", "harvey norman", "marks and spencer", "ben jerry s", "dr martens", "kahoot", "xanax"]
)
def test_brands(name: str) -> None:
    assert is_brand(f"the {name} refund", 4, name.split())


@pytest.mark.parametrize(
    "name", ["william hill", "john lewis", "dyson", "zara", "nike", "harvey", "norman harvey"]
)
def test_names_that_people_have_as_well(name: str) -> None:
    assert not is_brand(f"the {name} refund", 4, name.split())


@pytest.mark.parametrize("before", ["my name is ", "I'm ", "Mr. ", "Dear ", "this is "])
def test_a_person_of_that_name(before: str) -> None:
    assert not is_brand(f"{before}Calvin Klein", len(before), ["calvin", "klein"])
