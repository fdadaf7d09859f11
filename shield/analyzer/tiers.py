"""The tiers of the model: `fast`, `accurate`, and `cascade` between them.

`accurate` reads everything with the encoder. `cascade` reads everything with the tagger, and with the encoder
only the sentences where the tagger is in doubt, up to a share of the text, those with most doubt first: what
a text can cost is bounded, and that is spent where it is likely to change something.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from shield.analyzer.encoder import WINDOW, Encoder, FloatArray, sentences
from shield.analyzer.tagger import Tagged, Tagger, calibrated, decoded, spans_of
from shield.analyzer.tagging.tokens import BROKEN, JOINED, Tokens, tokenize

FAST: Final = "fast"
ACCURATE: Final = "accurate"
CASCADE: Final = "cascade"
TIERS: Final = (FAST, ACCURATE, CASCADE)

DOUBT: Final = 0.1
"""A token is in doubt as far as the tagger gives it to a name or place and to nobody alike: the lesser of the
two probabilities, from this on. Numbers are not: the encoder knows no more of them than the tagger does."""
SHARE: Final = 0.15
LEAST: Final = 40
"""The encoder reads at most this share of the tokens of a text, or so many tokens if that is more."""
OVERHEAD: Final = 6  # tokens that a run costs beside its own
FEWEST: Final = 8  # tokens of a part of a sentence
_NAMES: Final = frozenset({"PERSON", "LOCATION", "STREET_ADDRESS"})


class SpanTagger(Protocol):
    """Finds spans in texts; `digest` is of the files that decide what it finds."""

    digest: str

    def tag(self, texts: Sequence[str]) -> list[list[Tagged]]: ...


class Accurate:
    """The encoder on everything."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.digest = encoder.digest

    def tag(self, texts: Sequence[str]) -> list[list[Tagged]]:
        """As `Tagger.tag`."""
        found: list[list[Tagged]] = []
        for text in texts:
            tokens = tokenize(text)
            scores = self._encoder.scores(tokens) if tokens else None
            found.append([] if scores is None else spans_of(tokens, scores, self._encoder.config))
        return found


class Cascade:
    """The tagger on everything, the encoder on the sentences of which that is least sure."""

    def __init__(self, tagger: Tagger, encoder: Encoder, doubt: float = DOUBT, share: float = SHARE) -> None:
        """`share` is how much of a text, from 0 to 1, the encoder may read; `doubt` from where on it does."""
        self._tagger = tagger
        self._encoder = encoder
        self._doubt = doubt
        self._share = share
        self.digest = f"{encoder.digest} {tagger.digest} {doubt} {share}"
        labels = tagger.config.labels
        self._names = [1 + 2 * i + j for i, label in enumerate(labels) if label in _NAMES for j in (0, 1)]
        soft = [i for i, label in enumerate(labels) if label in tagger.config.soft]
        self._rivals = [0, *(1 + 2 * i + j for i in soft for j in (0, 1))]

    def tag(self, texts: Sequence[str]) -> list[list[Tagged]]:
        """As `Tagger.tag`; what the encoder read has its calibration, the rest the tagger's."""
        read = [tokenize(text) for text in texts]
        return [
            self._tag(tokens, scores) if tokens else []
            for tokens, scores in zip(read, self._tagger.scores_of_each(read), strict=True)
        ]

    def _tag(self, tokens: Tokens, scores: FloatArray) -> list[Tagged]:
        asked = self._asked(tokens, scores)
        if not asked:
            return spans_of(tokens, scores, self._tagger.config)
        whole = scores.copy()
        by_encoder = np.zeros(len(tokens), np.bool_)
        for pack in packs_of(asked):
            part = np.concatenate([np.arange(start, end) for start, end in pack])
            whole[part] = self._encoder.window(chosen(tokens, pack))
            by_encoder[part] = True
        found = []
        for span in decoded(whole, self._tagger.config):
            config = (self._encoder if by_encoder[span.start : span.end].any() else self._tagger).config
            if (tagged := calibrated(tokens, span, config)) is not None:
                found.append(tagged)
        return found

    def _asked(self, tokens: Tokens, scores: FloatArray) -> list[tuple[int, int]]:
        """The ranges that the encoder reads, in order."""
        name = np.exp(scores[:, self._names]).sum(axis=1)
        rival = np.exp(scores[:, self._rivals]).sum(axis=1)
        doubts = np.minimum(name, rival)
        unsure = np.flatnonzero(doubts >= self._doubt).tolist()
        for place in unsure:
            if within_numbers(tokens.texts, place) or goes_on(tokens, place):
                doubts[place] = 0.0
        if doubts.max() < self._doubt:
            return []
        return dearest(doubts, list(sentences(tokens)), self._doubt, budget(len(tokens), self._share))


