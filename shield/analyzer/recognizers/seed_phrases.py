"""Finds the words from which the keys of a wallet are made (BIP-39): whoever has them has the money.

12, 15, 18, 21 or 24 words of a list, the last bits of which are a checksum (SHA-256). They are found behind a
word for them, or where a short text holds nothing else and the checksum is right.
"""

from __future__ import annotations

import hashlib
import re
from types import MappingProxyType
from typing import Final

from shield.analyzer.recognizers.labelled import LABEL_START, Match, Sort, ValuePattern, begun
from shield.analyzer.recognizers.seed_words import SEED_WORDS

_PLACES: Final = MappingProxyType({word: place for place, word in enumerate(SEED_WORDS)})
_LENGTHS: Final = (24, 21, 18, 15, 12)
_BITS: Final = 11  # of a word
_WORD: Final = re.compile(r"[a-z]+", re.IGNORECASE)
_NAMED: Final = (
    r"(?:seed|mnemonic|(?:recovery|backup|secret|wallet)\s(?:recovery\s)?(?:phrase|words)|"
    r"(?:12|24|twelve|twenty[ -]four)[ -]words?|passphrase)"
)
_NEXT: Final = r"[\s,;.:)\d\-]{1,5}[a-z]{3,8}"
_RUN: Final = rf"[a-z]{{3,8}}(?:{_NEXT}){{11,39}}"
_BEGUN: Final = r"\A\W{0,4}(?:1\W{1,3})?"
_SEED: Final = Sort("words of a seed, named", 0.9)
_ALONE: Final = Sort("words of a seed, alone", 0.9)
SEEDS: Final = frozenset((_SEED, _ALONE))
"""The sorts of seed phrases."""


def seed_patterns() -> tuple[ValuePattern, ...]:
    """The patterns of seed phrases, for secret keys; `seed_in` finds the words in their values."""
    return (
        ValuePattern(
            "named words of a seed",
            rf"{LABEL_START}{_NAMED}(?![^\W_])(?P<value>[^\n]{{0,60}}\n?[^\n:]{{0,24}}[^\w\n]{{0,3}}{_RUN})",
            _SEED,
            begun(_NAMED),
            32,
            digits=False,
        ),
        ValuePattern(
            "words of a seed alone",
            rf"{_BEGUN}(?P<value>[a-z]{{3,8}}(?:{_NEXT}){{11,23}})\W{{0,4}}\Z",
            _ALONE,
            rf"{_BEGUN}[a-z]{{3,8}}(?:{_NEXT}){{11}}",
            320,
            digits=False,
            longest=320,
        ),
    )


def seed_in(match: Match, sort: Sort) -> tuple[int, int, float] | None:
    """The span of the first seed phrase in the value of a match, and its score."""
    start = match.start("value")
    run: list[re.Match[str]] = []
    for word in [*_WORD.finditer(match.group("value")), None]:
        if word is not None and word[0].lower() in _PLACES:
            run.append(word)
            continue
        found = _longest(run, checked=True) or (_longest(run, checked=False) if sort == _SEED else None)
        if found is not None:
            return start + found[0].start(), start + found[-1].end(), sort.score
        run = []
    return None


def _longest(run: list[re.Match[str]], *, checked: bool) -> list[re.Match[str]] | None:
    """The longest phrase in a run of words of the list; all of the run where the sum is not `checked`."""
    if not checked:
        return run if len(run) >= _LENGTHS[-1] else None
    for length in _LENGTHS:
        for first in range(len(run) - length + 1):
            phrase = run[first : first + length]
            if is_seed([word[0].lower() for word in phrase]):
                return phrase
    return None


def is_seed(words: list[str]) -> bool:
    """Whether the last bits of a phrase are the first ones of the SHA-256 of the others."""
    bits = "".join(f"{_PLACES[word]:0{_BITS}b}" for word in words)
    length = len(bits) * 32 // 33
    digest = hashlib.sha256(int(bits[:length], 2).to_bytes(length // 8, "big")).digest()
    return bits[length:] == f"{digest[0]:08b}"[: len(bits) - length]
