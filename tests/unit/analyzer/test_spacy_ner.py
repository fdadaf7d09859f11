"""The spaCy model loads only what it needs, uses constant memory, takes any text, and gives raw offsets."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from spacy.attrs import NORM

from shield.analyzer import spacy_ner
from shield.analyzer.spacy_ner import SpacyNer
from shield.errors import (
    ConfigError,
    DeadlineExceededError,
    DetectionIncompleteError,
    ResourcesExhaustedError,
    ShieldError,
)
from tests.unit.analyzer.conftest import read, said

PERSON = frozenset({"PERSON"})


@pytest.fixture(scope="module")
def ner() -> SpacyNer:
    return SpacyNer("en_core_web_sm")


def names(ner: SpacyNer, text: str, *wanted: str) -> list[str]:
    return [text[f.start : f.end] for f in read(ner, said([text]), frozenset(wanted or PERSON))[0]]


def test_only_the_entity_recognizer_is_loaded(ner: SpacyNer) -> None:
    assert ner._pipeline.pipe_names == ["ner"]


def test_labels_are_presidios(ner: SpacyNer) -> None:
    assert ner.entities == {"PERSON", "LOCATION", "ORGANIZATION", "NRP", "DATE_TIME"}


def test_possessive_and_punctuation_are_left_out(ner: SpacyNer) -> None:
    assert names(ner, "This is Maria Garcia's laptop.") == ["Maria Garcia"]


def test_offsets_hold_beyond_the_first_slice(ner: SpacyNer) -> None:
    filler = "The printer does not work and the screen stays black. " * 60
    assert names(ner, f"{filler}My name is Maria Garcia.") == ["Maria Garcia"]


def test_lone_surrogates_are_read_around(ner: SpacyNer) -> None:
    assert names(ner, "\ud800 My name is Maria Garcia. \udfff") == ["Maria Garcia"]


def test_equal_texts_have_equal_findings(ner: SpacyNer) -> None:
    text = "My name is Maria Garcia."
    results = read(ner, said([text, "no name", text]), PERSON)
    assert results[0] == results[2] != []


def test_the_vocabulary_does_not_grow(ner: SpacyNer) -> None:
    read(ner, said(["My name is Maria Garcia."]), PERSON)
    before = ner.vocabulary
    for batch in range(3):
        read(ner, said([" ".join(f"w{batch}x{n}y my name" for n in range(300))]), PERSON)
    assert ner.vocabulary == before


def test_a_text_of_many_characters_without_a_space_is_cut(ner: SpacyNer) -> None:
    assert names(ner, "x" * 20_000 + " My name is Maria Garcia.") == ["Maria Garcia"]


@pytest.mark.parametrize("text", ["", " ", "12345", "a1b2c3", "https://example.com/Maria", "m.g@example.com"])
def test_texts_without_prose_are_not_read(ner: SpacyNer, text: str) -> None:
    assert names(ner, text, "PERSON", "DATE_TIME") == []


def test_the_deadline_holds_between_batches(ner: SpacyNer) -> None:
    calls = 0

    def check() -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise DeadlineExceededError

    with pytest.raises(DeadlineExceededError):
        read(ner, said(["My name is Maria Garcia. " * 2_000]), PERSON, check)


def test_threads_share_the_model(ner: SpacyNer) -> None:
    texts = ["My name is Maria Garcia.", "John Smith called from Berlin."]
    expected = read(ner, said(texts), PERSON)
    with ThreadPoolExecutor(4) as pool:
        assert all(
            result == expected for result in pool.map(lambda _: read(ner, said(texts), PERSON), range(12))
        )


@pytest.mark.parametrize(
    ("raised", "error"), [(RuntimeError, DetectionIncompleteError), (MemoryError, ResourcesExhaustedError)]
)
def test_a_failing_pipeline_makes_the_detection_incomplete_or_impossible(
    monkeypatch: pytest.MonkeyPatch, raised: type[Exception], error: type[ShieldError]
) -> None:
    ner = SpacyNer("en_core_web_sm")

    class Broken:
        memory_zone = ner._pipeline.memory_zone

        def pipe(self, *_: object, **__: object) -> object:
            raise raised("Maria")

    monkeypatch.setattr(ner, "_pipeline", Broken())
    with pytest.raises(error) as caught:
        read(ner, said(["My name is Maria Garcia."]), PERSON)
    assert "Maria" not in str(caught.value)


@pytest.mark.parametrize("name", ["no_such_model", "json", "../evil", ""])
def test_a_model_that_is_not_installed_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="not installed"):
        SpacyNer(name)


def test_tables_that_many_words_filled_are_laid_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    ner = SpacyNer("en_core_web_sm")
    vocab = ner._pipeline.vocab
    text = "I met Maria Garcia in Paris."
    before = read(ner, said([text]), frozenset({"PERSON", "LOCATION"}))
    norm = vocab.lex_attr_getters[NORM]
    monkeypatch.setattr(spacy_ner, "_NEW_WORDS", 900)
    for batch in range(5):
        read(ner, said([" ".join(f"word{batch}x{number}" for number in range(300))]), frozenset({"PERSON"}))
        assert len(vocab) <= 900
    assert read(ner, said([text]), frozenset({"PERSON", "LOCATION"})) == before
    assert vocab.lex_attr_getters[NORM] is norm
