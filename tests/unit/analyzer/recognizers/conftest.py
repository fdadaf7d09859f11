"""One engine with our recognizers, and what it finds with a score of at least 0.5."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shield.analyzer.resolver import resolve
from shield.domain import DetectorSpec, OperatorSpec, Policy, Segment, SegmentKind
from tests.unit.analyzer.built import analyzer_of

Find = Callable[..., list[tuple[str, str]]]


@pytest.fixture(scope="session")
def find() -> Find:
    """(type, text) of each finding in a text, given the names of the members around it."""
    analyzer = analyzer_of(DetectorSpec(model="none", recognizers=("shield",)))

    def found(
        text: str, *names: str, kind: SegmentKind = SegmentKind.TEXT, only: str = ""
    ) -> list[tuple[str, str]]:
        entities = {only} if only else analyzer.supported_entities - {"PERSON", "LOCATION", "DATE_TIME"}
        policy = Policy("test", "sha256:0", {entity: OperatorSpec("replace") for entity in entities})
        findings = analyzer.analyze([Segment(0, text, names, kind)], policy)[0]
        return [(f.entity_type, text[f.start : f.end]) for f in resolve(text, findings, policy)]

    return found
