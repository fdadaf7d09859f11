"""Words of forms are not people's names in any language; names that contain such a word are."""

from __future__ import annotations

import pytest

from shield.analyzer.plausibility.label_words import is_label, is_possessive, start_behind_label


@pytest.mark.parametrize(
    "words",
    [
        "cartella clinica",
        "seriennummer",
        "kunden nr",
        "prawo jazdy",
        "meisjesnaam van",
        "de póliza",
        "carte d identité",
        "moja babcia",
        "kontonummer x",
        "o meu",
        "varón",
        "ehefrau",
        "karteninhaber",
        "autonomo",
        "buenos dias",
        "szanowni państwo",
        "marzo",
    ],
)
def test_labels(words: str) -> None:
    assert is_label(words.split())


@pytest.mark.parametrize(
    "words", ["ashley page", "maria", "van", "de vries", "carta rossi", "k a", "", "di marzo", "irma"]
)
def test_names(words: str) -> None:
    assert not is_label(words.split())


@pytest.mark.parametrize("words", ["j j ust", "d i a and e", "a n n dr e w"])
def test_spelled_names_hold_words_of_forms_by_chance(words: str) -> None:
    assert not is_label(words.split())


def test_my_is_nobodys_name_behind_an_article() -> None:
    assert is_possessive(["mia"], "la")
    assert not is_possessive(["mia"], "is")
    assert not is_possessive(["mia", "rossi"], "la")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Locataire Thibault Oyono", "Thibault Oyono"),
        ("Huésped: Itziar Goenaga", "Itziar Goenaga"),
        ("Christopher Guest", "Christopher Guest"),
        ("guest house", "guest house"),
        ("ETA Rotterdam", "Rotterdam"),
        ("Eta Rotterdam", "Eta Rotterdam"),
        ("Elke Vollrath", "Elke Vollrath"),
    ],
)
def test_what_somebody_is_does_not_begin_their_name(text: str, name: str) -> None:
    assert text[start_behind_label(text, 0, len(text)) :] == name


def test_what_somebody_is_alone_is_no_name() -> None:
    assert start_behind_label("Huésped Itziar", 0, len("Huésped")) > len("Huésped")
    assert start_behind_label("Huésped", 0, len("Huésped")) == 0
