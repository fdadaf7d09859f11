"""One pass gives the results of Presidio's two South African recognizers."""

from __future__ import annotations

import random
import re._parser as sre_parser  # type: ignore[import-not-found]
from collections.abc import Iterator
from itertools import product
from typing import Any

import phonenumbers
import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.detection_texts import HOSTILE, TICKET
from shield.analyzer.recognizers.phone_za import CLASSES, SouthAfricanNumbers, may_hold
from shield.domain import DetectorSpec, OperatorSpec, Policy, Segment
from tests.unit.analyzer.built import new_analyzer

RECOGNIZERS: list[Any] = [cls() for cls in CLASSES]
NUMBERS = SouthAfricanNumbers(RECOGNIZERS)
NATIONAL = (
    "821234567 0821234567 0115551234 27821234567 270821234567 0027115551234 800123456 86123 48213 4155550132"
)


def presidios(text: str) -> list[tuple[int, int, int, float]]:
    return sorted(
        (place, result.start, result.end, result.score)
        for place, each in enumerate(RECOGNIZERS)
        for result in each.analyze(text, each.supported_entities)
    )


def ours(text: str) -> list[tuple[int, int, int, float]]:
    return sorted((hit.place, hit.start, hit.end, hit.score) for hit in NUMBERS.analyze(text))


@pytest.mark.parametrize(
    "text",
    [
        TICKET,
        "call 082 123 4567 or 011 555 1234, +27 82 123 4567, +27 (0)11 555 1234 ext. 12",
        "0027 82 123 4567; 27821234567; 2701234; 00 27 11 555 1234 x5 tel:082-123-4567",
        "12345-678 (1234 pp. 12/12/2012 2012-01-02 08:00 [082) 1234567 ((082)) 1234567",
        "08212\uff134567 +27\u00a082\u20111234567 48213 48213 48213/48214",
        *(make(400) for make in HOSTILE.values()),
    ],
)
def test_both_find_what_presidios_find(text: str) -> None:
    assert ours(text) == presidios(text)


@pytest.mark.parametrize("seed", range(150))
def test_the_same_over_numbers_of_every_form(seed: int) -> None:
    chance = random.Random(seed)
    parts = []
    for _ in range(6):
        digits = chance.choice([*NATIONAL.split(), str(chance.randrange(10 ** chance.randint(1, 16)))])
        separators = chance.choice(["", "", " ", "-", ".", "/", " -", "()", "x", "+", "\u2011"])
        formed = "".join(
            digit + (chance.choice(separators) if separators and chance.random() < 0.3 else "")
            for digit in digits
        )
        parts.append(chance.choice(["", "", "+", "(", "+27", "00", "no. "]) + formed)
    text = chance.choice([" ", ", ", "\n", "/", " ext "]).join(parts)
    assert ours(text) == presidios(text), text


@settings(max_examples=80)
@given(st.text(alphabet="0123456789 -./()+[]x,2700", max_size=40))
def test_the_same_on_any_text(text: str) -> None:
    assert ours(text) == presidios(text)
    assert may_hold(text) or not presidios(text)


def choices(pattern: str) -> Iterator[str]:
    """The top-level alternatives of a pattern."""
    depth = begin = 0
    for place, sign in enumerate(pattern):
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and depth == 0:
            yield pattern[begin:place]
            begin = place + 1
    yield pattern[begin:]


def test_only_numbers_that_begin_with_8_are_of_another_length() -> None:
    metadata: Any = phonenumbers.PhoneMetadata.metadata_for_region("ZA", None)
    kinds = ("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip")
    more = ("pager", "uan", "voicemail")
    descriptions = [getattr(metadata, kind) for kind in (*kinds, *more)]
    patterns = [it.national_number_pattern for it in descriptions if it and it.national_number_pattern]
    assert len(patterns) > 4
    for choice in [choice for pattern in patterns for choice in choices(pattern)]:
        begins = {digit for digit in "0123456789" if regex.fullmatch(choice, digit, partial=True)}
        assert begins == {"8"} or sre_parser.parse(choice).getwidth() == (9, 9), choice


def test_the_same_from_every_beginning() -> None:
    for first, rest in product(range(0, 1000, 7), ("123456", " 12 34567", " - (3456789")):
        for run in (f"{first}{rest}", f"0{first}{rest}"):
            assert ours(run) == presidios(run), run


def test_a_short_number_that_is_a_whole_segment_is_found_by_the_engine() -> None:
    analyzer = new_analyzer(DetectorSpec(model="none", recognizers=("country:za",)))
    policy = Policy("za", "", dict.fromkeys(analyzer.supported_entities, OperatorSpec("replace")))
    assert presidios("081004")
    assert {(found.start, found.end) for found in analyzer.analyze([Segment(0, "081004")], policy)[0]} == {
        (0, 6)
    }
