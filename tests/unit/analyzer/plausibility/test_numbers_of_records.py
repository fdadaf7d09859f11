"""Numbers of records that pass a card's checksum are no cards; numbers of issuers are, under any name."""

from __future__ import annotations

import pytest

from shield.analyzer.context import KeyContext
from shield.analyzer.plausibility.numbers_of_records import is_of_a_record
from shield.domain import DetectorSpec, Segment
from tests.unit.analyzer.built import analyzer_of
from tests.unit.analyzer.conftest import policy

NUMBERS = ("1892000000006907", "102290129340398", "163239623329114")


@pytest.mark.parametrize(
    "name", ["departmentId", "entry_ids", "fingerprint", "event_ts", "created_at", "barcode"]
)
@pytest.mark.parametrize("number", NUMBERS)
def test_under_a_name_of_records_it_is_none(number: str, name: str) -> None:
    assert is_of_a_record(number, KeyContext.of((name,)))


@pytest.mark.parametrize("number", ["4111111111111111", "5555555555554444", "378282246310005"])
def test_a_number_of_an_issuer_may_be_a_card(number: str) -> None:
    assert not is_of_a_record(number, KeyContext.of(("externalId",)))


def test_elsewhere_the_checksum_counts() -> None:
    for number in NUMBERS:
        assert not is_of_a_record(number, KeyContext.of(("note",)))
        assert not is_of_a_record(f"paid with {number}", KeyContext.of(("id",)))


def test_the_analyzer_asks() -> None:
    analyzer = analyzer_of(DetectorSpec(model="none", recognizers=("default", "shield")))
    segments = [Segment(0, NUMBERS[0], ("departmentId",)), Segment(1, NUMBERS[0], ("note",))]
    first, second = analyzer.analyze(segments, policy())
    assert not [each for each in first if each.entity_type == "CREDIT_CARD"]
    assert [each for each in second if each.entity_type == "CREDIT_CARD"]
