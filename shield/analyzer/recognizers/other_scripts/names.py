"""Finds names in writing systems that the models have not learned, by what announces them."""

# ruff: noqa: ARG002  # an interface
from __future__ import annotations

from shield.analyzer.common_names import is_common_name
from shield.analyzer.recognizers.labelled import Match, Sort, ValuePatternRecognizer
from shield.analyzer.recognizers.other_scripts import (
    chinese,
    cyrillic_greek,
    japanese,
    korean,
    middle_eastern_asian,
)

_NO_NAMES = chinese.NO_NAMES | japanese.NO_NAMES | korean.NO_NAMES
_NO_WORDS = cyrillic_greek.NO_NAMES | middle_eastern_asian.NO_NAMES


class NameInOtherScriptRecognizer(ValuePatternRecognizer):
    """Names behind labels and phrases, before titles and the like, in some twelve languages."""

    ENTITY = "PERSON"
    PATTERNS = (
        *chinese.PATTERNS,
        *japanese.PATTERNS,
        *korean.PATTERNS,
        *cyrillic_greek.PATTERNS,
        *middle_eastern_asian.PATTERNS,
    )

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        words = value.lower().split()
        if sort == cyrillic_greek.COMMON:
            return (
                sort.score if is_common_name(words[0]) and words[0] not in cyrillic_greek.WORDS_TOO else 0.0
            )
        if value in _NO_NAMES or not words or words[0] in _NO_WORDS or words[-1] in _NO_WORDS:
            return 0.0
        return sort.score
