"""The group `shield` adds findings, and changes nothing where it is not requested."""

from __future__ import annotations

import pytest

from shield.analyzer.build import known_entities
from shield.analyzer.engine import Analyzer
from shield.analyzer.recognizers import health, key_context, named_values
from shield.analyzer.recognizers.ours import OURS
from shield.domain import DetectorSpec, Finding, SegmentKind
from tests.unit.analyzer.built import analyzer_of
from tests.unit.analyzer.conftest import policy, segment

PLAIN = DetectorSpec(model="none")
BOTH = DetectorSpec(model="none", recognizers=("default", "shield"))


@pytest.fixture(scope="module")
def both() -> Analyzer:
    return analyzer_of(BOTH)


def named(analyzer: Analyzer, value: str, name: str, *entities: str) -> set[str]:
    found: list[Finding] = analyzer.analyze([segment(value, name)], policy(*entities))[0]
    return {finding.entity_type for finding in found}


def test_the_engine_and_the_check_know_the_same_types(patterns_only: Analyzer, both: Analyzer) -> None:
    of_ours = {cls.ENTITY for cls in OURS} | health.ENTITIES
    assert both.supported_entities == known_entities(BOTH) == known_entities(PLAIN) | of_ours
    assert patterns_only.supported_entities == known_entities(PLAIN)
    assert known_entities(PLAIN).isdisjoint(
        of_ours - {"CREDIT_CARD", "CRYPTO", "PERSON", "PHONE_NUMBER", "US_SSN"}
    )


def test_every_type_that_names_say_has_a_recognizer() -> None:
    assert {cls.ENTITY for cls in OURS} >= named_values.ENTITIES
    assert named_values.ENTITIES.isdisjoint(key_context.ENTITIES)


def test_one_recognizer_alone_brings_its_type_alone() -> None:
    analyzer = analyzer_of(DetectorSpec(model="none", recognizers=("PinRecognizer",)))
    assert analyzer.supported_entities == key_context.ENTITIES | {"PIN"}
    assert named(analyzer, "0314", "pin", "PIN") == {"PIN"}
    assert named(analyzer, "123", "cvv", "PIN", "CARD_CVV") == set()


@pytest.mark.parametrize(
    ("name", "value", "old", "new"),
    [
        ("street", "Hauptstr. 5", "LOCATION", "STREET_ADDRESS"),
        ("zip", "02110", "LOCATION", "POSTCODE"),
        ("dob", "1980-02-29", "DATE_TIME", "DATE_OF_BIRTH"),
    ],
)
def test_both_types_only_where_the_policy_lists_both(  # noqa: PLR0917  # the columns of the table
    patterns_only: Analyzer, both: Analyzer, name: str, value: str, old: str, new: str
) -> None:
    assert named(both, value, name, old, new) == {old, new}
    assert named(both, value, name, old) == named(patterns_only, value, name, old) == {old}
    assert named(both, value, name, new) == {new}
    assert named(patterns_only, value, name, old, new) == {old}


@pytest.mark.parametrize(("name", "value"), [("ssn", "8632"), ("password", "hunter"), ("cvv", "123")])
def test_without_the_group_names_say_no_more_than_before(
    patterns_only: Analyzer, name: str, value: str
) -> None:
    everything = [cls.ENTITY for cls in OURS]
    assert named(patterns_only, value, name, *everything) == set()


def test_values_of_disguised_labels_are_found(both: Analyzer) -> None:
    text = "my PIN is ４８２９"  # noqa: RUF001  # full width
    (finding,) = both.analyze([segment(text)], policy("PIN"))[0]
    assert text[finding.start : finding.end] == "４８２９"  # noqa: RUF001  full width


def test_numbers_of_json_only_of_types_that_can_be(both: Analyzer) -> None:
    found = both.analyze([segment("123", "username", kind=SegmentKind.NUMBER)], policy("USERNAME"))[0]
    assert found == []
