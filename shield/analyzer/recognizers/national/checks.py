"""The arithmetic of check digits. Pure; every function takes a number without separators, in upper case.

Sources: ISO/IEC 7064:2003 (mod 11-2, mod 11,10, mod 97-10), ICAO Doc 9303 part 3 (machine-readable travel
documents). Verhoeff's code is in `shield.analyzer.verhoeff`.
"""

# ruff: noqa: PLR2004  # moduli and lengths of the schemes
from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def figures(number: str) -> list[int]:
    """The digits of an ASCII number."""
    return [int(character) for character in number]


def weighted(number: str, weights: Sequence[int]) -> int:
    """The sum of digits times weights, as many as the shorter of the two has."""
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))


def value_of(character: str) -> int:
    """0 to 9 for digits, 10 to 35 for A to Z."""
    return int(character, 36)


def mod_11_10(number: str) -> bool:
    """ISO 7064 mod 11,10 over digits, the check digit last."""
    rest = 10
    for digit in figures(number[:-1]):
        rest = ((rest + digit) % 10 or 10) * 2 % 11
    return (rest + int(number[-1])) % 10 == 1


def mod_11_2(number: str) -> bool:
    """ISO 7064 mod 11-2, the check character (X = 10) last."""
    rest = 0
    for character in number[:-1]:
        rest = (rest + int(character)) * 2 % 11
    return (rest + (10 if number[-1] == "X" else int(number[-1]))) % 11 == 1


def mrz(field: str, check: str) -> bool:
    """ICAO 9303: weights 7, 3, 1 over digits, letters (A = 10) and fillers (0)."""
    total = sum((0 if c == "<" else value_of(c)) * (7, 3, 1)[place % 3] for place, c in enumerate(field))
    return check.isdecimal() and total % 10 == int(check)


def is_day(month: int, day: int) -> bool:
    """Whether the day exists in some year."""
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]
