"""Finds secrets of several words within a sentence: "my password is sunny garden, thanks"."""

from __future__ import annotations

from typing import ClassVar

from shield.analyzer.recognizers.labelled import Match, ValuePatternRecognizer
from shield.analyzer.recognizers.secret_words import secret_in


class SaidSecretRecognizer(ValuePatternRecognizer):
    """Cuts matches of patterns with the score `SAID` down to the secret: the sentence continues after it."""

    SAID: ClassVar[float]

    def hit(self, match: Match, score: float) -> tuple[int, int, float] | None:
        found = super().hit(match, score)
        if found is None or score != self.SAID:
            return found
        length = secret_in(match.group("value"))
        return (found[0], found[0] + length, found[2]) if length else None
