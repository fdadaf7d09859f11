"""Values with no separator between them and the adjacent text are found."""

from __future__ import annotations

import pytest

from shield.analyzer.engine import Analyzer
from shield.analyzer.expressions.folded import fold
from shield.analyzer.views.glued import glued
from shield.analyzer.views.number_words import said_words
from shield.analyzer.views.trigger import Reading, Trigger
from shield.domain import DetectorSpec
from tests.unit.analyzer.built import STORE, analyzer_of
from tests.unit.analyzer.conftest import found, policy, segment

POLICY = policy("EMAIL_ADDRESS", "US_SSN", "PHONE_NUMBER", "CREDIT_CARD", "CARD_CVV", "IBAN_CODE")
CASES = [
    ("john@example.com536-22-1234", "john@example.com 536-22-1234", "john@example.com|536-22-1234"),
    ("john@example.com.Thanks", "john@example.com .Thanks", "john@example.com"),
    ("to john@example.com.json", "to john@example.com .json", "john@example.com"),
    ("john@example.com.csv.gz", "john@example.com .csv.gz", "john@example.com"),
    ("john@example.comPlease call", "john@example.com Please call", "john@example.com"),
    (
        "john@example.com_4111111111111111",
        "john@example.com 4111111111111111",
        "john@example.com|4111111111111111",
    ),
    (
        "ann@example.co.uk-4111111111111111",
        "ann@example.co.uk 4111111111111111",
        "ann@example.co.uk|4111111111111111",
    ),
    (
        "john@example.comjane@example.org",
        "john@example.com jane@example.org",
        "john@example.com|jane@example.org",
    ),
    ("SSN:536221234email:j@example.com", "SSN:536221234 email:j@example.com", "536221234|j@example.com"),
    ("phone:415-555-0132name: Jo", "phone:415-555-0132 name: Jo", "415-555-0132"),
    ("tel4155550132", "tel 4155550132", "4155550132"),
    ("Tel+49 30 23125 123", "Tel +49 30 23125 123", "+49 30 23125 123"),
    ("card4111111111111111", "card 4111111111111111", "4111111111111111"),
    ("cc4111111111111111", "cc 4111111111111111", "4111111111111111"),
    (
        "%B4111111111111111^GARCIA/MARIA^29041010000000000?",
        "%B 4111111111111111^GARCIA/MARIA^29041010000000000?",
        "4111111111111111|^GARCIA/MARIA^29041010000000000",
    ),
    ("card:4111111111111111cvv:123", "card:4111111111111111 cvv:123", "4111111111111111|123"),
]


@pytest.fixture(scope="module")
def both() -> Analyzer:
    return analyzer_of(DetectorSpec(model="none", recognizers=("default", "shield")))


@pytest.fixture(scope="module")
def trigger() -> Trigger:
    return Trigger(said_words(), STORE)


@pytest.mark.parametrize(("text", "read", "values"), CASES)
def test_each_value_is_found_by_itself(
    both: Analyzer, trigger: Trigger, text: str, read: str, values: str
) -> None:
    view = glued(text)
    assert view is not None
    assert view.text == read
    assert Reading.GLUED in trigger.fired(fold(text))
    assert [value for _, value in found(both, segment(text), POLICY)] == values.split("|")


@pytest.mark.parametrize(
    "text",
    [
        "john@example.com",
        "john@example.com, jane@example.org",
        "john@example.com.au",
        "john@example.com.jsonville.org",
        "john@example.community",
        "john@example.comX",
        "kim@mail.example.com.",
        "john@example.com. Thanks",
        "hotel4155550132",
        "order 1234: phone",
        "tel 4155550132",
        "12mail: 5",
        "@com",
        "1234email",
        "telly4155550132",
    ],
)
def test_what_is_apart_is_left_alone(text: str) -> None:
    assert glued(text) is None


@pytest.mark.parametrize(
    "piece", ["a@b.com1", "@a.com", "1234mail:", "tel1234567", "a@b.c", "@", "com.", "tel", "@b.com-1"]
)
def test_long_and_hostile(piece: str) -> None:
    text = piece * 5_000
    view = glued(text)
    if view is not None:
        assert len(view.text) <= 2 * len(text)
        assert view.raw_span(0, len(view.text)) == (0, len(text))


@pytest.mark.parametrize(
    "text", ["x=call%20415-555-0132%2C", "call%2520415-555-0132", "a=call+415-555-0132%2C+b"]
)
def test_a_number_is_found_where_another_reading_frees_it(both: Analyzer, text: str) -> None:
    assert found(both, segment(text), POLICY) == [("PHONE_NUMBER", "415-555-0132")]
