"""Splits a dictated text into units: each word or block of digits, and what it may stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shield.analyzer.views.compound_numbers import LONGEST, compound_number
from shield.analyzer.views.number_words import EVERY, Said, SaidWord

_APOSTROPHES = frozenset("'’")  # noqa: RUF001  typographic signs
_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+(?:-[^\W\d_]+)*|@")
_WORD = re.compile(r"[^\W_]+")
_JOINING_GAP = re.compile(r"[\s,.;:'\"’()\-–—_+/…]{0,6}")  # noqa: RUF001  typographic signs
_PAUSE = re.compile(r"[,;.:\n…–—]")  # noqa: RUF001  typographic signs
_AS_IN = re.compile(
    r"[\s,]{1,3}(?:as in|like in|like|for|wie in|wie|comme|come|como|de|zoals|van|jak)"
    r"\s{1,2}([^\W\d_]{2,20})",
    re.IGNORECASE,
)
_LONGEST_WORD = 24  # letters; number words of the tables are shorter, in every language here
_LETTERS_BEYOND = frozenset("ąćęłńóśźżñçäöüß")
"""Letters that are no words by themselves, as "à" and "é" are."""
_STROKES = frozenset("tiret guion guión barra trattino traço traco".split())  # noqa: SIM905  as tables of words
_LOW = re.compile(r"\s(?:bas|bajo|baja|basso|baixo)(?![^\W_])", re.IGNORECASE)
"""After a stroke it is an underscore: "guion bajo"."""

DIGITS = SaidWord(Said.DIGIT, "", EVERY)  # digits between the words
SPELLED = SaidWord(Said.LETTER, "", EVERY)  # a letter by itself


@dataclass(frozen=True, slots=True)
class Unit:
    """A token at `[start, end)`; `gap` is the text between it and the one before.

    `said` is what it may stand for (`None`: an ordinary word), `text` its digits, letter or sign, or the
    word as written.
    """

    start: int
    end: int
    gap: str
    said: SaidWord | None
    text: str

    @property
    def joins(self) -> bool:
        """Whether nothing but space and punctuation lies between it and the unit before."""
        return _JOINING_GAP.fullmatch(self.gap) is not None

    @property
    def written_letter(self) -> str:
        """Its text; for a lone "o", which may mean zero, the letter."""
        return (
            "o" if self.text == "0" and self.end - self.start == 1 and self.said is not DIGITS else self.text
        )

    @property
    def pauses(self) -> bool:
        return _PAUSE.search(self.gap) is not None


def units(text: str, words: Mapping[str, SaidWord]) -> Iterator[Unit]:
    """The units of `text`, in order; `words` are those of `number_words.said_words`."""
    before = 0
    for token in _TOKEN.finditer(text):
        if token.start() < before:
            continue  # read with the letter before ("j as in juliet")
        for start, end in _parts(text, token, words):
            word = text[start:end]
            said = _said(word, words)
            if (
                said is SPELLED
                and text[start - 1 : start] in _APOSTROPHES
                and text[max(0, start - 2) : start - 1].isalpha()
            ):
                said = None  # the "s" of "my postcode's" is not a spelled letter
            if word.lower() in _STROKES and (low := _LOW.match(text, end)) is not None:
                said, end = words["underscore"], low.end()  # noqa: PLW2901  as below
            shown = said.text if said is not None and said.text else word
            if said is SPELLED:
                explained = _AS_IN.match(text, end)
                if explained is not None and explained[1][0].lower() == word.lower():
                    end = explained.end()  # noqa: PLW2901  what was explained goes with the word
            yield Unit(start, end, text[before:start][:8], said, shown)
            before = end


def _parts(text: str, token: re.Match[str], words: Mapping[str, SaidWord]) -> list[tuple[int, int]]:
    """The spans of a token: one for a hyphenated word in the tables ("dix-sept"), else one for each part."""
    start, end = token.span()
    if "-" not in token.group() or (end - start <= _LONGEST_WORD and text[start:end].lower() in words):
        return [(start, end)]
    return [part.span() for part in _WORD.finditer(text, start, end)]


def _said(word: str, words: Mapping[str, SaidWord]) -> SaidWord | None:
    if word[0] in "0123456789":
        return DIGITS
    if len(word) > LONGEST:
        return None
    word = word.lower()
    said = words.get(word)
    if said is not None:
        return said
    if len(word) == 1:
        return SPELLED if word.isascii() or word in _LETTERS_BEYOND else None
    return compound_number(word, words)
