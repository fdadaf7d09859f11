"""A match's score, and that a recognizer is asked once when several of its patterns match the same text."""

from __future__ import annotations

import re

import pytest

from shield.analyzer.scoring import Hit, Plain, add_hits


@pytest.mark.parametrize(
    ("answer", "vetoed", "expected", "asked"),
    [
        (
            None,
            False,
            [Hit(3, 0, 3, 0.4), Hit(3, 0, 3, 0.6)],
            ["123", "123"],
        ),  # a better score counts as another hit
        (True, False, [Hit(3, 0, 3, 1.0)], ["123"]),
        (False, False, [], ["123"]),
        (None, True, [], ["123"]),
    ],
)
def test_of_one_place_a_recognizer_is_asked_once(
    answer: bool | None, vetoed: bool, expected: list[Hit], asked: list[str]
) -> None:
    seen: list[str] = []

    def check(text: str) -> bool | None:
        seen.append(text)
        return answer

    found: list[Hit] = []
    known: dict[tuple[int, int], float] = {}
    for score in (0.4, 0.6, 0.5):
        matches = re.finditer(r"[0-9]+", "123")
        add_hits(3, score, Plain(check, lambda _: vetoed), matches, found, known)
    assert found == expected
    assert seen == asked
