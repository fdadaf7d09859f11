"""Scores of Presidio's that are too high for what they saw, corrected after the recognizer ran.

The recognizers' own results stay Presidio's (see `patterns`); this table is where we differ, and why.
Context raises a corrected score as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

Correction = Callable[[str, int, int, float], float]
"""(text, start, end, score) -> score"""


def _unlike_nhs(text: str, start: int, end: int, score: float) -> float:
    """NHS numbers are written in groups with spaces.

    One ten-digit number in eleven passes the checksum: timestamps, order numbers and, with hyphens,
    North American phone numbers among them.
    """
    return score if " " in text[start:end] else min(score, 0.3)


def _whole_token(text: str, start: int, end: int, score: float) -> float:
    """The pattern has no bounds: it also matches inside UUIDs, hashes and longer codes."""
    before = start > 0 and _joins(text[start - 1])
    after = end < len(text) and _joins(text[end])
    return min(score, 0.1) if before or after else score


def _joins(character: str) -> bool:
    return character.isalnum() or character in "_-"


CORRECTIONS: Mapping[str, Correction] = MappingProxyType(
    {"NhsRecognizer": _unlike_nhs, "MedicalLicenseRecognizer": _whole_token}
)
