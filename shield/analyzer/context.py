"""Context words: what stands before a finding, and the names of the members that enclose it.

As in Presidio, a context word of the recognizer among the five words before a finding raises its score
by 0.35, to at least 0.4. What differs, on purpose:

- Words are compared whole, lower case, without the endings of plural, -ed and -ing, in place of lemmas
  and of substrings: `us` is not in "customer", nor `tin` in "waiting". Only words of four letters or
  more also count as the beginning or end of a longer one (`creditcard`, `Passnummer`).
- Terms of several words ("health authority") match; Presidio compares them with single words.
- A *label*, i.e. a context word directly before the value ("SSN: …", "passport number is …", also on
  the line before) or in the name of the member whose value it is, raises the score to at least 0.6.
- A value that is labelled as something else ("order #…", "ticket …") takes nothing from words near.
- Words that tell nothing by themselves ("us", "number", "document") do not make a label.

The cost is bounded for each finding: only the 160 characters before it are read.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shield.analyzer.key_names import key_words

BOOST = 0.35
NEAR_FLOOR = 0.4
LABEL_FLOOR = 0.6
_NEAR_WORDS = 5
_REACH = 160
_CLOSE = 96  # code points read first: most often all that counts stands in them
_CLOSER = 40  # the same of a label alone
_LABEL_GAP = 40
_LABEL_WORDS = 4
KEYS_READ = 4
"""How many of the enclosing names are read, from the innermost."""
_COMPOUND = 4  # letters from which a context word also counts inside a longer word

_WORD = re.compile(r"[^\W_]+")
# Of ASCII: letters and digits as they are, and a blank for every other character.
_WORDS_ALONE = bytes(code if chr(code).isalnum() and code < 128 else 0x20 for code in range(256))  # noqa: PLR2004  the end of ASCII
_SENTENCE_END = re.compile(r"[.!?]\s")
_STOP_WORDS = frozenset(
    "a an and are as at be been by can for from had has have he her his i im in is it its me my of on or "
    "our s she so that the their them they this to up was we were will with you your".split()
)
_CONNECTORS = frozenset(
    "is was are were be the a no nr num nbr number numbers value of it its s my our as equals reads on file "
    "nummer numero".split()
)
_ABBREVIATIONS = frozenset("ext acct no nr num nbr tel ph mob dob soc sec".split())
# Context words of Presidio's that stand next to too much else to be the label of a value.
_NOT_A_LABEL = frozenset(
    "us united states state travel document check save debit number individual tax payer transaction date "
    "medical certificate call id identification permit health authority service national business "
    "company registration code link url website".split()
)
_OTHER_NUMBERS = frozenset(
    "order ticket invoice tracking track case reference ref confirmation confirm sku item part serial model "
    "version build error request incident booking shipment parcel transaction receipt quote quantity".split()
)
# A last word of a member's name that says that its value is not the thing itself.
_OTHER_KEYS = frozenset(
    "id ids type kind status state count total at on date time created updated version format flag enabled "
    "verified valid url uri link label field required hash owner name names tier plan balance manager".split()
)

# Names of members that hold any text at all: they say nothing of it, though people "text a number".
_ANY_TEXT = frozenset(
    "text body content message messages msg value values data comment comments description note notes "
    "subject title summary".split()
)


_ENDINGS: Mapping[str, str] = {"g": "ing", "d": "ed", "s": "s"}
"""The endings that `stem` takes away, by their last letters."""


def stem(word: str) -> str:
    """The word without the endings of plural, past and gerund; never shorter than three letters."""
    ending = _ENDINGS.get(word[-1:])
    if ending is None or not word.endswith(ending):
        return word
    rest = word[: -len(ending)]
    return rest if len(rest) > 2 and not rest.endswith("s") else word  # noqa: PLR2004  shorter ones are other words


class Compounds(NamedTuple):
    """The words that also count as the beginning or the end of a longer one.

    `heads` and `tails` are their first and last letters, by which most words are told to be none.
    """

    words: tuple[str, ...]
    heads: frozenset[str]
    tails: frozenset[str]

    @classmethod
    def of(cls, words: Iterable[str]) -> Compounds:
        long = tuple(sorted(word for word in words if len(word) >= _COMPOUND))
        heads = frozenset(word[:_COMPOUND] for word in long)
        return cls(long, heads, frozenset(word[-_COMPOUND:] for word in long))

    def among(self, words: Iterable[str]) -> bool:
        """Whether one of the words begins or ends so."""
        known, heads, tails = self
        for word in words:
            if word[:_COMPOUND] in heads and word.startswith(known):
                return True
            if word[-_COMPOUND:] in tails and word.endswith(known):
                return True
        return False


@dataclass(frozen=True, slots=True)
class ContextWords:
    """The context words of one recognizer, ready to compare.

    `begun` are the first words of its phrases, `ended` the last ones. A text that holds none of `roots`
    in any of its words holds none of the terms.
    """

    singles: frozenset[str]
    compounds: Compounds
    phrases: tuple[tuple[str, ...], ...]
    begun: frozenset[str]
    ended: frozenset[str]
    labels: frozenset[str]
    label_compounds: Compounds
    roots: tuple[str, ...]

    @classmethod
    def of(cls, terms: Iterable[str] | None) -> ContextWords:
        """From the words and phrases that a recognizer names, in any case and form."""
        singles: set[str] = set()
        phrases: list[tuple[str, ...]] = []
        for term in terms or ():
            words = tuple(stem(word) for word in _WORD.findall(term.lower()))
            if len(words) == 1:
                singles.add(words[0])
            elif words:
                phrases.append(words)
        labels = frozenset(singles - {stem(word) for word in _NOT_A_LABEL})
        return cls(
            frozenset(singles),
            Compounds.of(singles),
            tuple(phrases),
            frozenset(phrase[0] for phrase in phrases),
            frozenset(phrase[-1] for phrase in phrases),
            labels,
            Compounds.of(labels),
            roots_of({*singles, *(phrase[0] for phrase in phrases)}),
        )

    def __bool__(self) -> bool:
        return bool(self.singles or self.phrases)

    def near(self, words: Sequence[str]) -> bool:
        """Whether a term is among the (stemmed) words."""
        if not self.singles.isdisjoint(words):
            return True
        if self.compounds.among(words):
            return True
        if self.begun.isdisjoint(words):
            return False
        return any(
            tuple(words[i : i + len(phrase)]) == phrase
            for phrase in self.phrases
            for i in range(len(words) - len(phrase) + 1)
        )

    def labels_by(self, words: Sequence[str]) -> bool:
        """Whether the last of the (stemmed) words is, or the last ones are, a label."""
        if not words:
            return False
        last = words[-1]
        if last in self.labels or self.label_compounds.among((last,)):
            return True
        if last not in self.ended:
            return False
        return any(tuple(words[-len(phrase) :]) == phrase for phrase in self.phrases)


def roots_of(terms: Iterable[str]) -> tuple[str, ...]:
    """The terms without those that hold another one: a text that has none of them has none of the terms."""
    roots: list[str] = []
    for term in sorted(terms, key=lambda term: (len(term), term)):
        if not any(root in term for root in roots):
            roots.append(term)
    return tuple(roots)


@dataclass(frozen=True, slots=True)
class KeyContext:
    """What the names around a segment say: words of its own member's name, and of all of them.

    `is_label` is whether the own name can name the value (not `account_id`, `phone_type`).
    """

    own: tuple[str, ...] = ()
    own_stems: tuple[str, ...] = ()
    all_stems: tuple[str, ...] = ()
    enclosing: tuple[tuple[str, ...], ...] = ()
    is_label: bool = False

    @classmethod
    def of(cls, names: Sequence[str]) -> KeyContext:
        if not names:
            return _NO_KEYS
        split = tuple(key_words(name) for name in names[-KEYS_READ:])
        own = split[-1]
        telling = [word for words in split for word in words if word not in _ANY_TEXT]
        return cls(
            own,
            tuple(stem(word) for word in own),
            tuple(stem(word) for word in telling),
            split[:-1],
            bool(own) and own[-1] not in _OTHER_KEYS and own[-1] not in _ANY_TEXT,
        )


_NO_KEYS = KeyContext()


def near_before(text: str, start: int) -> tuple[str, ...]:
    """The nearest telling words before a place (stemmed)."""
    return Surroundings(text).near(start)


def label_before(text: str, start: int) -> tuple[str, ...]:
    """`Surroundings.label`, where nothing else is asked of the place."""
    before = _before(text, start, _CLOSER)
    last = _last(before.words)
    if last < _LABEL_WORDS - 1 and start > _CLOSER:
        before = _before(text, start, _REACH)
        last = _last(before.words)
    return _label(before, last)


class _Before(NamedTuple):
    """What stands before a place: `[low, high)` of a text in lower case, and the whole words in it."""

    lowered: str
    low: int
    high: int
    words: list[str]


class Surroundings:
    """What stands before places of one text: several findings begin at one place, and each is read once."""

    __slots__ = ("_alone", "_close", "_labels", "_lowered", "_near", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._lowered = ""
        self._alone = ""  # the words of an ASCII text, with blanks between
        self._close: dict[int, _Before] = {}
        self._labels: dict[int, tuple[str, ...]] = {}
        self._near: dict[int, tuple[str, ...]] = {}

    def silent(self, roots: Sequence[str], start: int) -> bool:
        """Whether none of these is in what is read before a place, as is told at once of most."""
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
            if len(known) <= _NEAR_WORDS and start > _CLOSE:
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
    """The words of an ASCII text alone: to split it costs less than an expression that finds them."""
    return lowered.encode("ascii").translate(_WORDS_ALONE).decode("ascii")


def _before(text: str, start: int, size: int) -> _Before:
    """At most `size` code points of `text` before a place."""
    low = max(0, start - size)
    window = text[low:start]
    lowered = window.lower()
    if window.isascii():
        words = _alone(lowered).split()
    else:
        if len(lowered) != len(window):  # rare letters: one by one, so that places stay what they are
            lowered = "".join([c.lower()[0] for c in window])
        words = _WORD.findall(lowered)
    if low and words and lowered.startswith(words[0]):
        del words[0]  # cut in half, perhaps
    return _Before(lowered, 0, len(lowered), words)


def _near(words: Sequence[str]) -> tuple[str, ...]:
    telling: list[str] = []
    for word in reversed(words):  # most often the last few are all that is asked for
        if word not in _STOP_WORDS and not word.isdigit():
            telling.append(stem(word) if word[-1] in _ENDINGS else word)
            if len(telling) > _NEAR_WORDS:
                break
    telling.reverse()
    return tuple(telling)


def _last(words: Sequence[str]) -> int:
    """The place of the last word that is no connector; -1 where all are."""
    last = len(words) - 1
    while last >= 0 and words[last] in _CONNECTORS:
        last -= 1
    return last


def _label(before: _Before, last: int) -> tuple[str, ...]:
    """The words of a label at the end of what stands before a place; `last` is the last word of it."""
    if last < 0:
        return ()
    lowered, low, high, words = before
    place = high
    for word in reversed(words[last:]):
        # Between a word and the next one are no words: its last occurrence before that one is it.
        place = lowered.rfind(word, low, place)
    end = place + len(words[last])
    gap = high - end
    if gap > _LABEL_GAP:
        return ()
    if gap > 1 and (ended := _SENTENCE_END.search(lowered, end, high)) is not None:
        said = _WORD.findall(lowered, low, ended.start())
        if not said or said[-1] not in _ABBREVIATIONS:
            return ()
    return tuple(
        [
            stem(word) if word[-1] in _ENDINGS else word
            for word in words[max(0, last + 1 - _LABEL_WORDS) : last + 1]
        ]
    )


def boosted(  # noqa: PLR0917  # what it is, where it is, and what stands around it
    score: float,
    words: ContextWords,
    text: str,
    span: tuple[int, int],
    keys: KeyContext,
    around: Surroundings | None = None,
) -> float:
    """The score of a finding at `span` of `text`, raised by its context; `around` are those of the text."""
    if score >= 1.0 or not words.roots:
        return score
    start, end = span
    if around is None:
        around = Surroundings(text)
    # A member's name is the label of its value, not of a number somewhere in its prose.
    whole = keys.is_label and 2 * (end - start) >= len(text.strip())
    if whole and _names(words, keys.own_stems):
        return min(1.0, max(score + BOOST, LABEL_FLOOR))
    named = bool(keys.all_stems) and words.near(keys.all_stems)
    if not named and around.silent(words.roots, start):
        return score
    label = around.label(start)
    if words.labels_by(label):
        return min(1.0, max(score + BOOST, LABEL_FLOOR))
    if label and label[-1] in _OTHER_NUMBERS:
        return score
    if named or words.near(around.near(start)):
        return min(1.0, max(score + BOOST, NEAR_FLOOR))
    return score


def _names(words: ContextWords, own: Sequence[str]) -> bool:
    return any(words.labels_by(own[: place + 1]) for place in range(len(own)))
