"""Reads a short turn of a dialogue word by word: the figures that are said in it, and all else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from shield.analyzer.conversation.dialogue_words import COUNTED_DAY, DATES, SHORT, uncontracted
from shield.analyzer.conversation.letter_names import LETTER_NAMES
from shield.analyzer.views.number_words import ENGLISH, EVERY, Said, SaidWord
from shield.analyzer.views.units import DIGITS, SPELLED, Unit, units

_AND: Final = frozenset("yei")
_NAMED: Final = SaidWord(Said.LETTER, "", EVERY)
"""A letter by its name, or by the word of a spelling alphabet."""
_JOINED: Final = frozenset({Said.TENS, Said.HUNDREDS, Said.THOUSAND})


class SpokenTurn(NamedTuple):
    """A turn read word by word.

    `figures` are its digits and letters, the first of which begins at `start` and the last of which ends at
    `end` (both -1 where there are none); `digits` and `letters` are how many of each. `explained`: a letter
    was said by a word for it ("m as in Maria"). `signs` is how many words for a sign, such as "dot", there
    are. `words` are all but the figures, in lower case.
    """

    figures: str
    start: int
    end: int
    digits: int
    letters: int
    explained: bool
    signs: int
    words: frozenset[str]


def spoken_turn(text: str, said_words: Mapping[str, SaidWord]) -> SpokenTurn | None:
    """The turn as it was said; None where it is long, or holds no figure, letter or word of a date.

    `said_words` are those of `number_words`.
    """
    if not text or len(text) > SHORT:
        return None
    text = uncontracted(text)
    figures: list[str] = []
    words: set[str] = set()
    start = end = -1
    digits = letters = signs = 0
    explained = False
    times, before = 1, None  # how often the next figure counts ("double five"), and what was said before it
    for unit in units(text, said_words):
        said = unit.said
        letter = LETTER_NAMES.get(unit.text.lower()) if said is None else None
        if letter is not None:
            unit, said = replace(unit, text=letter), _NAMED  # noqa: PLW2901  read as the letter
        if said is None or said.said is Said.SIGN or said.said is Said.AT:
            signs += said is not None
            words.add(unit.text.lower() if said is None else text[unit.start : unit.end].lower())
            before, times = None, 1
            continue
        if said is SPELLED and before is not None and _joins(unit.text, before):
            continue
        if start < 0:
            start = unit.start
        end = unit.end
        if said.said is Said.REPEAT:
            times, before = int(said.text), None
            continue
        read = _read(unit, said, before, figures)
        explained = explained or (said in {SPELLED, _NAMED} and unit.end - unit.start > 1)
        digits += read.isdigit() * len(read) * times
        letters += (not read.isdigit()) * times
        figures.append(read * times if len(read) == 1 else read)
        times, before = 1, said
    if start < 0 and words.isdisjoint(DATES) and not any(map(COUNTED_DAY.fullmatch, words)):
        return None
    return SpokenTurn(
        "".join(figures), start, end, digits, letters, explained, signs, frozenset(words - {""})
    )


def _joins(letter: str, before: SaidWord) -> bool:
    """Whether a letter after a number is the word for "and": "treinta y cinco", "mil e duzentos"."""
    return letter in _AND and before.said in _JOINED and not before.languages & ENGLISH


def _read(unit: Unit, said: SaidWord, before: SaidWord | None, figures: list[str]) -> str:
    """The digits or letter of a unit; in "twenty one" the last figure replaces the zero."""
    if said is DIGITS or said.said is not Said.DIGIT:
        return unit.text.upper()
    if before is not None and before.said is Said.TENS and unit.text != "0" and figures:
        figures[-1] = figures[-1][:-1]
    if unit.written_letter == "o" and figures and figures[-1].isalpha():
        return "O"
    return unit.text
