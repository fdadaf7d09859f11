"""Which kinds of number a sequence of digits can be, by its form."""

from __future__ import annotations

import pytest

from shield.analyzer.passages import Passage
from shield.analyzer.plausibility.number_forms import LEAST_DIGITS, kinds_of
from shield.analyzer.tagger_ner import LABELS, TaggerNer
from tests.unit.analyzer.conftest import read

LONG = "He walked to the station, bought what he needed and came back with his "
QUESTION = "And the last four digits of your social security number?"


def _kinds(text: str, value: str, label: str, before: str = "") -> tuple[str, ...]:
    start = text.index(value)
    return kinds_of(text, start, start + len(value), label, before)


@pytest.mark.parametrize("label", sorted(LEAST_DIGITS))
def test_a_number_shorter_than_its_kind_is_none(label: str) -> None:
    assert label in LABELS
    short = "7" * (LEAST_DIGITS[label] - 1) or "7"
    assert _kinds(short, short, label) == ()


@pytest.mark.parametrize(
    ("text", "value", "label", "before"),
    [
        ("Refund 241", "241", "US_SSN", ""),
        ("Refund 2417", "2417", "US_SSN", ""),
        ("we charged 12345 to it", "12345", "PASSWORD", ""),
        ("She married the banker in 1783.", "1783", "US_SSN", ""),
        ("5343", "5343", "US_SSN", "What is your order number?"),
        ("four four one", "four four one", "PHONE_NUMBER", "What is your order number?"),
        ("5343", "5343", "CREDIT_CARD", "How many seats do you need?"),
        ("Agent: which order number?\nCustomer: 884201", "884201", "ACCOUNT_NUMBER", ""),
        ("agent: what is the order number\ncustomer: 7712 0044 19", "7712 0044 19", "ACCOUNT_NUMBER", ""),
        ("Agent: and group number?\nMember: 0047712", "0047712", "ACCOUNT_NUMBER", ""),
        ("Agent: and the last reading?\nCaller: 55120", "55120", "POSTCODE", ""),
        ("Golf Mk7, Alfa Romeo recall", "Mk7, Alfa Romeo", "VEHICLE_ID", ""),
        ("Agent: Hi! The order number?\n[10:02] Jo: it's 884201", "884201", "POSTCODE", ""),
        ("143 932, 143 884 with double deck", "143 932", "PHONE_NUMBER", ""),
        (LONG + "bag of 4712 stones.", "4712", "US_SSN", ""),
        ("that was 45219", "45219", "PASSWORD", "Thanks. And the final meter reading?"),
        ("el 55120", "55120", "POSTCODE", "¿Y el número de pedido?"),
        ("VIN 12", "12", "VEHICLE_ID", ""),
    ],
)  # fmt: skip
def test_it_is_none(text: str, value: str, label: str, before: str) -> None:
    assert _kinds(text, value, label, before) == ()


@pytest.mark.parametrize(
    ("text", "value", "label", "before"),
    [
        ("5343", "5343", "US_SSN", ""),
        ("5343", "5343", "US_SSN", QUESTION),
        ("five three four three", "five three four three", "US_SSN", ""),
        ("manu 2554 and 5454542376874543", "2554", "US_SSN", ""),
        ("1783", "1783", "US_SSN", ""),
        ("I paid 536-22-1234", "536-22-1234", "US_SSN", ""),
        ("call me on ext 4412", "4412", "PHONE_NUMBER", ""),
        ("44127", "44127", "PHONE_NUMBER", "What is your phone number?"),
        ("the card ending 4242 was used", "4242", "CREDIT_CARD", ""),
        ("4242", "4242", "CREDIT_CARD", "the last four for order 77?"),
        (LONG + "social, that is 4712, in hand.", "4712", "US_SSN", ""),
        ("45219", "45219", "PASSWORD", "And the code for that order?"),
        ("90210", "90210", "POSTCODE", "Your order is here. And the zip?"),
        ("zip 90210", "90210", "POSTCODE", "What is your order number?"),
        ("KA 01 AB 1234", "KA 01 AB 1234", "VEHICLE_ID", ""),
    ],
)  # fmt: skip
def test_it_keeps_its_kind(text: str, value: str, label: str, before: str) -> None:
    assert _kinds(text, value, label, before) == (label,)


@pytest.mark.parametrize(
    ("text", "value", "label", "before", "kind"),
    [
        ("4556 is the account number", "4556", "US_SSN", "", "ACCOUNT_NUMBER"),
        ("ssn 7708 and card 3777", "3777", "US_SSN", "", "CREDIT_CARD"),
        ("4556", "4556", "US_SSN", "Your PIN, please?", "PASSWORD"),
        ("90210", "90210", "US_SSN", "Your zip code?", "POSTCODE"),
    ],
)
def test_a_word_that_names_another_kind_is_heard(
    text: str, value: str, label: str, before: str, kind: str
) -> None:
    assert _kinds(text, value, label, before) == (kind, label)


def test_a_kind_that_the_policy_does_not_name_leaves_the_models_own() -> None:
    ner = TaggerNer()
    passage = [Passage(0, "im sorry 4556 is the account number")]
    assert [f.entity_type for f in read(ner, passage, frozenset({"US_SSN"}))[0]] == ["US_SSN"]
    both = read(ner, passage, frozenset({"US_SSN", "ACCOUNT_NUMBER"}))[0]
    assert [f.entity_type for f in both] == ["ACCOUNT_NUMBER"]


def test_an_amount_of_three_digits_is_no_number_of_a_person() -> None:
    assert read(TaggerNer(), [Passage(0, "Refund 241")], frozenset({"US_SSN", "CREDIT_CARD"})) == [[]]


@pytest.mark.parametrize(
    "text",
    [
        "Agent: your account number?\nCustomer: 884201",
        "Agent: your order or account number?\nCustomer: 884201",
        "Agent: the order number.\nCustomer: my account is 884201",
        "Any question on the order number?\nmy account is 884201",
    ],
)
def test_a_line_that_asks_for_no_mere_thing_takes_nothing(text: str) -> None:
    assert _kinds(text, "884201", "ACCOUNT_NUMBER") == ("ACCOUNT_NUMBER",)
