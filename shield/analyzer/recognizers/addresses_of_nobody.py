"""Tells IP and MAC addresses that are no device's: masks, networks, and pieces of fingerprints."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

_LARGEST: Final = {4: 24, 6: 48}
"""IP version -> the longest prefix of a network that is no person's; IPv6 gives a site 48 (RFC 6177)."""
_ALL_ONES: Final = 2**32 - 1
_PAIRS: Final = re.compile(r"[0-9A-Fa-f]{2}(?:([:-])[0-9A-Fa-f]{2}(?:\1[0-9A-Fa-f]{2})*)?")
_PAIR_BEFORE: Final = re.compile(r"(?:[0-9A-Fa-f]{2}([:-]))(?:[0-9A-Fa-f]{2}\1){0,63}\Z")
_DEVICE: Final = 8  # pairs of the longest address of a device (EUI-64)
_PAIR: Final = 3  # code points of a pair and its separator
_MOST: Final = 64  # pairs of the longest fingerprint (SHA-512)


def is_no_host(address: str) -> bool:
    """Whether an IP address is a mask or that of a network of many.

    `address` may have a prefix ("10.20.0.0/16"). With bits of a host ("203.0.113.9/24") it is one's. So are
    127.0.0.1, 0.0.0.0 and 255.255.255.255: they tell nothing, but whoever looks for addresses looks for them.
    """
    if address.startswith("255.") and "/" not in address:
        return _is_mask(address)
    if "/" not in address:
        return False
    try:
        network = ipaddress.ip_network(address)
    except ValueError:  # it has bits of a host
        return False
    return network.prefixlen <= _LARGEST[network.version]


def _is_mask(address: str) -> bool:
    """Whether its bits are ones followed by some zeros, as in 255.255.252.0."""
    try:
        zeros = ~int(ipaddress.IPv4Address(address)) & _ALL_ONES
    except ValueError:
        return False
    return zeros > 0 and zeros & (zeros + 1) == 0


def is_piece_of_fingerprint(text: str, start: int, end: int) -> bool:
    """Whether a MAC address is cut out of more pairs of hexadecimal digits than a device's address has."""
    separator = text[start + 2]
    if separator == ".":
        return False
    before = _PAIR_BEFORE.search(text, max(0, start - _MOST * _PAIR), start)
    low = before.start() if before is not None and before[1] == separator else start
    whole = _PAIRS.match(text, low, min(len(text), end + _MOST * _PAIR))
    return whole is not None and (whole.end() - low + 1) // _PAIR > _DEVICE
