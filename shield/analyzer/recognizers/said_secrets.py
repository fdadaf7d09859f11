"""Finds secrets of several words within a sentence: "my password is sunny garden, thanks"."""

from __future__ import annotations

from typing import ClassVar

from shield.analyzer.recognizers.labelled import Match, Sort, ValuePatternRecognizer
from shield.analyzer.recognizers.secret_words import secret_in


class SaidSecretRecognizer(ValuePatternRecognizer):
    """Cuts matches of patterns of the sort `SAID` down to the secret: the sentence continues after it."""

    SAID: ClassVar[Sort]

    def hit(self, match: Match, sort: Sort) -> tuple[int, int, float] | None:
        found = super().hit(match, sort)
        if found is None or sort != self.SAID:
            return found
        length = secret_in(match.group("value"))
        return (found[0], found[0] + length, found[2]) if length else None
