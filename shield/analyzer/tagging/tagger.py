"""Runs the project's named-entity tagger: tokens to features, one ONNX graph, decoding, scores.

`tag` is a pure function of its texts. One thread, no growing vocabulary, no network. A result depends on a
bounded number of neighbouring tokens, so a long text read in windows gives the same as in one piece, at a
cost that is linear in its length.
"""

from __future__ import annotations

import hashlib
import json
import math
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from shield.analyzer.tagging.decoding import best_path, spans
from shield.analyzer.tagging.features import IntArray
from shield.analyzer.tagging.graphs import open_graph
from shield.analyzer.tagging.known_tokens import PARTS, KnownTokens
from shield.analyzer.tagging.model_files import read_files
from shield.analyzer.tagging.packing import BESIDE, around, beside, distances_of, neighbours, packs
from shield.analyzer.tagging.tokens import Tokens, joined, tokenize
from shield.domain import Check, no_check

WINDOW: Final = 1024  # tokens of one run of the graph, without its margins
FORMAT: Final = 1
FILES: Final = ("config.json", "words.txt", "token.onnx", "model.onnx")

_LEAST: Final = 1e-6
_MOST: Final = 1 - 1e-6

Tagged = tuple[int, int, str, float]
FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TaggerConfig:
    """The model's `config.json`.

    `labels` are in the order of the tags; `soft` are those that say nothing about a person by themselves.
    `slope` and `shift` map a raw probability's log-odds to a calibrated one. `reach` is how many
    neighbours on each side a token's tag depends on, `distances` how far the layers after the first
    look (none in an encoder). `threshold` is the least score that is returned. `added` (tags) is what the
    graph adds to the log-probability of a label to choose it less often; scores of spans do not count it.
    """

    labels: tuple[str, ...]
    soft: frozenset[str]
    slope: float
    shift: float
    reach: int
    threshold: float
    distances: tuple[int, ...] = ()
    added: FloatArray | None = None
    hard_columns: IntArray = field(init=False)
    """The columns of scores of all labels but the soft ones."""

    def __post_init__(self) -> None:
        hard = [
            1 + 2 * i + j for i, label in enumerate(self.labels) if label not in self.soft for j in (0, 1)
        ]
        object.__setattr__(self, "hard_columns", np.array(hard, np.int32))

    def calibrated(self, log_probability: float) -> float:
        """A raw log-probability as the share of such spans that are right."""
        p = math.exp(log_probability) if log_probability < 0.0 else 1.0
        p = _LEAST if p < _LEAST else min(p, _MOST)
        odds = self.slope * math.log(p / (1 - p)) + self.shift
        return round(1 / (1 + math.exp(-odds)), 4)

    @classmethod
    def read(cls, path: Path) -> TaggerConfig:
        """The configuration in `path`. Raises ValueError if it is of another format."""
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if raw.get("format") != FORMAT:
            raise ValueError(f"{path}: format {raw.get('format')}, not {FORMAT}")
        labels = tuple(raw["labels"])
        return cls(
            labels=labels,
            soft=frozenset(raw["soft"]),
            slope=float(raw["slope"]),
            shift=float(raw["shift"]),
            reach=int(raw["reach"]),
            threshold=float(raw["threshold"]),
            distances=distances_of(raw.get("size", {}).get("dilations", ())[1:]),
            added=added_of(raw["added"], labels) if "added" in raw else None,
        )


def added_of(values: Mapping[str, float], labels: Sequence[str]) -> FloatArray:
    """What is added to the scores of tags, from values by label (`O`: no label)."""
    by_tag = [values.get("O", 0.0), *(values.get(label, 0.0) for label in labels for _ in "BI")]
    return np.array(by_tag, np.float32)


