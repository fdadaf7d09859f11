"""Parts of a number in members of one object are found if together they make a number."""

from __future__ import annotations

import pytest

from shield.analyzer.context import KeyContext
from shield.analyzer.layouts.member_parts import findings
from shield.domain import Segment, SegmentKind


def _found(kind: SegmentKind = SegmentKind.TEXT, /, root: str = "$", **members: str) -> set[str]:
    segments = [
        Segment(place, text, tuple(name.split("__")) if root == "$" else (name, 0), kind, root)
        for place, (name, text) in enumerate(members.items())
    ]
    told = findings(segments, lambda it: KeyContext.of(it.keys))
    return {f"{each.entity_type} {segments[place].text}" for place, each in told}


@pytest.mark.parametrize(
    "members",
    [
        {"phone__area": "415", "phone__prefix": "555", "phone__line": "0132"},
        {"areaCode": "415", "exchange": "555", "subscriber": "0132"},
        {"phone_area": "415", "phone_prefix": "555", "phone_suffix": "0132"},
        {"homePhoneLine": "0132", "homePhoneArea": "415", "homePhonePrefix": "555"},
        {"mobile__areaCode": "415", "mobile__number": "5550132"},
        {"npa": "415", "nxx": "555", "phone_line": "0132", "order": "415"},
    ],
)
def test_a_phone_number_is_found_in_all_its_parts(members: dict[str, str]) -> None:
    parts = {value for name, value in members.items() if name != "order"}
    assert _found(**members) == {f"PHONE_NUMBER {value}" for value in parts}


def test_other_numbers_in_parts() -> None:
    assert _found(ssn_first="536", ssn_middle="22", ssn_last="1234") == {
        "US_SSN 536",
        "US_SSN 22",
        "US_SSN 1234",
    }
    assert _found(card__first6="411111", card__middle6="111111", card__last4="1111") == {
        "CREDIT_CARD 411111",
        "CREDIT_CARD 111111",
        "CREDIT_CARD 1111",
    }
    assert _found(root="form", ssn_first="536", ssn_mid="22", ssn_last="1234") == {
        "US_SSN 536",
        "US_SSN 22",
        "US_SSN 1234",
    }


def test_one_object_holds_several_numbers() -> None:
    members = {"home_area": "415", "home_prefix": "555", "home_line": "0132"}
    more = {"work_phone_area": "212", "work_phone_prefix": "555", "work_phone_line": "0199"}
    first = _found(**{name.replace("home", "home_phone"): value for name, value in members.items()})
    assert len(first) == 3
    both = _found(**{name.replace("home", "home_phone"): value for name, value in members.items()}, **more)
    assert both == first | {"PHONE_NUMBER 212", "PHONE_NUMBER 0199"}
    numbered = _found(fax_1_area="415", fax_1_line="5550132", fax_2_area="212", fax_2_line="5550199")
    assert len(numbered) == 4


def test_the_names_of_a_form_are_paths() -> None:
    names = [f"user[ssn][{part}]" for part in ("first", "middle", "last")]
    assert len(_found(root="form", **dict(zip(names, ("536", "22", "1234"), strict=True)))) == 3
    rows = [f"phone[{row}].{part}" for row in (0, 1) for part in ("area", "number")]
    values = ("415", "5550132", "212", "5550199")
    assert len(_found(root="query", **dict(zip(rows, values, strict=True)))) == 4


def test_signs_around_a_part_stay() -> None:
    segments = [
        Segment(place, text, ("phone", name), SegmentKind.TEXT, "$")
        for place, (name, text) in enumerate({"area": "(415)", "prefix": " 555-", "line": "0132"}.items())
    ]
    told = findings(segments, lambda it: KeyContext.of(it.keys))
    assert [segments[place].text[it.start : it.end] for place, it in told] == ["415", "555", "0132"]


def test_a_json_number_has_no_zeros_before_it() -> None:
    assert _found(SegmentKind.NUMBER, areaCode="415", exchange="555", subscriber="132") == {
        "PHONE_NUMBER 415",
        "PHONE_NUMBER 555",
        "PHONE_NUMBER 132",
    }


@pytest.mark.parametrize(
    "members",
    [
        {"area": "415", "prefix": "555", "line": "0132"},  # of what?
        {"phone__area": "415", "phone__prefix": "555"},
        {"phone__area": "415", "phone__prefix": "55", "phone__line": "0132"},
        {"phone__area": "415", "phone__country": "555", "phone__id": "0132"},
        {"a__phone_area": "415", "b__phone_prefix": "555", "c__phone_line": "0132"},
        {"card__bin": "411111", "card__last4": "1111"},  # truncated: PCI DSS 3.5.1
        {"card__first6": "411111", "card__middle6": "111111", "card__last4": "1112"},
        {"ssn_first": "536", "ssn_last": "1234"},
    ],
)
def test_what_makes_no_number_is_none(members: dict[str, str]) -> None:
    assert _found(**members) == set()
