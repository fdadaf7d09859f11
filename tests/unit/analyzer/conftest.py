"""Analyzers that this folder's tests share: building one takes seconds, running it microseconds."""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from shield.analyzer.detectors import Ner
from shield.analyzer.engine import Analyzer
from shield.analyzer.passages import Passage
from shield.analyzer.resolver import resolve
from shield.domain import Check, DetectorSpec, Finding, OperatorSpec, Policy, Segment, SegmentKind, no_check
from tests.unit.analyzer.built import analyzer_of

# The entities of config/quickstart.yaml.
DEFAULT_ENTITIES = (
    "PERSON EMAIL_ADDRESS PHONE_NUMBER LOCATION CREDIT_CARD IBAN_CODE US_SSN US_ITIN US_PASSPORT "
    "US_BANK_NUMBER UK_NHS MEDICAL_LICENSE IP_ADDRESS CRYPTO"
).split()


def policy(*entities: str, **options: object) -> Policy:
    operators = {entity: OperatorSpec("replace") for entity in entities or DEFAULT_ENTITIES}
    return Policy("test", "sha256:0", operators, **options)  # type: ignore[arg-type]


def segment(text: str, *location: str | int, kind: SegmentKind = SegmentKind.TEXT) -> Segment:
    return Segment(0, text, location, kind)


def said(texts: Sequence[str]) -> list[Passage]:
    """Texts as a model reads them, each on its own."""
    return [Passage(place, text) for place, text in enumerate(texts)]


def read(
    ner: Ner, passages: Sequence[Passage], wanted: frozenset[str], check: Check = no_check
) -> list[list[Finding]]:
    """What a model finds in all the passages."""
    return list(ner.read(passages, wanted, check))


@pytest.fixture(scope="session")
def patterns_only() -> Analyzer:
    return analyzer_of(DetectorSpec(model="none"))


@pytest.fixture(scope="session")
def full() -> Analyzer:
    return analyzer_of(DetectorSpec())


Found = list[tuple[str, str]]
Find = Callable[..., Found]


def found(analyzer: Analyzer, piece: Segment, under: Policy | None = None) -> Found:
    """What the policy acts on in one segment, as (type, text)."""
    under = under or policy()
    findings: list[Finding] = analyzer.analyze([piece], under)[0]
    return [(f.entity_type, piece.text[f.start : f.end]) for f in resolve(piece.text, findings, under)]
