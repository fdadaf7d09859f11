"""Finds cryptocurrency addresses that Presidio lacks, each by its checksum.

Bech32 and Bech32m: BIP 173, BIP 350. Ethereum: EIP-55, where the case of the letters is the checksum; an
address in one case has none and needs context. Base58Check of other currencies: like Bitcoin's.
"""

# ruff: noqa: PLR2004  # numbers of the schemes
from __future__ import annotations

import hashlib

from shield.analyzer.recognizers.keccak import keccak_256
from shield.analyzer.recognizers.labelled import Match, Sort, ValuePattern, ValuePatternRecognizer

_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32, _BECH32M = 1, 0x2BC830A3
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_CERTAIN, _UNCHECKED = 1.0, 0.4
_MIXED = 24  # different characters of 95 random ones


class CryptoAddressRecognizer(ValuePatternRecognizer):
    """Addresses of Bech32, Ethereum, Base58Check and Monero."""

    ENTITY = "CRYPTO"
    PATTERNS = (
        ValuePattern(
            "Bech32",
            r"(?<![\w])(?P<bech>(?:bc|tb|ltc|addr|cosmos|osmo|terra|bnb|erd)1[02-9ac-hj-np-z]{38,104})(?![\w])",
            0.9,
        ),
        ValuePattern("Ethereum", r"(?<![\w])(?P<eth>0x[0-9a-f]{40})(?![\w])", 0.9),
        ValuePattern(
            "Base58Check", r"(?-i:(?<![\w])(?P<base58>[13LMDTtAr9X][1-9A-HJ-NP-Za-km-z]{25,34})(?![\w]))", 0.9
        ),
        ValuePattern(  # 95 characters of a standard address or a subaddress
            "Monero", r"(?-i:(?<![\w])(?P<monero>[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93})(?![\w]))", 0.9
        ),
    )
    CONTEXT = (
        "wallet",
        "ethereum",
        "eth",
        "crypto",
        "usdt",
        "address",
        "metamask",
        "blockchain",
        "ether",
        "withdrawal",
        "withdraw",
        "deposit",
        "sent",
        "send",
    )

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        groups = match.groupdict()
        if "bech" in groups:
            return _CERTAIN if is_bech32(value) else 0.0
        if "monero" in groups:
            return sort.score if len(set(value)) > _MIXED else 0.0
        if "base58" in groups:
            return _CERTAIN if is_base58check(value) else 0.0
        letters = [c for c in value[2:] if c.isalpha()]
        if not letters or len({c.isupper() for c in letters}) == 1:
            return _UNCHECKED
        return _CERTAIN if is_eip55(value) else 0.0


def is_bech32(address: str) -> bool:
    """Whether the checksum of BIP 173 or BIP 350 holds; upper or lower case, not both."""
    if address not in (address.lower(), address.upper()):
        return False
    human, _, data = address.lower().rpartition("1")
    values = [_CHARSET.find(c) for c in data]
    if not human or min(values, default=-1) < 0:
        return False
    expanded = [ord(c) >> 5 for c in human] + [0] + [ord(c) & 31 for c in human]
    return _polymod([*expanded, *values]) in (_BECH32, _BECH32M)


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATOR):
            check ^= generator if top >> bit & 1 else 0
    return check


def is_eip55(address: str) -> bool:
    """Whether the case of the letters of `0x…` is that of EIP-55."""
    digits = address[2:].lower()
    digest = keccak_256(digits.encode()).hex()
    expected = "".join(
        c.upper() if c.isalpha() and int(digest[i], 16) > 7 else c for i, c in enumerate(digits)
    )
    return expected == address[2:]


def is_base58check(address: str) -> bool:
    """Whether the last four of the 25 bytes are those of the double SHA-256 of the others."""
    number = 0
    for character in address:
        number = number * 58 + _BASE58.index(character)
    if number.bit_length() > 200:  # 25 bytes
        return False
    raw = number.to_bytes(25, "big")
    return hashlib.sha256(hashlib.sha256(raw[:-4]).digest()).digest()[:4] == raw[-4:]
