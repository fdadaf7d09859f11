"""The tiers of the model: `fast`, `accurate`, and `cascade` between them.

All tiers read everything with the tagger. `accurate` also reads with the encoder each sentence about which
the tagger is not almost certain, and both decide (`joint_scores`). `cascade` uses the encoder only where the
tagger is torn, for up to a share of the text, most doubtful sentences first: so the cost of a text is
bounded, and spent where it is likely to change something. There the encoder alone decides.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from shield.analyzer.tagging.encoder import WINDOW, Encoder, FloatArray, sentences, windows
from shield.analyzer.tagging.joint_scores import JointScores
from shield.analyzer.tagging.tagger import Tagged, Tagger, calibrated, decoded, spans_of
from shield.analyzer.tagging.tokens import BROKEN, JOINED, Tokens, tokenize
from shield.domain import Check, no_check

FAST: Final = "fast"
ACCURATE: Final = "accurate"
CASCADE: Final = "cascade"
TIERS: Final = (FAST, ACCURATE, CASCADE)

DOUBT: Final = 0.05
"""For `cascade`, a token's doubt is the lesser of the tagger's probabilities that it is, or is not, of a name
or place; it counts from this value on. Numbers are never in doubt: the encoder knows no more about them than
the tagger does."""
SHARE: Final = 0.15
LEAST: Final = 20
"""The tokens of a text that the encoder may read even if its share of the text is less."""
OVERHEAD: Final = 6  # tokens that a run costs besides its own
FEWEST: Final = 8  # least tokens of a part of a sentence
CERTAIN: Final = 0.985
"""For `accurate`, the probability from which it is certain that a token is, or is not, of a name or place."""
CERTAIN_OF_LITTLE: Final = 0.95
"""The same for signs, numbers and lower-case words of up to three letters: the tagger is often a little less
sure about an "at" or "-" in a sentence, and hardly ever wrong."""
LITTLE: Final = 3  # letters
TOGETHER: Final = 16  # tokens
_NAMES: Final = frozenset({"PERSON", "LOCATION", "STREET_ADDRESS"})


class SpanTagger(Protocol):
    """Finds spans in texts; `digest` covers the files that determine what it finds."""

    digest: str

    def tag(self, texts: Sequence[str], check: Check = no_check) -> list[list[Tagged]]: ...


class ByEncoder:
    """The encoder alone, on everything: not a tier, but the reference to measure and calibrate them."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.digest = encoder.digest

    def tag(self, texts: Sequence[str], check: Check = no_check) -> list[list[Tagged]]:
        """As `Tagger.tag`."""
        found: list[list[Tagged]] = []
        for text in texts:
            tokens = tokenize(text)
            scores = self._encoder.scores(tokens, check) if tokens else None
            found.append([] if scores is None else spans_of(tokens, scores, self._encoder.config))
        return found


class _Both:
    """The tagger on everything, and the encoder on the ranges of tokens that `_asked` gives."""

    def __init__(self, tagger: Tagger, encoder: Encoder, joint: JointScores) -> None:
        self._tagger = tagger
        self._encoder = encoder
        self._joint = joint
        labels = tagger.config.labels
        none = np.zeros(1 + 2 * len(labels), np.float32)
        self._added = none if tagger.config.added is None else tagger.config.added
        self._names = [1 + 2 * i + j for i, label in enumerate(labels) if label in _NAMES for j in (0, 1)]

    def tag(self, texts: Sequence[str], check: Check = no_check) -> list[list[Tagged]]:
        """As `Tagger.tag`; what both have read is calibrated jointly, the rest as the tagger's."""
        read = [tokenize(text) for text in texts]
        return [
            self._tag(tokens, scores, check) if tokens else []
            for tokens, scores in zip(read, self._tagger.scores_of_each(read, check), strict=True)
        ]

    def _tag(self, tokens: Tokens, scores: FloatArray, check: Check) -> list[Tagged]:
        asked = self._asked(tokens, scores)
        config = self._tagger.config
        if not asked:
            return spans_of(tokens, scores, config)
        joint = self._joint
        whole = scores.copy()
        by_both = np.zeros(len(tokens), np.bool_)
        for pack in packs_of(asked):
            check()
            part = np.concatenate([np.arange(start, end) for start, end in pack])
            whole[part] = joint.of(scores[part], self._encoder.window(chosen(tokens, pack)))
            by_both[part] = True
        added = np.where(by_both[:, None], joint.added, self._added)
        found: list[Tagged] = []
        for span in decoded(whole, config, added):
            of_both = bool(by_both[span.start : span.end].any())
            found += calibrated(tokens, (span,), joint.config if of_both else config)
        return found

    def _asked(self, tokens: Tokens, scores: FloatArray) -> list[tuple[int, int]]:
        """The ranges that the encoder reads, disjoint and in order, each of at most `WINDOW` tokens."""
        raise NotImplementedError


class Accurate(_Both):
    """Both models, except on sentences about which the tagger alone is almost certain."""

    def __init__(
        self, tagger: Tagger, encoder: Encoder, joint: JointScores, certain: float = CERTAIN
    ) -> None:
        """`certain` is the least probability that counts as certain; above 1 the encoder reads all."""
        super().__init__(tagger, encoder, joint)
        self._doubt = 1.0 - certain
        self._doubt_of_little = max(self._doubt, 1.0 - CERTAIN_OF_LITTLE) if certain <= 1.0 else self._doubt
        self.digest = f"{encoder.digest} {tagger.digest} {certain}"

    def _asked(self, tokens: Tokens, scores: FloatArray) -> list[tuple[int, int]]:
        """Sentences with a token about which it is not certain whether it is of a name or place."""
        name = np.exp(scores[:, self._names] - self._added[self._names]).sum(axis=1)
        doubts = np.minimum(name, 1.0 - name)
        unsure = [
            place
            for place in np.flatnonzero(doubts >= self._doubt).tolist()
            if (doubts[place] >= self._doubt_of_little or not is_little(tokens.texts[place]))
            and not is_of_identifier(tokens, place)
        ]
        if not unsure:
            return []
        parts = list(together(sentences(tokens)))
        holding = np.searchsorted([end for _, end in parts], unsure, side="right")
        return [parts[place] for place in np.unique(holding).tolist()]


