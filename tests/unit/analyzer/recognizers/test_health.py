"""Conditions and medicines are found where they are a person's, and only under a policy that names them."""

# ruff: noqa: RUF001  # typographic apostrophes
from __future__ import annotations

import pytest

from shield.analyzer.build import known_entities
from shield.analyzer.context import KeyContext
from shield.analyzer.engine import Analyzer
from shield.analyzer.recognizers.health import ENTITIES, HealthTerms
from shield.analyzer.recognizers.health_words import CONDITIONS, MEDICINES
from shield.domain import DetectorSpec
from tests.unit.analyzer.built import analyzer_of
from tests.unit.analyzer.conftest import found, policy, segment

SPEC = DetectorSpec(model="none", recognizers=("default", "HealthTermsRecognizer"))
POLICY = policy("HEALTH_CONDITION", "MEDICATION")


@pytest.fixture(scope="module")
def health() -> Analyzer:
    return analyzer_of(SPEC)


@pytest.mark.parametrize(
    ("text", "value", "entity"),
    [
        ("I have type 2 diabetes and cannot fast.", "type 2 diabetes", "HEALTH_CONDITION"),
        ("my son takes Ritalin at noon", "Ritalin", "MEDICATION"),
        ("She was told it is breast cancer.", "breast cancer", "HEALTH_CONDITION"),
        ("Patient is on metformin", "metformin", "MEDICATION"),
        ("This gentleman was seen with AFib.", "AFib", "HEALTH_CONDITION"),
        ("pt w/ CHF, T2DM", "T2DM", "HEALTH_CONDITION"),
        ("Claimant treated for whiplash", "whiplash", "HEALTH_CONDITION"),
        ("I'm HIV-positive", "HIV-positive", "HEALTH_CONDITION"),
        ("I’ve got Crohn’s disease", "Crohn’s disease", "HEALTH_CONDITION"),
        ("Ich nehme Ramipril gegen Bluthochdruck? Nein.", "Bluthochdruck", "HEALTH_CONDITION"),
        ("j'ai une sclérose en plaques", "sclérose en plaques", "HEALTH_CONDITION"),
        ("tengo fibromialgia desde 2011", "fibromialgia", "HEALTH_CONDITION"),
        ("ho il morbo di Crohn", "morbo di Crohn", "HEALTH_CONDITION"),
        ("eu tomo dipirona", "dipirona", "MEDICATION"),
        ("ik ben zwanger", "zwanger", "HEALTH_CONDITION"),
        ("mam cukrzycę", "cukrzycę", "HEALTH_CONDITION"),
        ("I take \uff28umira", "\uff28umira", "MEDICATION"),
    ],
)
def test_somebodys(health: Analyzer, text: str, value: str, entity: str) -> None:
    assert (entity, value) in found(health, segment(text), POLICY)


@pytest.mark.parametrize(
    "text",
    [
        "the health check endpoint answers 503",
        "the patient portal is down",
        "the patient portal lists asthma twice",
        "diabetes awareness month starts on Monday",
        "I would like to give to cancer research",
        "Can my team join the Parkinson's walk?",
        "Our shop sells ibuprofen.",
        "Migraine: causes and treatment. I read it.",
        "ADHD app of the year",
        "Please restart the insulin pump simulator",
        "asthmatics",
        "hypertensions",
        "I ran a heart\n\n\nattack drill",
        "",
        "\ud800 I",
    ],
)
def test_nobodys(health: Analyzer, text: str) -> None:
    assert found(health, segment(text), POLICY) == []


@pytest.mark.parametrize("key", ["diagnosis", "patient_notes", "medicalHistory", "allergies"])
def test_the_name_of_the_member_ties_it_too(health: Analyzer, key: str) -> None:
    assert found(health, segment("asthma, seasonal", key), POLICY) == [("HEALTH_CONDITION", "asthma")]
    assert found(health, segment("asthma, seasonal", "topic"), POLICY) == []
    assert found(health, segment("asthma", "patient", "history"), POLICY) == [("HEALTH_CONDITION", "asthma")]


def test_a_name_in_the_sentence_ties_it() -> None:
    terms, text = HealthTerms(), "Maria Garcia: asthma. Migraine is common."
    assert [f.start for f in terms.findings(text, KeyContext(), [(0, 12)], ENTITIES)] == [14]
    assert terms.findings(text, KeyContext(), [], ENTITIES) == []


def test_a_name_that_the_model_finds_ties_it() -> None:
    fast = analyzer_of(DetectorSpec(model="fast", recognizers=("shield",)))
    text = "Kavita Ramanathan was treated for epilepsy in May"
    assert ("HEALTH_CONDITION", "epilepsy") in found(
        fast, segment(text), policy("PERSON", "HEALTH_CONDITION")
    )


def test_only_where_the_policy_names_the_type(health: Analyzer, patterns_only: Analyzer) -> None:
    text = "I take metformin for my diabetes"
    assert found(health, segment(text), policy("MEDICATION")) == [("MEDICATION", "metformin")]
    assert found(health, segment(text), policy("PERSON")) == []
    assert ENTITIES.isdisjoint(patterns_only.supported_entities)
    assert known_entities(SPEC) == health.supported_entities >= ENTITIES
    assert analyzer_of(DetectorSpec(model="none", recognizers=("shield",))).supported_entities >= ENTITIES


def test_the_lists_hold_each_term_once_and_none_of_one_letter() -> None:
    for terms in (CONDITIONS, MEDICINES):
        assert len(set(terms)) == len(terms)
        assert min(map(len, terms)) > 2
        assert all(term == term.lower().strip() for term in terms)
    assert set(CONDITIONS).isdisjoint(MEDICINES)


@pytest.mark.parametrize("piece", ["diabetes ", "type ", "i ", "cancer.", "a" * 50, "multiple sclerosis "])
def test_long_and_hostile(piece: str) -> None:
    text = (piece * 20_000)[:50_000]
    for finding in HealthTerms().findings(text, KeyContext(), (), ENTITIES):
        assert 0 <= finding.start < finding.end <= len(text)
