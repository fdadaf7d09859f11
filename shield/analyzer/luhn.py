"""Luhn's check digit (ISO/IEC 7812-1, annex B), which cards, device ids and many national numbers have."""

from __future__ import annotations

from typing import Final

_DOUBLED: Final = tuple(2 * value - (9 if value > 4 else 0) for value in range(36))  # noqa: PLR2004  9 is cast out


def luhn(number: str) -> bool:
    """Whether the check digit is right; ASCII letters count from A = 10; there are no separators.

    From the right, every second one counts twice, less 9 from 10 on.
    """
    if number.isdecimal():
        doubled = sum([_DOUBLED[int(digit)] for digit in number[-2::-2]])
        return (sum(map(int, number[::-2])) + doubled) % 10 == 0
    doubled = sum([_DOUBLED[int(sign, 36)] for sign in number[-2::-2]])
    return (sum([int(sign, 36) for sign in number[::-2]]) + doubled) % 10 == 0
