"""Reads the text before a place: the label directly before it, and the telling words nearby.

The cost is bounded for each place: only the 160 characters before it are read.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from shield.analyzer.stems import ENDINGS, WORD, stem

_NEAR_WORDS = 6  # as Presidio: five, and one more for the value, which may be none of its words
_REACH = 160  # code points before a place that are read
_CLOSE = 96  # code points read first; usually they hold all that counts
_CLOSER = 40  # the same for a label alone
_LABEL_GAP = 40  # code points from a label to its value
_LABEL_WORDS = 4  # of a label
# For ASCII: letters and digits as they are, and a blank for every other character.
_WORDS_ALONE = bytes(code if chr(code).isalnum() and code < 128 else 0x20 for code in range(256))  # noqa: PLR2004  the end of ASCII
_SENTENCE_END = re.compile(r"[.!?]\s")
_STOP_WORDS = frozenset(
    "a an and are as at be been by can for from had has have he her his i im in is it its me my of on or "
    "our s she so that the their them they this to up was we were will with you your".split()
)
_CONNECTORS = frozenset(
    "is was are were be the a no nr num nbr number numbers value of it its s my our as equals reads on file "
    "nummer numero número numéro numer n nº".split()
)
_ABBREVIATIONS = frozenset(
    "ext acct no nr num nbr tel ph mob dob soc sec ref réf cod cód nº núm tél tlf kom zam rif art n".split()
)


def label_before(text: str, start: int) -> tuple[str, ...]:
    """`Surroundings.label`, where nothing else about the place is needed."""
    before = _before(text, start, _CLOSER)
    last = _last(before.words)
    if last < _LABEL_WORDS - 1 and start > _CLOSER:
        before = _before(text, start, _REACH)
        last = _last(before.words)
    return _label(before, last)


class _Before(NamedTuple):
    """The text before a place: `[low, high)` of a text in lower case, and the whole words in it."""

    lowered: str
    low: int
    high: int
    words: list[str]


class Surroundings:
    """Reads before places of one text; each place only once, as several findings may begin there."""

    __slots__ = ("_alone", "_close", "_labels", "_lowered", "_near", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._lowered = ""
        self._alone = ""  # the words of an ASCII text, with blanks between
        self._close: dict[int, _Before] = {}
        self._labels: dict[int, tuple[str, ...]] = {}
        self._near: dict[int, tuple[str, ...]] = {}

    def silent(self, roots: Sequence[str], start: int) -> bool:
        """Whether none of `roots` is in the text read before a place; quick, and it settles most places."""
        if not self._lowered:
            if not self._text.isascii():
                return False
            self._lowered = self._text.lower()
        before = self._lowered[start - _REACH if start > _REACH else 0 : start]
        for root in roots:  # noqa: SIM110  a generator costs more than what it asks
            if root in before:
                return False
        return True

    def label(self, start: int) -> tuple[str, ...]:
        """The words of a label before a place (stemmed)."""
        known = self._labels.get(start)
        if known is None:
            before = self._close.get(start) or self._read(start, _CLOSE)
            last = _last(before.words)
            if last < _LABEL_WORDS - 1 and start > _CLOSE:
                before = self._read(start, _REACH)
                last = _last(before.words)
            known = self._labels[start] = _label(before, last)
        return known

    def near(self, start: int) -> tuple[str, ...]:
        """The nearest telling words before a place (stemmed)."""
        known = self._near.get(start)
        if known is None:
            known = _near((self._close.get(start) or self._read(start, _CLOSE)).words)
            if len(known) < _NEAR_WORDS and start > _CLOSE:
                known = _near(self._read(start, _REACH).words)
            self._near[start] = known
        return known

    def _read(self, start: int, size: int) -> _Before:
        """At most `size` code points before a place."""
        if not self._alone and self._text.isascii():
            self._lowered = self._lowered or self._text.lower()
            self._alone = _alone(self._lowered)
        if not self._alone:
            before = _before(self._text, start, size)
        else:
            low = start - size if start > size else 0
            words = self._alone[low:start].split()
            if low and words and self._lowered.startswith(words[0], low):
                del words[0]  # cut in half, perhaps
            before = _Before(self._lowered, low, start, words)
        if size == _CLOSE:
            self._close[start] = before
        return before


def _alone(lowered: str) -> str:
    """The words of an ASCII text, joined by blanks: splitting costs less than matching an expression."""
    return lowered.encode("ascii").translate(_WORDS_ALONE).decode("ascii")


def _before(text: str, start: int, size: int) -> _Before:
    """At most `size` code points of `text` before a place."""
    low = max(0, start - size)
    window = text[low:start]
    lowered = window.lower()
    if window.isascii():
        words = _alone(lowered).split()
    else:
        if len(lowered) != len(window):  # rare letters: lowered one by one, so that offsets stay
            lowered = "".join([c.lower()[0] for c in window])
        words = WORD.findall(lowered)
    if low and words and lowered.startswith(words[0]):
        del words[0]  # cut in half, perhaps
    return _Before(lowered, 0, len(lowered), words)


def _near(words: Sequence[str]) -> tuple[str, ...]:
    """The last `_NEAR_WORDS` telling words, stemmed."""
    telling: list[str] = []
    for word in reversed(words):  # usually only the last few are needed
        if word not in _STOP_WORDS and not word.isdigit():
            telling.append(stem(word) if word[-1] in ENDINGS else word)
            if len(telling) == _NEAR_WORDS:
                break
    telling.reverse()
    return tuple(telling)


def _last(words: Sequence[str]) -> int:
    """The index of the last word that is no connector; -1 where all are."""
    last = len(words) - 1
    while last >= 0 and words[last] in _CONNECTORS:
        last -= 1
    return last


def _label(before: _Before, last: int) -> tuple[str, ...]:
    """The words of a label at the end of the text before a place; `last` is the index of its last word."""
    if last < 0:
        return ()
    lowered, low, high, words = before
    place = high
    for word in reversed(words[last:]):
        # No words lie between a word and the next one, so its last occurrence before that is the right one.
        place = lowered.rfind(word, low, place)
    end = place + len(words[last])
    gap = high - end
    if gap > _LABEL_GAP:
        return ()
    if gap > 1 and (ended := _SENTENCE_END.search(lowered, end, high)) is not None:
        said = WORD.findall(lowered, low, ended.start())
        if not said or not (said[-1] in _ABBREVIATIONS or said[-1].endswith("nr")):  # "rechnungsnr. 4711"
            return ()
    return tuple(
        [
            stem(word) if word[-1] in ENDINGS else word
            for word in words[max(0, last + 1 - _LABEL_WORDS) : last + 1]
        ]
    )
