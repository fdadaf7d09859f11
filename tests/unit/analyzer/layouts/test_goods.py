from __future__ import annotations

import pytest

from shield.analyzer.layouts.goods import left_to_model
from shield.analyzer.recognizers.key_context import RECOGNIZER
from shield.domain import Finding, Location, Segment, SegmentKind

BY_NAME = Finding(0, 11, "PERSON", 0.8, RECOGNIZER)


def record(*names: str) -> list[Segment]:
    """The members of one object with these names, each with its key; of "name" the value is a thing's."""
    segments: list[Segment] = []
    for name in names:
        for kind, text in ((SegmentKind.KEY, name), (SegmentKind.TEXT, "Blue Widget")):
            segments.append(Segment(len(segments), text, ("items", 0, name), kind))
    return segments


def left(segments: list[Segment], known: frozenset[int] = frozenset()) -> list[Location]:
    """The locations of the names whose person stays."""
    found = [
        [BY_NAME] if each.location[-1] in {"name", "Name"} and each.index % 2 else [] for each in segments
    ]
    left_to_model(segments, found, known)
    return [segments[place].location for place, each in enumerate(found) if each]


@pytest.mark.parametrize(
    "names",
    [
        ("sku", "name", "price"),
        ("Name", "unitPrice", "stockCount"),
        ("id", "name", "price", "barcode"),
        ("name", "ean_code", "preis"),
    ],
)
def test_a_name_beside_the_members_of_goods_is_left_to_the_model(names: tuple[str, ...]) -> None:
    assert not left(record(*names))


@pytest.mark.parametrize(
    "names",
    [
        ("id", "name"),
        ("name", "quantity", "plan"),
        ("name", "email", "price", "sku"),
        ("name", "sku", "price", "phone"),
        ("name", "price"),
        ("name", "product", "price", "sku"),
    ],
)
def test_it_stays_where_nothing_or_a_person_is_beside_it(names: tuple[str, ...]) -> None:
    assert len(left(record(*names))) == 1


def test_only_members_of_the_same_object_count() -> None:
    goods = record("sku", "price")
    person = [
        Segment(4, "name", ("owner", "name"), SegmentKind.KEY),
        Segment(5, "Blue Widget", ("owner", "name")),
    ]
    assert left([*goods, *person]) == [("owner", "name")]


def test_a_name_that_is_known_already_stays() -> None:
    assert left(record("name", "price", "sku"), known=frozenset({1})) == [("items", 0, "name")]


def test_what_other_recognizers_found_stays() -> None:
    segments = record("name", "price", "sku")
    model = BY_NAME._replace(recognizer="TaggerRecognizer")
    found: list[list[Finding]] = [[], [BY_NAME, model], [], [], [], []]
    left_to_model(segments, found, ())
    assert found[1] == [model]
