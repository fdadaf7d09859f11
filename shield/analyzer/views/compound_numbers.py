"""Reads numbers of a hundred and more that are one word: "neunzehnhundertdreiundachtzig", "centoventuno".

German, Dutch and Italian write them so. They are too many for a table, so they are put together from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from shield.analyzer.views.number_words import LANGUAGES, Said, SaidWord

LONGEST: Final = 36
"""Letters of the longest of these words, "neunzehnhundertsiebenundsiebzig" and the like."""


class _Stem(NamedTuple):
    """A word for 100 or 1000 within others; `joins` may stand between it and the rest."""

    stem: str
    value: int
    language: int
    joins: str


_STEMS: Final = tuple(
    _Stem(stem, value, 1 << LANGUAGES.index(language), joins)
    for language, stem, value, joins in (
        ("de", "tausend", 1000, "und"),
        ("de", "hundert", 100, "und"),
        ("nl", "duizend", 1000, "en"),
        ("nl", "honderd", 100, "en"),
        ("it", "mila", 1000, ""),
        ("it", "mille", 1000, ""),
        ("it", "cento", 100, ""),
    )
)
_SHORTEST: Final = 7
"""Letters of "hundert" and "honderd"; shorter ones are in the tables."""
_CENTURY: Final = "negentien"
"""Before the two figures of a year, in Dutch: "negentiendrieëntachtig"."""
_KINDS: Final = frozenset({Said.DIGIT, Said.TEEN, Said.TENS})


def compound_number(word: str, words: Mapping[str, SaidWord]) -> SaidWord | None:
    """The number that a word in lower case is put together to; `words` are those of `said_words`."""
    if len(word) < _SHORTEST:
        return None
    if word.startswith(_CENTURY) and (year := _part(word[len(_CENTURY) :], words, _DUTCH)):
        return SaidWord(Said.TEEN, str(1900 + year), _DUTCH)
    for stem in _STEMS:
        if stem.stem in word:
            number = _read(word, words, stem.language)
            return None if number is None else SaidWord(Said.TEEN, str(number), stem.language)
    return None


_DUTCH: Final = 1 << LANGUAGES.index("nl")


def _read(word: str, words: Mapping[str, SaidWord], language: int) -> int | None:
    """The number of a word, from its largest stem on; None where a part of it is none."""
    for stem in _STEMS:
        if stem.language != language or stem.stem not in word:
            continue
        before, _, after = word.partition(stem.stem)
        times = _read(before, words, language) if before else 1
        rest = _read(after, words, language) if after else 0
        if rest is None and stem.joins and after.startswith(stem.joins):
            rest = _read(after.removeprefix(stem.joins), words, language)
        return None if times is None or rest is None else times * stem.value + rest
    return _part(word, words, language)


def _part(word: str, words: Mapping[str, SaidWord], language: int) -> int | None:
    """The number of a word of the tables, less than a hundred."""
    said = words.get(word)
    if said is None or said.said not in _KINDS or not said.languages & language:
        return None
    return int(said.text)
