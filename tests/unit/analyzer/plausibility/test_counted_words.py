"""Numbers and months in words, which a model takes for names."""

from __future__ import annotations

import pytest

from shield.analyzer.plausibility.counted_words import is_counted


def _is_counted(text: str) -> bool:
    """Of the words from `|` on."""
    before, _, span = text.partition("|")
    return is_counted(before + span, len(before), span.lower().split())


@pytest.mark.parametrize(
    "text",
    [
        *("a encomenda |mil duzentos", "|dwieście", "bestellung |achtundvierzig", "das |achtundvierzig null"),
        *("la factura de |mil novecientos ochenta", "a loja fecha |sete e meia", "el |catorce"),
        *(
            "op veertien |juli",
            "el catorce de |julio",
            "du premier |avril",
            "am dritten |april",
            "il 3 |marzo",
        ),
    ],
)
def test_numbers_and_months_behind_a_day(text: str) -> None:
    assert _is_counted(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "gracias |julio",
            "con |julio catorce",
            "|otto",
            "|Otto",
            "|otto dix",
            "|dos santos",
            "|y",
            "|seven",
        ),
        *("hola soy |abril", "seven |eleven"),
    ],
)
def test_names(text: str) -> None:
    assert not _is_counted(text)
