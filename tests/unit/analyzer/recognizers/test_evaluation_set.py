"""The checked-in evaluation set equals the generator's output and holds what it promises."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks import kinds
from benchmarks.disguises import DISGUISES
from benchmarks.evaluation_national import SCHEMES
from benchmarks.evaluation_set import DIRECTORY, LABELS, render
from shield.analyzer.build import known_entities
from shield.analyzer.entities import ENTITIES
from shield.analyzer.recognizers.national_labels import LabelledNationalIdRecognizer
from shield.domain import DetectorSpec
from tests.unit.analyzer.built import analyzer_of

RECORDS = list(kinds.records())
MARKED = [(record, span) for record in RECORDS for span in record["spans"]]
LEAST = 10  # marked values of each type
LEAST_OF_A_SCHEME = 3
LEAST_OF_A_LANGUAGE = 3
OTHER_LANGUAGES = ("de", "es", "fr", "it", "nl", "pl", "pt")


def test_the_files_are_those_of_the_generator() -> None:
    for name, content in render().items():
        assert (DIRECTORY / name).read_text("utf-8") == content


def test_size_and_spans() -> None:
    tickets, negatives = list(kinds.records("tickets")), list(kinds.records("negatives"))
    assert len(tickets) >= 600
    assert len(negatives) >= 300
    assert len({record["text"] for record in tickets}) > 0.98 * len(tickets)
    for record in RECORDS:
        last = 0
        for span in record["spans"]:
            value = record["text"][span["start"] : span["end"]]
            assert span["start"] >= last
            assert value == value.strip() != ""
            last = span["end"]
    assert all(record["negative"] and not record["spans"] for record in negatives)


def test_every_type_that_the_default_detector_finds_has_its_values() -> None:
    findable = known_entities(DetectorSpec(model="fast", recognizers=("default", "shield")))
    marked = Counter(span["label"] for _, span in MARKED)
    assert set(LABELS) == findable
    assert {entity: marked[entity] for entity in findable if marked[entity] < LEAST} == {}


def test_every_labelled_scheme_has_its_values() -> None:
    marked = Counter(span.get("form") for _, span in MARKED)
    assert {slot: marked[slot] for slot in SCHEMES if marked[slot] < LEAST_OF_A_SCHEME} == {}
    assert len(SCHEMES) >= len(LabelledNationalIdRecognizer.PATTERNS)


def test_every_disguise_has_its_values() -> None:
    worn = {record.get("disguise") for record in RECORDS}
    assert {disguise.name for disguise in DISGUISES} <= worn


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_every_type_with_labels_in_a_language_has_its_values_there(language: str) -> None:
    marked = Counter(span["label"] for record, span in MARKED if record["lang"] == language)
    labelled = [n.entity for n in ENTITIES if f" {language} " in f" {n.languages} "]
    assert labelled
    assert {entity: marked[entity] for entity in labelled if marked[entity] < LEAST_OF_A_LANGUAGE} == {}
    assert sum(r["lang"] == language and r.get("negative", False) for r in RECORDS) >= LEAST


def test_what_patterns_read_is_found_in_every_language() -> None:
    policy = kinds.every_type("patterns")
    by_kind, by_language = kinds.counted(analyzer_of(policy.detector), policy, kinds.records("languages"))
    of_the_model = {"PERSON", "LOCATION", "DATE_TIME", "NRP", "ORGANIZATION"}
    told = {kind: c.full / c.spans for kind, c in by_kind.items() if c.spans and kind not in of_the_model}
    assert {kind: share for kind, share in told.items() if share < 0.9} == {}
    assert set(by_language) == set(OTHER_LANGUAGES)


def test_spoken_glued_and_plain_worded_values_are_among_them() -> None:
    forms = Counter(span.get("form") for _, span in MARKED)
    for form in ("SPOKEN_PIN", "SPOKEN_LAST_FOUR", "PHRASE", "PHRASE_ANSWER", "PHONE_BARE", "MRZ"):
        assert forms[form] >= LEAST, form
    assert {r["lang"] for r, span in MARKED if span.get("form") in ("SPOKEN_PIN", "PHRASE")} >= {
        "en",
        *OTHER_LANGUAGES,
    }
