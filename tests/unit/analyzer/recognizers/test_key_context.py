"""A member's name explains its value, and says whether a name is a thing's."""

from __future__ import annotations

import pytest

from shield.analyzer.context import KeyContext
from shield.analyzer.recognizers.key_context import by_key_name
from shield.domain import SegmentKind


def read(value: str, *names: str, kind: SegmentKind = SegmentKind.TEXT) -> list[str]:
    return [finding.entity_type for finding in by_key_name(value, kind, KeyContext.of(names))]


@pytest.mark.parametrize(
    ("names", "value", "entity"),
    [
        (("first_name",), "maria", "PERSON"),
        (("lastName",), "O'Neill-García", "PERSON"),
        (("customer", "name"), "maria garcia", "PERSON"),
        (("users", "name"), "Ana", "PERSON"),
        (("name",), "Maria Garcia", "PERSON"),
        (("name", "first"), "Mei", "PERSON"),
        (("customer_name", "last"), "Tan", "PERSON"),
        (("name",), "Maria", "PERSON"),
        (("requester",), "Maria Garcia", "PERSON"),
        (("author",), "J. R. Smith", "PERSON"),
        (("agent_name",), "li wei", "PERSON"),
        (("fullname",), "Garcia, Maria", "PERSON"),
        (("contact", "email"), "maria@intranet", "EMAIL_ADDRESS"),
        (("mobile",), "0151 2345 678", "PHONE_NUMBER"),
        (("homePhone",), "555-0132", "PHONE_NUMBER"),
        (("celular",), "11 98765-4321", "PHONE_NUMBER"),
        (("telf",), "612 345 678", "PHONE_NUMBER"),
        (("address",), "12 Main Street", "LOCATION"),
        (("street",), "Hauptstr. 5", "LOCATION"),
        (("city",), "springfield", "LOCATION"),
        (("zip",), "02101", "LOCATION"),
        (("postal_code",), "SW1A 1AA", "LOCATION"),
        (("date_of_birth",), "1980-02-01", "DATE_TIME"),
        (("dob",), "1 Feb 1980", "DATE_TIME"),
        (("dateofbirth",), "1980-02-01", "DATE_TIME"),
        (("CONTACTNAME",), "MARIA GARCIA", "PERSON"),
        (("FAMILYNAME",), "garcia", "PERSON"),
    ],
)
def test_read_by_its_name(names: tuple[str, ...], value: str, entity: str) -> None:
    assert read(value, *names) == [entity]


@pytest.mark.parametrize(
    ("names", "value"),
    [
        (("product", "name"), "Mocha Grande"),
        (("product_name",), "Mocha Grande"),
        (("fileName",), "report"),
        (("tags", "name"), "Urgent"),
        (("plan", "name"), "Silver"),
        (("components", "name"), "Ledger"),
        (("links", "first"), "Mei"),
        (("queue", "name"), "Second Line"),
        (("company_name",), "Example Holding"),
        (("event", "name"), "Summer Sale"),
        (("custom_fields", "field", "name"), "Size"),
        (("status", "name"), "Solved"),
        (("username",), "Maria Garcia"),
        (("name",), "new ticket"),
        (("name",), "Billing"),
        (("name",), "v2.1"),
        (("agent",), "Firefox"),
        (("author",), "system"),
        (("requester",), "Support Team"),
        (("email_address",), "no"),
        (("ip_address",), "203.0.113.7 x"),
        (("phone_type",), "4155550132"),
        (("phone",), "iPhone 12"),
        (("state",), "open"),
        (("zip",), "archive.tgz, of it"),
        ((), "Maria Garcia"),
    ],
)
def test_left_alone(names: tuple[str, ...], value: str) -> None:
    assert read(value, *names) == []


def test_numbers_are_read_under_few_names_only() -> None:
    assert read("4155550132", "phone", kind=SegmentKind.NUMBER) == ["PHONE_NUMBER"]
    assert read("94103", "zip", kind=SegmentKind.NUMBER) == ["LOCATION"]
    assert read("19800201", "dob", kind=SegmentKind.NUMBER) == []

    keys = KeyContext.of(("dob", "year"))
    (part,) = by_key_name("1980", SegmentKind.NUMBER, keys, frozenset({"DATE_OF_BIRTH"}))
    assert part.entity_type == "DATE_OF_BIRTH"


def test_persons_are_looked_for_only_if_they_are_wanted():
    for value, names, left in (("Maria Garcia", ("name",), 0), ("jo@example.com", ("author", "email"), 1)):
        keys = KeyContext.of(names)
        assert len(by_key_name(value, SegmentKind.TEXT, keys)) == 1
        assert len(by_key_name(value, SegmentKind.TEXT, keys, wanted={"EMAIL_ADDRESS"})) == left


def test_the_space_around_a_value_is_left_out() -> None:
    (finding,) = by_key_name("  Maria Garcia\n", SegmentKind.TEXT, KeyContext.of(("name",)))
    assert (finding.start, finding.end) == (2, 14)


@pytest.mark.parametrize("name", ["from", "to", "sender", "recipient"])
def test_gateways_send_numbers_without_their_sign(name: str) -> None:
    assert read("14155550132", name) == ["PHONE_NUMBER"]
    for other in ("1796034000", "1796034000123", "102290129340398", "361445289112", "20261130120000"):
        assert read(other, name) == []
    assert read("14155550132", "order") == []


@pytest.mark.parametrize(
    ("names", "value"),
    [
        (("intent", "name"), "VerifyIdentity"),
        (("name",), "VerifyIdentity"),
        (("inbox", "name"), "Website Miami"),
        (("name",), "Twitter"),
        (("name",), "Larkspur Clinics"),
        (("resolution", "name"), "Will Reproduce"),
    ],
)
def test_things_of_a_platform_have_names_too(names: tuple[str, ...], value: str) -> None:
    assert read(value, *names) == []


@pytest.mark.parametrize("value", ["MacLeod", "DeShawn", "JoAnn", "McAllister"])
def test_a_name_may_have_a_capital_within(value: str) -> None:
    assert read(value, "name") == ["PERSON"]


def test_a_flattened_name_is_read_as_several() -> None:
    assert KeyContext.of(("deliveryAddress.street",)) == KeyContext.of(("deliveryAddress", "street"))
    assert KeyContext.of(("PID.3",)).own == ("pid", "3")
