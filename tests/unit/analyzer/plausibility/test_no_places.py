"""Which words and numbers beside a name or a place cancel the finding, and which do not."""

from __future__ import annotations

import pytest

from shield.analyzer.plausibility.no_places import is_no_place_nor_name


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