def within_numbers(words: Sequence[str], place: int) -> bool:
    """Whether a number stands on both sides: a word there is a part of a longer identifier (of an IBAN)."""
    return 0 < place < len(words) - 1 and words[place - 1].isdigit() and words[place + 1].isdigit()


def goes_on(tokens: Tokens, place: int) -> bool:
    """Whether a number is written right behind letters: it goes on an identifier ("GB82")."""
    return (
        place > 0
        and tokens.gaps[place] == JOINED
        and tokens.texts[place].isdigit()
        and tokens.texts[place - 1].isalpha()
    )


def budget(count: int, share: float) -> int:
    """How many of so many tokens the encoder may read."""
    return max(LEAST, math.ceil(share * count))


def dearest(
    doubts: FloatArray, parts: Sequence[tuple[int, int]], least: float, most: int
) -> list[tuple[int, int]]:
    """The ranges of `parts` with a doubt of at least `least`, those with most of it for their length first.

    Together they have at most `most` tokens: one that is longer than what is left is cut around its greatest
    doubt. Where what is left is too little of it to be understood, it is passed over for those after it that
    fit. In order of place.
    """
    sums = np.add.reduceat(np.where(doubts >= least, doubts, 0.0), [start for start, _ in parts])
    lengths = np.array([end - start for start, end in parts])
    taken = []
    for place in np.argsort(-sums / (lengths + OVERHEAD), kind="stable"):
        start, end = parts[place]
        if sums[place] == 0.0 or not most:
            break
        if most < min(end - start, FEWEST):
            continue
        if end - start > most:
            peak = start + int(doubts[start:end].argmax())
            start = max(start, min(peak - most // 2, end - most))
            end = start + most
        taken.append((start, end))
        most -= end - start
    return sorted(taken)


def packs_of(ranges: Iterable[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Ranges that are read in one run: of at most `WINDOW` tokens together."""
    pack: list[tuple[int, int]] = []
    total = 0
    for start, end in ranges:
        if pack and total + end - start > WINDOW:
            yield pack
            pack, total = [], 0
        pack.append((start, end))
        total += end - start
    if pack:
        yield pack


def chosen(tokens: Tokens, ranges: Sequence[tuple[int, int]]) -> Tokens:
    """The tokens of the ranges; one that does not follow the range before it begins as a line does."""
    texts: list[str] = []
    bounds: list[int] = []
    gaps: list[int] = []
    last = ranges[0][0]
    for start, end in ranges:
        first = len(gaps)
        texts += tokens.texts[start:end]
        bounds += tokens.bounds[2 * start : 2 * end]
        gaps += tokens.gaps[start:end]
        if start != last:
            gaps[first] = BROKEN
        last = end
    return Tokens(texts, gaps, bounds)


class Models:
    """The models of the tiers, each read once, when it is first asked for: analyzers may share them.

    Each holds some 50 MB, and none changes by being used. For one thread, as analyzers are built.
    """

    def __init__(self, fast: Path, accurate: Path) -> None:
        """The folders of the two."""
        self._fast = fast
        self._accurate = accurate
        self._tagger: Tagger | None = None
        self._encoder: Encoder | None = None

    def tier(self, name: str) -> SpanTagger:
        """The tier by its name. Raises OSError or ValueError where a file is missing or damaged."""
        if name == FAST:
            return self._tagger_read()
        if name == ACCURATE:
            return Accurate(self._encoder_read())
        return Cascade(self._tagger_read(), self._encoder_read())

    def _tagger_read(self) -> Tagger:
        if self._tagger is None:
            self._tagger = Tagger.load(self._fast)
        return self._tagger

    def _encoder_read(self) -> Encoder:
        if self._encoder is None:
            self._encoder = Encoder.load(self._accurate)
        return self._encoder
