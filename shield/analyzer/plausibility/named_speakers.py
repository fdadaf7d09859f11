"""Finds those speakers of a transcript whom the model misses, where it knows the others.

A short or rare name before a colon ("Liesl: Strong.") looks like the label of a form. Where most lines begin
with the names of people, so do the others. Law: the work is linear in the lines.
"""

# ruff: noqa: RUF001, SIM905  # typographic characters; tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from shield.analyzer.plausibility.label_words import LABEL_WORDS
from shield.analyzer.recognizers.letter_case import CAPITAL
from shield.analyzer.recognizers.no_names import IN_FORMS
from shield.domain import Finding

SCORE: Final = 0.6
_SURE: Final = 0.7
_LEAST_LINES: Final = 3
_SPEAKER: Final = re.compile(
    r"^(?:[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{3})?[\])]?[ ]{1,2}|<v[ ]|-[ ])?"
    rf"(?P<name>{CAPITAL}[^\W\d_]{{1,24}}(?:['’\-][^\W\d_]{{1,24}})?"
    rf"(?:[ ]{CAPITAL}[^\W\d_]{{0,24}}\.?){{0,2}})(?=:[ ]|>)",
    re.MULTILINE,
)
_ROLES: Final = frozenset(
    """agent customer caller client speaker visitor operator advisor adviser rep representative bot member
    patient host moderator interviewer support system team assistant user guest doctor nurse narrator unknown
    ivr recording note notes summary action actions item items topic agenda question answer result status
    subject update next step steps decision re fwd cc bcc from to date attendees present apologies chat
    q a ps nb""".split()
)


def speakers(text: str, found: Sequence[Finding]) -> list[Finding]:
    """The names of further speakers, where most of those in `found` are persons."""
    if text.count("\n") < _LEAST_LINES - 1:
        return []
    lines = list(_SPEAKER.finditer(text))
    if len(lines) < _LEAST_LINES:
        return []
    persons = {each.start for each in found if each.entity_type == "PERSON" and each.score >= _SURE}
    others = [line for line in lines if line.start("name") not in persons]
    if not others or 2 * len(others) > len(lines):
        return []
    example = next(each for each in found if each.entity_type == "PERSON" and each.score >= _SURE)
    return [
        example._replace(start=line.start("name"), end=line.end("name"), score=SCORE)
        for line in others
        if not any(_is_label(word) for word in line["name"].lower().split())
    ]


def _is_label(word: str) -> bool:
    return word in _ROLES or word in LABEL_WORDS or word in IN_FORMS
