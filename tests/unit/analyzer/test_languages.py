"""Our recognizers read all languages at once, whatever a policy's `languages` say."""

from __future__ import annotations

import pytest

from shield.analyzer.engine import Analyzer
from shield.domain import DetectorSpec
from tests.unit.analyzer.built import analyzer_of
from tests.unit.analyzer.conftest import found, policy, segment

RECOGNIZERS = ("shield", "CreditCardRecognizer")
POLICY = policy("PASSWORD", "DATE_OF_BIRTH", "CREDIT_CARD")
LABELLED = {
    "en": ("my password is hunter22", "hunter22"),
    "de": ("Geburtsdatum: 12.03.1975", "12.03.1975"),
    "fr": ("mot de passe : soleil42", "soleil42"),
    "es": ("fecha de nacimiento: 15/08/1981", "15/08/1981"),
    "it": ("data di nascita 12/03/1975", "12/03/1975"),
    "nl": ("geboortedatum 12-03-1975", "12-03-1975"),
    "pt": ("senha: girassol9", "girassol9"),
    "pl": ("hasło: zima2024x", "zima2024x"),
}
SPOKEN = {
    "en": ("four", "one"),
    "de": ("vier", "eins"),
    "fr": ("quatre", "un"),
    "es": ("cuatro", "uno"),
    "it": ("quattro", "uno"),
    "nl": ("vier", "een"),
    "pt": ("quatro", "um"),
    "pl": ("cztery", "jeden"),
}


@pytest.fixture(scope="module", params=[("en",), ("de",), ("pl", "es")], ids="-".join)
def analyzer(request: pytest.FixtureRequest) -> Analyzer:
    return analyzer_of(DetectorSpec(model="none", recognizers=RECOGNIZERS, languages=request.param))


@pytest.mark.parametrize("language", LABELLED)
def test_labels_of_every_language(analyzer: Analyzer, language: str) -> None:
    text, value = LABELLED[language]
    assert [found_text for _, found_text in found(analyzer, segment(text), POLICY)] == [value]


@pytest.mark.parametrize("language", SPOKEN)
def test_number_words_of_every_language(analyzer: Analyzer, language: str) -> None:
    four, one = SPOKEN[language]
    said = " ".join([four, *[one] * 15])
    assert found(analyzer, segment(said), POLICY) == [("CREDIT_CARD", said)]


def test_languages_mixed_in_one_text(analyzer: Analyzer) -> None:
    text = "my password is hunter22 and Geburtsdatum: 12.03.1975"
    assert {value for _, value in found(analyzer, segment(text), POLICY)} == {"hunter22", "12.03.1975"}
