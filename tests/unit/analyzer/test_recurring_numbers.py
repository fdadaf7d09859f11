"""A number that one text of a payload tells is found in its other texts, and nothing that is only like it."""

from __future__ import annotations

import pytest

from shield.analyzer.recurring_numbers import RecurringNumbers
from shield.domain import Finding, Segment, SegmentKind

NUMBERS = RecurringNumbers()


def _again(
    first: str, value: str, second: str, *, recognizer: str = "Rule", kind: SegmentKind = SegmentKind.TEXT
) -> list[str]:
    start = first.index(value)
    found = [[Finding(start, start + len(value), "INSURANCE_NUMBER", 0.75, recognizer)], []]
    segments = [Segment(0, first, ("a",)), Segment(1, second, ("b",), kind)]
    news = list(NUMBERS.findings(segments, found, "Model"))
    assert all(place == 1 for place, _ in news)
    return [second[each.start : each.end] for _, each in news]


@pytest.mark.parametrize(
    ("first", "value", "second", "again"),
    [
        ("member id 440977120", "440977120", "Is that 440977120?", "440977120"),
        ("member id 440977120", "440977120", "it is 440 977-120, right", "440 977-120"),
        ("policy HH-4471-2209", "HH-4471-2209", "renew hh44712209 now", "hh44712209"),
        (
            "it's X Q W four four seven one nine",
            "X Q W four four seven one nine",
            "I have XQW44719.",
            "XQW44719",
        ),
        ("it's double four oh nine seven one", "double four oh nine seven one", "so 440971 then", "440971"),
    ],
)
def test_the_same_number_is_found_again(first: str, value: str, second: str, again: str) -> None:
    assert _again(first, value, second) == [again]


@pytest.mark.parametrize(
    "second",
    [
        "order 4409771203 is late",
        "see 1-440977120 in the log",
        "see 440977120-7 in the log",
        "it costs 440,977,120 in all",
        "440977120",
        "44 and 09 and 77 and 120",
        "reach it@440977120 now",
    ],
)
def test_a_longer_one_a_sum_and_what_links_records_are_none(second: str) -> None:
    assert _again("member id 440977120", "440977120", second) == []


def test_what_only_a_model_says_short_ones_and_names_of_members_are_not_looked_for() -> None:
    assert _again("id 440977120", "440977120", "Is that 440977120?", recognizer="Model") == []
    assert _again("id 44097", "44097", "Is that 44097?") == []
    assert _again("id 440977120", "440977120", "is 440977120", kind=SegmentKind.KEY) == []


def test_what_a_model_heard_is_found_where_it_is_read_back() -> None:
    heard = "it's X Q W four four seven one nine"
    assert _again(heard, heard[5:], "I have XQW44719.", recognizer="Model") == ["XQW44719"]


def test_what_was_found_there_stays_as_it_is() -> None:
    text = "member id 440977120 again"
    found = [[Finding(10, 19, "INSURANCE_NUMBER", 0.85, "Rule")]]
    assert list(NUMBERS.findings([Segment(0, text, ("a",))], found, "Model")) == []