class Cascade(_Both):
    """The encoder on the sentences about which the tagger is least sure, the tagger on the rest."""

    def __init__(
        self,
        tagger: Tagger,
        encoder: Encoder,
        doubt: float = DOUBT,
        share: float = SHARE,
    ) -> None:
        """`share` (0 to 1) is how much of a text the encoder may read; `doubt` the least doubt for it."""
        super().__init__(tagger, encoder, JointScores.of_encoder(encoder.config))
        self._doubt = doubt
        self._share = share
        self.digest = f"{encoder.digest} {tagger.digest} {doubt} {share}"
        labels = tagger.config.labels
        soft = [i for i, label in enumerate(labels) if label in tagger.config.soft]
        self._rivals = [0, *(1 + 2 * i + j for i in soft for j in (0, 1))]

    def _asked(self, tokens: Tokens, scores: FloatArray) -> list[tuple[int, int]]:
        name = np.exp(scores[:, self._names]).sum(axis=1)
        rival = np.exp(scores[:, self._rivals]).sum(axis=1)
        doubts = np.minimum(name, rival)
        unsure = np.flatnonzero(doubts >= self._doubt).tolist()
        for place in unsure:
            if is_of_identifier(tokens, place):
                doubts[place] = 0.0
        if doubts.max() < self._doubt:
            return []
        return dearest(doubts, list(sentences(tokens)), self._doubt, budget(len(tokens), self._share))


def is_little(word: str) -> bool:
    """Whether a token is a sign, a number, or a lower-case word of a few letters."""
    return not any(map(str.isalpha, word)) or (len(word) <= LITTLE and word.islower())


def is_of_identifier(tokens: Tokens, place: int) -> bool:
    """Whether a token is part of a longer identifier, which no model can interpret."""
    return within_numbers(tokens.texts, place) or goes_on(tokens, place) or leads(tokens, place)


def within_numbers(words: Sequence[str], place: int) -> bool:
    """Whether a number is on both sides: a word there is part of a longer identifier (of an IBAN)."""
    return 0 < place < len(words) - 1 and words[place - 1].isdigit() and words[place + 1].isdigit()


def goes_on(tokens: Tokens, place: int) -> bool:
    """Whether a number follows letters directly: it continues an identifier ("GB82")."""
    return (
        place > 0
        and tokens.gaps[place] == JOINED
        and tokens.texts[place].isdigit()
        and tokens.texts[place - 1].isalpha()
    )


def leads(tokens: Tokens, place: int) -> bool:
    """Whether a few capitals are directly before a number: they begin an identifier ("GB" of "GB82")."""
    return (
        place + 1 < len(tokens)
        and tokens.gaps[place + 1] == JOINED
        and tokens.texts[place + 1].isdigit()
        and tokens.texts[place].isupper()
        and len(tokens.texts[place]) <= LITTLE
    )


def budget(count: int, share: float) -> int:
    """How many of `count` tokens the encoder may read."""
    return max(LEAST, math.ceil(share * count))


def dearest(
    doubts: FloatArray, parts: Sequence[tuple[int, int]], least: float, most: int
) -> list[tuple[int, int]]:
    """The ranges of `parts` with a doubt of at least `least`, chosen by most doubt for their length.

    Together they have at most `most` tokens: one that is longer than what is left is cut around its greatest
    doubt. Where too little of it would be left to be understood, it is skipped for later ones that fit.
    Returned in text order.
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


def together(parts: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Neighbouring parts merged where one is too short to be understood alone: an answer with its question.

    A part of less than `TOGETHER` tokens is read with those beside it, up to `WINDOW` tokens.
    """
    return windows(parts, TOGETHER)


def packs_of(ranges: Iterable[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Groups of ranges that are read in one run, with at most `WINDOW` tokens together."""
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
    """The tokens of the ranges; a range that does not adjoin the one before begins like a line."""
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
    """The models of the tiers, each read once, on first use; analyzers may share them.

    Each takes some 50 MB and is immutable. Not thread-safe: used while analyzers are built.
    """

    def __init__(self, fast: Path, accurate: Path) -> None:
        """`fast` and `accurate` are the folders of the two models."""
        self._fast = fast
        self._accurate = accurate
        self._tagger: Tagger | None = None
        self._encoder: Encoder | None = None

    def tier(self, name: str) -> SpanTagger:
        """The tier called `name`. Raises OSError or ValueError where a file is missing or damaged."""
        if name == FAST:
            return self._tagger_read()
        tagger, encoder = self._tagger_read(), self._encoder_read()
        if name == CASCADE:
            return Cascade(tagger, encoder)
        return Accurate(tagger, encoder, JointScores.read(self._accurate, tagger.config, encoder.config))

    def _tagger_read(self) -> Tagger:
        if self._tagger is None:
            self._tagger = Tagger.load(self._fast)
        return self._tagger

    def _encoder_read(self) -> Encoder:
        if self._encoder is None:
            self._encoder = Encoder.load(self._accurate)
        return self._encoder
