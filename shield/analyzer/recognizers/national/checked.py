"""The base of this folder's recognizers: a form, a checksum, and a score by how much evidence both give."""

# ruff: noqa: ARG002  # an interface
from __future__ import annotations

from typing import ClassVar

from shield.analyzer.recognizers.labelled import Match, Sort, ValuePattern, ValuePatternRecognizer

SURE, LIKELY, DOUBTFUL, WEAK = 0.95, 0.6, 0.4, 0.2
START, END = r"(?<![\w.,+\-])", r"(?![\w-]|[.,]\d)"
"""Assertions before and after a number: it is not part of a longer one."""
_SEPARATORS = str.maketrans("", "", " .-/()\u00a0\u2013")


def form(name: str, source: str) -> tuple[ValuePattern, ...]:
    """One pattern between the bounds of a number."""
    return (ValuePattern(name, START + source + END, WEAK),)


class NationalRecognizer(ValuePatternRecognizer):
    """Finds numbers of a country's scheme whose check digits are right.

    `SCORE` is that of a valid number in its written form (with separators), `BARE` that of one without:
    below 0.5 where a tenth or an eleventh of all numbers of the length pass, so that only a label or a word
    of context lifts it. `COUNTRIES`, `SCHEME` and `CHECK` are the row
    in docs/detection.md of one of the group `national`.
    """

    ENTITY = "NATIONAL_ID"
    COUNTRIES: ClassVar[tuple[str, ...]]
    SCHEME: ClassVar[str]
    CHECK: ClassVar[str]
    SCORE: ClassVar[float] = WEAK
    BARE: ClassVar[float] = WEAK

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        if not value.isascii():
            return 0.0
        number = value.translate(_SEPARATORS).upper()
        if not self.is_valid(number):
            return 0.0
        return self.BARE if number == value.upper() else self.SCORE

    @staticmethod
    def is_valid(number: str) -> bool:
        """Whether the checksum of a number of the pattern's form, without separators, holds."""
        raise NotImplementedError
