"""Cries and laughter are nobody's name, in whatever length; short names that look alike are."""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import pytest

from shield.analyzer.plausibility.interjections import is_interjection


@pytest.mark.parametrize(
    "word",
    """Aaaaah argh Ughhh blegh Zzzzzzzz hmmm grrr Hahaha hehehe jajaja Wahaaay woohoo whoaaa Yaaay Hurrah
    hooray LOOOL lmao pmsl Asdfghj""".split(),
)
def test_interjections(word: str) -> None:
    assert is_interjection(word)


@pytest.mark.parametrize(
    "word", "Ha Hai Huh Boo Ah Ann Yaya Lola Loh Omar Rolf Hooper Whoopi Ewa Jaja Psota".split()
)
def test_names(word: str) -> None:
    assert not is_interjection(word)


def test_a_long_one_is_not_read() -> None:
    assert not is_interjection("a" * 500 + "h")