class Tagger:
    """Finds names, places, addresses, dates and people's numbers in texts."""

    def __init__(
        self, config: TaggerConfig, words: Sequence[str], token_graph: bytes, graph: bytes, digest: str
    ) -> None:
        """`words` are the keys of the word table's rows from 1 on; the graphs are serialised ONNX models."""
        self.config = config
        self._known = KnownTokens({word: row for row, word in enumerate(words, 1)}, token_graph)
        self._session = open_graph(graph)
        self._around = tuple(f"around_{distance}" for distance in config.distances)
        self._neighbours = neighbours(WINDOW + 2 * config.reach, config.distances)
        expected = {*PARTS, *BESIDE, *self._around}
        if {each.name for each in self._session.get_inputs()} != expected:
            raise ValueError("the graph is not one of this version's")
        self.digest = digest

    @classmethod
    def load(cls, folder: Path, threshold: float | None = None) -> Tagger:
        """The model in `folder` (the files of `FILES`, and their digests).

        Raises OSError or ValueError if a file is missing, damaged or of another format. `digest` is `sha256:`
        and the hex digest over the four files in this order.
        """
        config = TaggerConfig.read(folder / "config.json")
        if threshold is not None:
            config = replace(config, threshold=threshold)
        settings, words, token_graph, graph = read_files(folder, FILES)
        digest = hashlib.sha256(settings + words + token_graph + graph).hexdigest()
        return cls(config, words.decode("utf-8").splitlines(), token_graph, graph, f"sha256:{digest}")

    @property
    def labels(self) -> tuple[str, ...]:
        return self.config.labels

    def tag(self, texts: Sequence[str], check: Check = no_check) -> list[list[Tagged]]:
        """For each text its spans `(start, end, label, score)`, disjoint and in order, in code points.

        The score is the calibrated probability that the span is personal data (for a soft label: that it
        is of this label). Spans whose score is less than the configured threshold are left out. `check` is
        called before each window of a long text, and what it raises passes through.
        """
        read = [tokenize(text) for text in texts]
        found: list[list[Tagged]] = [[] for _ in texts]
        for first, lengths, scores in self._runs(read, check):
            ends = [*accumulate(lengths)]
            for span in decoded(scores, self.config, begins={0, *ends}):
                place = bisect_right(ends, span.start)
                begin = ends[place] - lengths[place]
                found[first + place] += calibrated(read[first + place], (span,), self.config, begin)
        return found

    def scores_of_each(self, texts: Sequence[Tokens], check: Check) -> list[FloatArray]:
        """Scores (tokens, tags) of each text, short ones many in one run; `check` as in `tag`."""
        found: list[FloatArray] = []
        for _, lengths, scores in self._runs(texts, check):
            found += [scores] if len(lengths) == 1 else np.split(scores, np.cumsum(lengths)[:-1])
        return found

    def _runs(self, texts: Sequence[Tokens], check: Check) -> Iterator[tuple[int, Sequence[int], FloatArray]]:
        """By turns the index of the first of some texts, their lengths in tokens, and their joint scores."""
        every = [len(tokens) for tokens in texts]
        for start, end in packs(every, WINDOW):
            if end - start == 1:
                yield start, every[start:end], self.scores(texts[start], check)
                continue
            check()
            yield start, every[start:end], self._run(joined(texts[start:end]), every[start:end])

    def scores(self, tokens: Tokens, check: Check = no_check) -> FloatArray:
        """Scores (tokens, tags), in windows with margins that make the result independent of windows."""
        count = len(tokens)
        reach = self.config.reach
        if count <= WINDOW + 2 * reach:
            return self._run(tokens, [count])
        parts: list[FloatArray] = []
        for first in range(0, count, WINDOW):
            check()
            start = max(0, first - reach)
            end = min(count, first + WINDOW + reach)
            whole = self._run(tokens[start:end], [end - start])
            parts.append(whole[first - start : first - start + WINDOW])
        return np.concatenate(parts)

    def _run(self, tokens: Tokens, lengths: Sequence[int]) -> FloatArray:
        rows, parts = self._known.rows_of(tokens)
        feed: dict[str, npt.NDArray[Any]] = dict(parts)
        feed.update(zip(BESIDE, beside(rows, lengths), strict=True))
        if len(lengths) == 1:
            near = np.minimum(self._neighbours[:, : 3 * len(tokens)], len(tokens))
        else:
            near = around(lengths, self.config.distances)
        feed.update(zip(self._around, near, strict=True))
        out: FloatArray = self._session.run(None, feed)[0]
        return out


class Span(NamedTuple):
    """A range of tokens of one label; `log_probability` is not calibrated yet."""

    start: int
    end: int
    label: str
    log_probability: float


_span: Callable[[tuple[int, int, str, float]], Span] = partial(tuple.__new__, Span)
"""Replaces the constructor that `NamedTuple` generates, a Python function that takes three times as long."""


def spans_of(tokens: Tokens, scores: FloatArray, config: TaggerConfig) -> list[Tagged]:
    """The spans of the best path through `scores` whose calibrated score is at least the threshold."""
    found = decoded(scores, config)
    return calibrated(tokens, found, config) if found else []


def calibrated(tokens: Tokens, found: Iterable[Span], config: TaggerConfig, begin: int = 0) -> list[Tagged]:
    """The spans in code points with their calibrated scores, those of at least the threshold.

    `begin` is the place of the first of the `tokens` where the spans' places are counted.
    """
    bounds, share, threshold = tokens.bounds, config.calibrated, config.threshold
    return [
        (bounds[2 * (start - begin)], bounds[2 * (end - begin) - 1], label, score)
        for start, end, label, log_probability in found
        if (score := share(log_probability)) >= threshold
    ]


def decoded(
    scores: FloatArray, config: TaggerConfig, added: FloatArray | None = None, begins: Collection[int] = (0,)
) -> list[Span]:
    """The spans of the best path through `scores`, in order.

    `added` (tokens, tags) is what each score holds besides its log-probability, if not the same for all.
    `begins` are the places at which texts begin.
    """
    path = best_path(scores, begins)
    ranges = spans(path)
    if not ranges:
        return []
    found: list[Span] = []
    # Few tokens are in spans; only these are examined from here on.
    places = path.nonzero()[0]
    marked = scores[places]
    if added is not None:
        marked -= added[places]
    elif config.added is not None:
        marked -= config.added
    hard = np.maximum.reduce(marked[:, config.hard_columns], axis=1).tolist()
    first = 0
    for start, end, number in ranges:
        label = config.labels[number]
        last = first + end - start
        if label in config.soft:
            column = 1 + 2 * number
            # For a few tokens this is faster than the array's own method.
            sure = list(map(max, marked[first:last, column : column + 2].tolist()))
        else:
            sure = hard[first:last]
        found.append(_span((start, end, label, sum(sure) / len(sure))))
        first = last
    return found
