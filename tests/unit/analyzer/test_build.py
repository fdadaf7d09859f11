"""The choice of recognizers, the digest, and that nothing phones home."""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import gc
import logging
import socket
from dataclasses import replace

import pytest
from presidio_analyzer.predefined_recognizers import UsLicenseRecognizer

from shield.analyzer.build import known_entities
from shield.analyzer.catalogue import countries, selected
from shield.domain import DetectorSpec, PatternRule
from shield.errors import ConfigError
from tests.unit.analyzer.built import new_analyzer
from tests.unit.analyzer.conftest import DEFAULT_ENTITIES, found, policy, segment

PLAIN = DetectorSpec(model="none")


def names(*wanted: str, languages: tuple[str, ...] = ("en",)) -> set[str]:
    return {recognizer.name for recognizer in selected(wanted, languages)}


def test_default_is_what_presidio_enables() -> None:
    assert names("default") == {
        *"CreditCardRecognizer CryptoRecognizer DateRecognizer EmailRecognizer IbanRecognizer".split(),
        *"IpRecognizer MacAddressRecognizer MedicalLicenseRecognizer NhsRecognizer PhoneRecognizer".split(),
        *"UrlRecognizer UsBankRecognizer UsItinRecognizer UsLicenseRecognizer UsPassportRecognizer".split(),
        *"UsSsnRecognizer UuidRecognizer".split(),
    }


def test_languages_add_their_defaults() -> None:
    assert names("default", languages=("es",)) - names("default") == {"EsNifRecognizer", "EsNieRecognizer"}


def test_by_country_by_name_and_all() -> None:
    assert names("country:uk") >= {"NhsRecognizer", "UkNinoRecognizer"}
    assert names("UkNinoRecognizer") == {"UkNinoRecognizer"}
    assert names("all") > names("default")
    assert {"us", "uk", "de"} <= set(countries())


def test_context_words_follow_the_language() -> None:
    (card,) = selected(("CreditCardRecognizer",), ("es",))
    assert "tarjeta" in card.context


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (replace(PLAIN, recognizers=("NoSuchRecognizer",)), "NoSuchRecognizer"),
        (replace(PLAIN, recognizers=("SpacyRecognizer",)), "SpacyRecognizer"),
        (replace(PLAIN, recognizers=("country:xx",)), "xx"),
        (replace(PLAIN, phone_regions=("ZZ",)), "ZZ"),
        (replace(PLAIN, model="bert"), "bert"),
        (replace(PLAIN, model="spacy:"), "spacy:"),
        (replace(PLAIN, model="spacy:no_such_model"), "no_such_model"),
        (replace(PLAIN, patterns=(PatternRule("mine", "X", "(a)\\1", 0.5),)), "mine"),
    ],
)
def test_errors_of_the_configuration(spec: DetectorSpec, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        new_analyzer(spec)


def test_known_entities_need_no_model() -> None:
    spec = DetectorSpec(model="spacy:not_installed", patterns=(PatternRule("mine", "BADGE", "b", 0.5),))
    assert {*DEFAULT_ENTITIES, "BADGE"} <= known_entities(spec)


def test_known_entities_hold_all_that_the_engine_supports() -> None:
    assert new_analyzer(DetectorSpec()).supported_entities <= known_entities(DetectorSpec())


def test_the_digest_names_what_decides_the_results() -> None:
    digest = new_analyzer(PLAIN).digest
    assert digest.startswith("sha256:")
    assert len(digest) == 71
    assert new_analyzer(PLAIN).digest == digest
    others = [
        replace(PLAIN, recognizers=("default", "UkNinoRecognizer")),
        replace(PLAIN, phone_regions=("US",)),
        replace(PLAIN, patterns=(PatternRule("mine", "X", "a", 0.5),)),
        DetectorSpec(),
    ]
    assert len({digest, *(new_analyzer(spec).digest for spec in others)}) == len(others) + 1


def test_nothing_phones_home_and_nothing_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    caplog.set_level(logging.DEBUG)
    analyzer = new_analyzer(DetectorSpec())
    analyzer.warm()
    caplog.clear()
    text = "Maria Garcia, maria.garcia@example.co.uk, GB82 WEST 1234 5698 7654 33, 415-555-0132"
    assert ("EMAIL_ADDRESS", "maria.garcia@example.co.uk") in found(analyzer, segment(text))
    assert "maria" not in caplog.text.lower()
    assert "WEST" not in caplog.text


@pytest.mark.parametrize("number", ["AB12", "AB123", "AB12345", "A1234567"])
def test_the_broken_class_of_us_licences_is_mended(number: str) -> None:
    analyzer = new_analyzer(DetectorSpec(model="none", recognizers=("UsLicenseRecognizer",)))
    text = f"my driver license is {number}"
    assert found(analyzer, segment(text), policy("US_DRIVER_LICENSE")) == [("US_DRIVER_LICENSE", number)]


def test_presidios_class_of_us_licences_is_still_broken() -> None:
    weak = UsLicenseRecognizer.PATTERNS[0].regex
    assert "|A-Z]{2}[0-9]{2,5}|" in weak  # once this fails, `catalogue` need not correct it any more


def test_garbage_is_collected_again_once_it_is_built_or_not() -> None:
    assert gc.isenabled()
    new_analyzer(PLAIN)
    assert gc.isenabled()
    with pytest.raises(ConfigError):
        new_analyzer(replace(PLAIN, recognizers=("NobodyRecognizer",)))
    assert gc.isenabled()
