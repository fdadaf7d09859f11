"""The tiers of the model: `fast`, `accurate`, and `cascade` between them.

`accurate` reads everything with the encoder. `cascade` reads everything with the tagger, and with the encoder
only the sentences where the tagger is in doubt, or that announce something ("my name is", "speaking with") of
which it found nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from shield.analyzer.encoder import Encoder, FloatArray, sentences, windows
from shield.analyzer.tagger import Tagged, Tagger, spans_of
from shield.analyzer.tagging.tokens import Tokens, tokenize

FAST: Final = "fast"
ACCURATE: Final = "accurate"
CASCADE: Final = "cascade"
TIERS: Final = (FAST, ACCURATE, CASCADE)

DOUBT: Final = 1.0
"""A token is in doubt where the best tag of a name and the best that is nobody's are nearer than this, in
log-probability. Numbers are not: the encoder knows no more of them than the tagger does."""
_NAMES: Final = frozenset({"PERSON", "LOCATION", "STREET_ADDRESS"})
_ANNOUNCED = re.compile(
    r"\b(?:(?:my|the|your|full|first|last|maiden|sur) ?name|i am|i'm|this is|speak(?:ing)? (?:with|to)|"
    r"call me|under|address|live (?:at|in|on)|regards|sincerely|thanks|dear|contact|attn|mr|mrs|ms|dr)\b",
    re.IGNORECASE,
)


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
    """The tagger on everything, the encoder where that is in doubt."""

    def __init__(self, tagger: Tagger, encoder: Encoder, doubt: float = DOUBT) -> None:
        self._tagger = tagger
        self._encoder = encoder
        self._doubt = doubt
        self.digest = f"{encoder.digest} {tagger.digest} {doubt}"
        labels = tagger.config.labels
        self._names = [1 + 2 * i + j for i, label in enumerate(labels) if label in _NAMES for j in (0, 1)]
        soft = [i for i, label in enumerate(labels) if label in tagger.config.soft]
        self._rivals = [0, *(1 + 2 * i + j for i in soft for j in (0, 1))]

    def tag(self, texts: Sequence[str]) -> list[list[Tagged]]:
        """As `Tagger.tag`; what the encoder read has its calibration, the rest the tagger's."""
        read = [tokenize(text) for text in texts]
        return [
            self._tag(text, tokens, scores) if tokens else []
            for text, tokens, scores in zip(texts, read, self._tagger.scores_of_each(read), strict=True)
        ]

    def _tag(self, text: str, tokens: Tokens, scores: FloatArray) -> list[Tagged]:
        asked = list(windows(self._asked(text, tokens, scores)))
        if not asked:
            return spans_of(tokens, scores, self._tagger.config)
        whole = scores.copy()
        for start, end in asked:
            whole[start:end] = self._encoder.window(tokens[start:end])
        places = [(tokens[a].start, tokens[b - 1].end) for a, b in asked]
        by_tagger = spans_of(tokens, whole, self._tagger.config)
        by_encoder = spans_of(tokens, whole, self._encoder.config)
        return sorted(
            [
                *(span for span in by_tagger if not _within(span, places)),
                *(span for span in by_encoder if _within(span, places)),
            ]
        )

    def _asked(self, text: str, tokens: Tokens, scores: FloatArray) -> Iterator[tuple[int, int]]:
        name = scores[:, self._names].max(axis=1)
        rival = scores[:, self._rivals].max(axis=1)
        near = np.abs(name - rival) < self._doubt
        inside = scores[:, 1:].max(axis=1) > scores[:, 0]
        for start, end in sentences(tokens):
            if near[start:end].any() or (
                not inside[start:end].any()
                and _ANNOUNCED.search(text, tokens[start].start, tokens[end - 1].end) is not None
            ):
                yield start, end


def _within(span: Tagged, places: Sequence[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in places)


def load(tier: str, fast: Path, accurate: Path) -> SpanTagger:
    """The tier by its name. Raises OSError or ValueError where a file is missing or damaged."""
    if tier == FAST:
        return Tagger.load(fast)
    encoder = Encoder.load(accurate)
    if tier == ACCURATE:
        return Accurate(encoder)
    return Cascade(Tagger.load(fast), encoder)
