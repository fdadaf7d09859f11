"""Raises the scores of findings by context: the words before one, and the names of enclosing members.

As in Presidio, a context word of the recognizer near before a finding (`surroundings`) raises its score by
0.35, to at least 0.4. What differs, on purpose:

- Words are compared whole, lower case, without the endings of plural, -ed and -ing, instead of by lemmas
  and substrings: `us` is not in "customer", nor `tin` in "waiting". Only words of four letters or
  more also count as the beginning or end of a longer one (`creditcard`, `Passnummer`).
- Terms of several words ("health authority") match; Presidio compares them with single words.
- A *label*, i.e. a context word directly before the value ("SSN: …", "passport number is …", also on
  the line before) or in the name of the member whose value it is, raises the score to at least 0.6.
- A value that is labelled as something else ("order #…", "ticket …") gains nothing from words nearby.
- Words that mean nothing by themselves ("us", "number", "document") do not make a label.

`surroundings` reads what precedes a finding.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shield.analyzer.key_names import key_words
from shield.analyzer.stems import WORD, stem
from shield.analyzer.surroundings import Surroundings

BOOST = 0.35
NEAR_FLOOR = 0.4
LABEL_FLOOR = 0.6
KEYS_READ = 4
"""How many of the enclosing names are read, from the innermost outwards."""
_COMPOUND = 4  # letters from which a context word also counts inside a longer word
# Context words of Presidio's that stand beside too many other things to be the label of a value.
_NOT_A_LABEL = frozenset(
    "us united states state travel document check save debit number individual tax payer transaction date "
    "medical certificate call id identification permit health authority service national business "
    "company registration code link url website".split()
)
_OTHER_NUMBERS = frozenset(
    "order ticket invoice tracking track case reference ref confirmation confirm sku item part serial model "
    "version build error request incident booking shipment parcel transaction receipt quote quantity".split()
)
# Last words of a member's name that show that its value is not the thing itself.
_OTHER_KEYS = frozenset(
    "id ids type kind status state count total at on date time created updated version format flag enabled "
    "verified valid url uri link label field required hash owner name names tier plan balance manager".split()
)
_FLATTENED = re.compile(r"[A-Za-z_]\w{1,40}(?:\.[A-Za-z_]\w{1,40}){1,8}")
# Names of members that can hold any text: they say nothing about it, though people "text a number".
_ANY_TEXT = frozenset(
    "text body content message messages msg value values data comment comments description note notes "
    "subject title summary".split()
)


class Compounds(NamedTuple):
    """The words that also count as the beginning or the end of a longer one.

    `heads` and `tails` are their first and last letters, which rule out most words quickly.
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
        """Whether any of the given words begins or ends with one of these."""
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

    `begun` are the first words of its phrases, `ended` the last ones. A text none of whose words holds any
    of `roots` holds none of the terms.
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
            words = tuple(stem(word) for word in WORD.findall(term.lower()))
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
        """Whether the (stemmed) words end with a label."""
        if not words:
            return False
        last = words[-1]
        if last in self.labels or self.label_compounds.among((last,)):
            return True
        if last not in self.ended:
            return False
        return any(tuple(words[-len(phrase) :]) == phrase for phrase in self.phrases)


def roots_of(terms: Iterable[str]) -> tuple[str, ...]:
    """The terms that contain no other term: a text without any of these holds none of the terms."""
    roots: list[str] = []
    for term in sorted(terms, key=lambda term: (len(term), term)):
        if not any(root in term for root in roots):
            roots.append(term)
    return tuple(roots)


@dataclass(frozen=True, slots=True)
class KeyContext:
    """What the names around a segment say: the words of its own member's name, and of all the names.

    `is_label` is whether its own name can name the value (unlike `account_id`, `phone_type`).
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
        split = tuple(key_words(step) for name in names[-KEYS_READ:] for step in _steps(name))
        own = split[-1]
        telling = [word for words in split for word in words if word not in _ANY_TEXT]
        return cls(
            own,
            tuple(stem(word) for word in own),
            tuple(stem(word) for word in telling),
            split[:-1],
            bool(own) and own[-1] not in _OTHER_KEYS and own[-1] not in _ANY_TEXT,
        )


def _steps(name: str) -> Sequence[str]:
    """The names that a flattened one consists of: `deliveryAddress.street`, but not `PID.3`."""
    return name.split(".") if "." in name and _FLATTENED.fullmatch(name) is not None else (name,)


_NO_KEYS = KeyContext()


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
