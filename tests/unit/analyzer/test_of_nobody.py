"""A text speaks of people if a word in it is of somebody who speaks, is spoken to or is spoken of."""

from __future__ import annotations

import pytest

from shield.analyzer.of_nobody import speaks_of_nobody


def _nobody(text: str, value: str, before: str = "") -> bool:
    start = text.index(value)
    return speaks_of_nobody(text, start, start + len(value), before)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Canvas quiz 3 closes Sunday 23:59; Kahoot and Quizlet are optional", "Quizlet"),
        ("Booked Tues 9am: Kia Sorento, timing chain, loan car Dacia Sandero", "Sandero"),
        ("why does Pikachu cost 4.99 but Eevee 2.99", "Eevee"),
    ],
)
def test_of_things_alone(text: str, value: str) -> None:
    assert _nobody(text, value)


@pytest.mark.parametrize(
    ("text", "value", "before"),
    [
        ("I closed the quiz and told Quizlet", "Quizlet", ""),
        ("the shift swap is fine with Otto on Sunday", "Otto", ""),
        ("the party moves, thanks, Bo", "Bo", ""),
        ("@jo the quiz closes Sunday; Quizlet too", "Quizlet", ""),
        ("der Test ist zu; Quizlet bleibt", "Quizlet", ""),
        ("the café closes on Sunday; Quizlet too", "Quizlet", ""),
        ("Otto Sunday", "Otto", ""),
        ("only Otto on the early shift", "Otto", "And who is on the rota?"),
    ],
)
def test_of_people_or_in_another_language(text: str, value: str, before: str) -> None:
    assert not _nobody(text, value, before)
