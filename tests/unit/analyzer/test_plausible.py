"""What the model takes for personal data and is none."""

from __future__ import annotations

import pytest

from shield.analyzer.plausible import is_plausible


def _says(text: str, value: str, label: str, *, beside: bool = False) -> bool:
    start = text.index(value)
    return is_plausible(text, start, start + len(value), label, beside=beside)


@pytest.mark.parametrize(
    ("text", "value", "label"),
    [
        ("the archive has 46057 entries", "46057", "POSTCODE"),
        ("The headset 3641 Pro is heavy.", "3641", "US_SSN"),
        ("order number 60206897 has not arrived", "60206897", "ACCOUNT_NUMBER"),
        ("Die Rechnung 336426 ist falsch.", "336426", "POSTCODE"),
        ("ticket #69533 is closed", "69533", "POSTCODE"),
        ("id 123e4567-e89b-12d3-a456-426614174729", "a456", "POSTCODE"),
        ("commit 427824020a051e4a breaks", "427824020", "PHONE_NUMBER"),
        ("Balance: 2143.54", "2143", "ACCOUNT_NUMBER"),
        ("connect pin 12 to pin 14", "12", "PASSWORD"),
        ("Refund please, error code 77123.", "77123", "POSTCODE"),
        ("it ends with exit code 1374", "1374", "PASSWORD"),
        ("the promo code is 88123", "88123", "POSTCODE"),
        ("The IBAN is wrong", "The IBAN", "PERSON"),
        ("UUID of the row", "UUID", "PERSON"),
        ("curl -H 'x'", "curl -H", "PERSON"),
    ],
)
def test_it_is_none(text: str, value: str, label: str) -> None:
    assert not _says(text, value, label)


@pytest.mark.parametrize(
    ("text", "value", "label"),
    [
        ("5343", "5343", "US_SSN"),
        ("it is 5343, thanks", "5343", "US_SSN"),
        ("I typed pin 7246 three times", "7246", "PASSWORD"),
        ("sure 4155550132 after work", "4155550132", "PHONE_NUMBER"),
        ("five three four three", "five three four three", "US_SSN"),
        ("my name is a m y", "a m y", "PERSON"),
        ("Ashley Page called", "Ashley Page", "PERSON"),
        ("k1a 0b1 is mine", "k1a 0b1", "POSTCODE"),
        ("my postal code is 77123", "77123", "POSTCODE"),
        ("the security code 7123 came", "7123", "PASSWORD"),
    ],
)
def test_it_can_be(text: str, value: str, label: str) -> None:
    assert _says(text, value, label)


def test_a_postcode_beside_its_city_counts_nothing() -> None:
    assert _says("10115 Berlin", "10115", "POSTCODE", beside=True)
    assert not _says("10115 parcels", "10115", "POSTCODE")
