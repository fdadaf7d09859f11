"""Masks, networks and this host's own address are no device's; nor are pieces of a fingerprint."""

from __future__ import annotations

import pytest

from shield.analyzer.recognizers.addresses_of_nobody import is_no_host, is_piece_of_fingerprint

FINGERPRINT = "D6:0B:5A:3C:91:7E:42:88:AF:10:6D:C4:55:E9:02:7B:31:F8:9A:64"


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0/0", "127.0.0.0/8", "::/0", "255.255.255.0", "255.255.252.0", "255.0.0.0"),
        *("10.20.0.0/16", "203.0.113.0/24", "2001:db8::/32", "2001:db8:1::/48"),
    ],
)
def test_it_is_no_host(address: str) -> None:
    assert is_no_host(address)


@pytest.mark.parametrize(
    "address",
    [
        *("203.0.113.9", "10.0.0.4", "192.168.1.23", "203.0.113.9/24", "203.0.113.8/29", "203.0.113.9/32"),
        *("127.0.0.1", "0.0.0.0", "255.255.255.255", "::1"),
        *("255.0.255.1", "2001:db8::1", "2001:db8:1:2::/64", "2001:db8:1:2::/56", "::ffff:203.0.113.9"),
    ],
)
def test_it_may_be_a_host(address: str) -> None:
    assert not is_no_host(address)


@pytest.mark.parametrize("place", [0, 18, 36])
@pytest.mark.parametrize("text", [FINGERPRINT, FINGERPRINT.replace(":", "-").lower()])
def test_six_pairs_of_twenty_are_of_a_fingerprint(text: str, place: int) -> None:
    assert is_piece_of_fingerprint(f"({text})", place + 1, place + 18)


@pytest.mark.parametrize(
    "text",
    [
        FINGERPRINT[:17],
        f"{FINGERPRINT[:17]}, {FINGERPRINT[18:35]}",
        f"{FINGERPRINT[:17]}-11:22:33:44:55:66",
        FINGERPRINT[:23],  # EUI-64
        f"port:{FINGERPRINT[:17]}:4",
    ],
)
def test_the_address_of_a_device_is_none(text: str) -> None:
    start = text.index(FINGERPRINT[:17])
    assert not is_piece_of_fingerprint(text, start, start + 17)


def test_groups_of_four_are_read_as_an_address() -> None:
    assert not is_piece_of_fingerprint("0012.3456.789a", 0, 14)
