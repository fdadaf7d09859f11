"""A text's language is given if it is certain; otherwise all languages are."""

from __future__ import annotations

import sys

import pytest

from shield.analyzer import text_languages
from shield.analyzer.text_languages import TextLanguages
from shield.errors import ConfigError

AMONG = ("en", "de", "es", "fr", "it", "nl", "pt", "pl")
TEXTS = {
    "en": "The parcel that I ordered last week has not arrived yet, can you help me?",
    "de": "Das Paket, das ich letzte Woche bestellt habe, ist noch nicht angekommen.",
    "es": "El paquete que pedí la semana pasada todavía no ha llegado, ¿me ayudan?",
    "fr": "Le colis que j'ai commandé la semaine dernière n'est toujours pas arrivé.",
    "it": "Il pacco che ho ordinato la settimana scorsa non è ancora arrivato.",
    "nl": "Het pakket dat ik vorige week heb besteld is nog steeds niet aangekomen.",
    "pt": "A encomenda que fiz na semana passada ainda não chegou, podem ajudar-me?",
    "pl": "Paczka, którą zamówiłem w zeszłym tygodniu, jeszcze do mnie nie dotarła.",
}


@pytest.fixture(scope="module")
def languages() -> TextLanguages:
    return TextLanguages(AMONG)


@pytest.mark.parametrize("language", AMONG)
def test_a_sentence_is_told(languages: TextLanguages, language: str) -> None:
    assert languages.of(TEXTS[language]) == (language,)
    assert languages.of(TEXTS[language].upper()) == (language,)


@pytest.mark.parametrize("text", ["", "4111 1111 1111 1111", "ok", "\ud800", "{}[]()", "Maria García"])
def test_what_says_nothing_is_all_of_them(languages: TextLanguages, text: str) -> None:
    assert languages.of(text) == AMONG


def test_a_mail_that_quotes_another_language_is_in_both_in_the_order_of_the_policy(
    languages: TextLanguages,
) -> None:
    mail = f"{TEXTS['fr']}\n" * 4 + f"> {TEXTS['de']}\n" * 4
    assert languages.of(mail) == ("de", "fr")


def test_the_last_lines_are_judged_with_those_before(languages: TextLanguages) -> None:
    assert languages.of(f"{TEXTS['en']}\n" * 4 + "4411") == ("en",)


def test_a_language_that_cannot_be_told_is_refused() -> None:
    with pytest.raises(ConfigError, match="xx"):
        TextLanguages(("en", "xx"))


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py3langid.langid", None)
    with pytest.raises(ConfigError, match=r"pip install '\.\[languages\]'"):
        TextLanguages(("en", "de"))


def test_a_model_that_cannot_be_unpacked_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from py3langid import langid  # noqa: PLC0415  # an extra

    monkeypatch.setattr(langid, "MODEL_FILE", "/nowhere/model.npz.xz")
    with pytest.raises(ConfigError, match="FileNotFoundError"):
        text_languages.TextLanguages(("en", "de"))
