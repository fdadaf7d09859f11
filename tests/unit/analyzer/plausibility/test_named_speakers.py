"""Speakers of a transcript whom the model misses are found where it knows the others."""

from __future__ import annotations

import pytest

from shield.analyzer.plausibility.named_speakers import SCORE, speakers
from shield.domain import Finding


def _missed(text: str, *known: str, score: float = 0.9) -> list[str]:
    found = [
        Finding(at, at + len(name), "PERSON", score, "TaggerRecognizer")
        for name in known
        for at in range(len(text))
        if text.startswith(f"{name}:", at) or text.startswith(f"{name}>", at)
    ]
    news = speakers(text, found)
    assert all(each.entity_type == "PERSON" and each.score == SCORE for each in news)
    return [text[each.start : each.end] for each in news]


@pytest.mark.parametrize(
    "text",
    [
        "Marcus Bell: Thoughts?\nLiesl: Strong.\nMarcus Bell: I will mail her.",
        "[00:01:05] Marcus Bell: Thoughts?\n[00:01:09] Liesl: Strong.\n[00:01:12] Marcus Bell: Good.",
        "<v Marcus Bell>Thoughts?</v>\n\n<v Liesl>Strong.</v>\n\n<v Marcus Bell>Good.</v>",
    ],
)
def test_who_speaks_between_people_is_one(text: str) -> None:
    assert _missed(text, "Marcus Bell") == ["Liesl"]


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("Marcus Bell: Thoughts?\nAgent: Strong.\nMarcus Bell: Good.", ("Marcus Bell",)),
        ("Marcus Bell: Thoughts?\nNext Steps: mail her\nMarcus Bell: Good.", ("Marcus Bell",)),
        ("Marcus Bell: Thoughts?\nLiesl: Strong.", ("Marcus Bell",)),
        ("Colour: red\nSize: four\nMarcus Bell: Good.", ("Marcus Bell",)),
        ("Marcus Bell: a\nhttps: is on\nMarcus Bell: b\nMarcus Bell: c", ("Marcus Bell",)),
        ("Marcus Bell: a\nLiesl: b\nMarcus Bell: c", ()),
    ],
)
def test_roles_labels_and_single_lines_are_none(text: str, known: tuple[str, ...]) -> None:
    assert _missed(text, *known) == []


def test_who_is_hardly_a_person_tells_of_nobody() -> None:
    text = "Marcus Bell: Thoughts?\nLiesl: Strong.\nMarcus Bell: Good."
    assert _missed(text, "Marcus Bell", score=0.5) == []
