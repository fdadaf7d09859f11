"""Values beside their labels are read at the place that the label names."""

from __future__ import annotations

import pytest

from shield.analyzer.labels import with_labels
from shield.domain import Segment, SegmentKind
from tests.unit.analyzer.conftest import segment

SSN = "536221234"


def _placed(*segments: Segment) -> list[tuple[str | int, ...]]:
    return [each.location for each in with_labels(segments)]


@pytest.mark.parametrize("label", ["name", "key", "title", "label", "field", "property", "question", "Name"])
@pytest.mark.parametrize("value", ["value", "answer", "fromString", "previous_value", "Value"])
def test_a_value_is_read_under_its_label(label: str, value: str) -> None:
    name, number = segment("ssn", "f", 0, label), segment(SSN, "f", 0, value)
    assert _placed(name, number) == [("f", 0, label), ("f", 0, "ssn")]
    assert _placed(number, name) == [("f", 0, "ssn"), ("f", 0, label)]


def test_of_several_labels_the_one_that_people_read_stands_last() -> None:
    segments = [
        segment("cf_12", "f", 0, "key"),
        segment(SSN, "f", 0, "value"),
        segment("SSN", "f", 0, "title"),
    ]
    assert _placed(*segments)[1] == ("f", 0, "cf_12 SSN")


def test_several_values_share_a_label() -> None:
    segments = [segment("ssn", "name"), segment("x", "values", 0), segment(SSN, "values", 1)]
    assert _placed(*segments) == [("name",), ("ssn", 0), ("ssn", 1)]


def test_without_a_label_the_member_that_holds_the_value_names_it() -> None:
    assert _placed(segment(SSN, "properties", "ssn", "value")) == [("properties", "ssn")]
    assert _placed(segment(SSN, "list", 0, "value")) == [("list", 0, "value")]


def test_what_is_long_is_neither_label_nor_value() -> None:
    assert _placed(segment("x" * 65, "f", 0, "name"), segment(SSN, "f", 0, "value"))[1] == ("f", 0, "value")
    assert _placed(segment("ssn", "f", 0, "name"), segment("x" * 129, "f", 0, "value"))[1][-1] == "value"


def test_labels_of_other_values_and_names_of_members_are_left() -> None:
    other = [segment("ssn", "f", 0, "name"), segment(SSN, "f", 1, "value")]
    key = segment("value", "f", 0, "value", kind=SegmentKind.KEY)
    assert _placed(*other, key) == [("f", 0, "name"), ("f", 1, "value"), ("f", 0, "value")]


def test_segments_without_values_are_the_same_object() -> None:
    segments = [segment("a", "name"), segment("b", "note")]
    assert with_labels(segments) is segments
