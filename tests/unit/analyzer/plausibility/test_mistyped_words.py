"""Courtesies of chat that were mistyped are nobody's name; names that look alike are."""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import pytest

from shield.analyzer.plausibility.mistyped_words import is_mistyped


@pytest.mark.parametrize(
    "word",
    [
        "heloo",
        "hedllo",
        "thyanks",
        "thnaks",
        "okfine",
        "haihello",
        "niceno",
        "ohwow",
        "bbye",
        "somuch",
        "flighht",
    ],
)
def test_courtesies(word: str) -> None:
    assert is_mistyped(word, "", "")


@pytest.mark.parametrize(
    "word",
    """soto noyes sowell towell goode goud boye thanos thanh tanks bello helle sorey ballance feight hank yu
    hui hello""".split(),
)
def test_names(word: str) -> None:
    assert not is_mistyped(word, "", "")


def test_what_is_thanked_is_no_name() -> None:
    assert is_mistyped("hank", "", "you")
    assert is_mistyped("ypou", "thank", "so")
    assert not is_mistyped("hank", "to", "green")
    assert not is_mistyped("yu", "ask", "")
