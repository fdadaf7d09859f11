"""Each checksum accepts known values and rejects them once any single character is changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shield.analyzer.luhn import luhn
from shield.analyzer.recognizers.crypto_address import is_base58check, is_bech32, is_eip55
from shield.analyzer.recognizers.keccak import keccak_256
from shield.analyzer.recognizers.national.by_default import (
    BeNationalNumberRecognizer,
    BrCpfRecognizer,
    ChAhvRecognizer,
    FrNirRecognizer,
    NlBsnRecognizer,
)
from shield.analyzer.recognizers.vehicle import is_vin


def test_keccak_of_nothing_of_abc_and_of_a_full_block() -> None:
    assert keccak_256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert keccak_256(b"abc").hex() == "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"
    assert len({keccak_256(b"a" * n) for n in range(130, 140)}) == 10


CHECKS: list[tuple[Callable[[str], bool], str]] = [
    (is_eip55, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
    (is_eip55, "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"),
    (is_bech32, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
    (is_bech32, "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"),
    (is_base58check, "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"),
    (is_vin, "1M8GDM9AXKP042788"),
    (is_vin, "11111111111111111"),
    (luhn, "490154203237518"),
    (FrNirRecognizer.is_valid, "269054958815780"),
    (BeNationalNumberRecognizer.is_valid, "85073003328"),
    (NlBsnRecognizer.is_valid, "111222333"),
    (ChAhvRecognizer.is_valid, "7569217076985"),
    (BrCpfRecognizer.is_valid, "52998224725"),
]


@pytest.mark.parametrize(("check", "value"), CHECKS)
def test_holds(check: Callable[[str], bool], value: str) -> None:
    assert check(value)


@pytest.mark.parametrize(("check", "value"), [c for c in CHECKS if c[1].isdigit() and c[0] is not is_vin])
def test_one_wrong_digit_does_not(check: Callable[[str], bool], value: str) -> None:
    wrong = [value[:i] + str((int(c) + 1) % 10) + value[i + 1 :] for i, c in enumerate(value)]
    assert sum(map(check, wrong)) == 0


def test_french_number_of_corsica() -> None:
    body = "1850" + "5" + "2A" + "004005"
    key = 97 - int(body.replace("2A", "19")) % 97
    assert FrNirRecognizer.is_valid(f"{body}{key:02d}")


def test_the_number_of_a_payment_is_no_vehicles() -> None:
    """Its check digit may be right, as one of eleven is, but it does not end in digits."""
    assert not is_vin("42311647XV020574X")
