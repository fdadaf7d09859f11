"""Presidio's phone numbers get graded scores, and numbers of other kinds are dropped."""

from __future__ import annotations

import pytest
from presidio_analyzer.predefined_recognizers import PhoneRecognizer

from shield.analyzer.recognizers.phone import PhoneNumbers
from shield.domain import DetectorSpec
from shield.errors import ConfigError


@pytest.fixture(scope="module")
def phones() -> PhoneNumbers:
    return PhoneNumbers(DetectorSpec().phone_regions)


@pytest.mark.parametrize(
    ("text", "number", "score"),
    [
        ("415-555-0132", "415-555-0132", 0.6),
        ("(415) 555-0132", "(415) 555-0132", 0.6),
        ("415.555.0132.", "415.555.0132", 0.6),
        ("415 555 0132", "415 555 0132", 0.6),
        ("1-800-555-0199", "1-800-555-0199", 0.6),
        ("555-123-4567", "555-123-4567", 0.6),
        ("+1 415 555 0132", "+1 415 555 0132", 0.75),
        ("+14155550132", "+14155550132", 0.75),
        ("+49 30 901820", "+49 30 901820", 0.75),
        ("+353 1 234 5678", "+353 1 234 5678", 0.75),
        ("+44 7700 900123", "+44 7700 900123", 0.6),
        ("020 7946 0958", "020 7946 0958", 0.6),
        ("01632 960123", "01632 960123", 0.6),
        ("01 23 45 67 89", "01 23 45 67 89", 0.6),
        ("98765 43210", "98765 43210", 0.6),
        ("030 901820", "030 901820", 0.6),
        ("415-555-0132 ext. 12", "415-555-0132 ext. 12", 0.6),
        ("415-555-0132/0133", "415-555-0132/0133", 0.6),
        ("+49 30 901820/21, Berlin", "+49 30 901820/21", 0.75),
        ("415-555-0132/2024-05", "415-555-0132", 0.6),
        ("4155550132", "4155550132", 0.4),
        ("555-0132", "555-0132", 0.4),
    ],
)
def test_grades(phones: PhoneNumbers, text: str, number: str, score: float) -> None:
    hits = phones.analyze(f"so {text} yes")
    assert [(f"so {text} yes"[h.start : h.end], h.score) for h in hits] == [(number, score)]


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-02",
        "2024-11-23 10:30",
        "23.11.2024",
        "01/02/2024",
        "192.168.10.12",
        "10.0.0.12/24",
        "4111 1111 1111 1111",
        "536-22-1234",
        "3.14.15.926",
        "INV-2023-00451",
        "CLM-2024-771034",
        "ORD-415-555-0132",
        "control number 415-555-0132",
        "bag tag 415-555-0132",
        "baggage tag 0125 889911",
        "pads, part 09.9772.11",
        "100-200-3000",
        "built Feb/07/2024 09:16:20",
        '"call": {"created":1771578902}',
        "expires_at = 1717405200",
        "m7.43-2.53c.04-.32.07-.64.07-.97",
        "7e a0 27 cf 02 21 13 41  f2 e6 e6",
        "12345678",
        "1234567890123456789012",
    ],
)
def test_no_phone_number(phones: PhoneNumbers, text: str) -> None:
    assert [hit for hit in phones.analyze(text) if hit.score >= 0.5] == []


TICKETS = [
    "call 415-555-0132 or 4155550132, fax +1 (212) 555-0199 ext 12; tel: 0171 1234567 today",
    "UK 020 7946 0958 / 07700 900123, Paris 01 23 45 67 89, Berlin 030/901820 or +49-30-901820.",
    "IL 02-123-4567, BR 11 91234-5678, IN 98765 43210 and 00 49 30 901820",
    "order 100200300 of 2024-03-12 10:30 costs 19.99, card 4111 1111 1111 1111, ssn 536-22-1234",
    "415-555-0132 415-555-0199 4155550133",
    "(415)555-0132,(415)555-0199",
]


@pytest.mark.parametrize("text", TICKETS)
def test_all_that_presidio_finds_is_covered(phones: PhoneNumbers, text: str) -> None:
    presidio = PhoneRecognizer(supported_regions=DetectorSpec().phone_regions)
    ours = phones.analyze(text)
    for result in presidio.analyze(text, ["PHONE_NUMBER"]):
        assert any(h.start <= result.start and result.end <= h.end for h in ours), text[
            result.start : result.end
        ]


def test_regions_decide(phones: PhoneNumbers) -> None:
    assert PhoneNumbers(("DE",)).analyze("415-555-0132") == []
    assert [h.score for h in PhoneNumbers(("DE",)).analyze("030 901820")] == [0.6]


def test_an_unknown_region_is_refused() -> None:
    with pytest.raises(ConfigError, match="XX"):
        PhoneNumbers(("US", "XX"))
