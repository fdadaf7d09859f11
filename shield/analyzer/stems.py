"""Stems words for comparison: whole words without the endings of plural, past and gerund."""

from __future__ import annotations

import re
from collections.abc import Mapping

WORD = re.compile(r"[^\W_]+")
ENDINGS: Mapping[str, str] = {"g": "ing", "d": "ed", "s": "s"}
"""The endings that `stem` removes, by their last letters."""


def stem(word: str) -> str:
    """The word without the endings of plural, past and gerund; never shorter than three letters."""
    ending = ENDINGS.get(word[-1:])
    if ending is None or not word.endswith(ending):
        return word
    rest = word[: -len(ending)]
    return rest if len(rest) > 2 and not rest.endswith("s") else word  # noqa: PLR2004  shorter ones are other words
