"""Corrections of Presidio's scores: which are lowered, and which are not."""

from __future__ import annotations

import pytest

from shield.analyzer.calibration import CORRECTIONS
from shield.analyzer.surroundings import Surroundings


@pytest.mark.parametrize(
    ("recognizer", "text", "value"),
    [
        ("IpRecognizer", "Mozilla/5.0 (X11) AppleWebKit/537.36 Chrome/119.0.0.0 Safari/537.36", "119.0.0.0"),
        ("IpRecognizer", "firmware: 1.0.7.12", "1.0.7.12"),
        ("IpRecognizer", "fw 4.8.7.219", "4.8.7.219"),
        ("IpRecognizer", "the version is 10.0.1.2", "10.0.1.2"),
        ("IpRecognizer", "nginx/1.25.3.1", "1.25.3.1"),
        ("IpRecognizer", "urn:oid:1.2.36.146.595.217.0.1", "1.2.36.146"),
        ("IpRecognizer", "ip 9.1.2.36.146", "1.2.36.146"),
        ("IpRecognizer", "Update Futuresmart 4.11.2.1 or later.", "4.11.2.1"),
        ("IpRecognizer", "ip address 10.10.4.2 255.255.255.252", "255.255.255.252"),
        ("IpRecognizer", "cidr 10.20.0.0/16", "10.20.0.0/16"),
        ("MacAddressRecognizer", "D6:0B:5A:3C:91:7E:42:88:AF:10:6D:C4", "42:88:AF:10:6D:C4"),
        ("CreditCardRecognizer", "IMEI: 356938035643809", "356938035643809"),
        ("CreditCardRecognizer", "6.4499999999999975", "4499999999999975"),
        ("NhsRecognizer", "call 943-476-5919", "943-476-5919"),
        ("MedicalLicenseRecognizer", "a4-BX1234563-9c", "BX1234563"),
    ],
)
def test_what_is_something_else_stays_below_a_threshold(recognizer: str, text: str, value: str) -> None:
    start = text.index(value)
    assert CORRECTIONS[recognizer](text, start, start + len(value), 1.0, Surroundings(text)) <= 0.3


@pytest.mark.parametrize(
    ("recognizer", "text", "value"),
    [
        ("IpRecognizer", "the login came from 10.0.1.2", "10.0.1.2"),
        ("IpRecognizer", "host/10.0.0.4", "10.0.0.4"),
        ("IpRecognizer", "10.0.0.4 or another one", "10.0.0.4"),
        ("MacAddressRecognizer", "mac D6:0B:5A:3C:91:7E", "D6:0B:5A:3C:91:7E"),
        ("IpRecognizer", "1. 10.0.0.4.", "10.0.0.4"),
        ("IpRecognizer", "http://files/chrome/10.0.0.4", "10.0.0.4"),
        ("IpRecognizer", "version 2 on 10.0.0.4", "10.0.0.4"),
        ("CreditCardRecognizer", "the IMEI is lost, my card is 356938035643809", "356938035643809"),
        ("CreditCardRecognizer", "1. 4111111111111111", "4111111111111111"),
        ("CreditCardRecognizer", "paid.4111111111111111", "4111111111111111"),
        ("CreditCardRecognizer", "1.4111111111111111 is my card", "4111111111111111"),
        ("NhsRecognizer", "943 476 5919", "943 476 5919"),
        ("MedicalLicenseRecognizer", "licence BX1234563.", "BX1234563"),
    ],
)
def test_anything_else_keeps_its_score(recognizer: str, text: str, value: str) -> None:
    start = text.index(value)
    assert CORRECTIONS[recognizer](text, start, start + len(value), 1.0, Surroundings(text)) == 1.0
