"""Runs the fine-tuned encoder: tokens to word pieces, one ONNX graph, a row of scores per token.

It reads a text in windows that are cut at the ends of lines and sentences, so a result depends on its window
alone: not on the rest of the payload, nor on what was read before. One thread, no network.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from shield.analyzer.tagging.graphs import open_graph
from shield.analyzer.tagging.model_files import read_files
from shield.analyzer.tagging.pieces import END, START, WordPieces, case
from shield.analyzer.tagging.tagger import TaggerConfig
from shield.analyzer.tagging.tokens import BROKEN, SPACED, Tokens
from shield.domain import Check, no_check

WINDOW: Final = 100  # tokens
PIECES: Final = 300  # of one window, at most
FILES: Final = ("config.json", "pieces.txt", "model.onnx")
_ENDS: Final = frozenset(".!?;")

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int32]


class Encoder:
    """Scores of tags for tokens, as `Tagger.scores` gives them."""

    def __init__(self, config: TaggerConfig, vocabulary: Sequence[str], graph: bytes, digest: str) -> None:
        """`vocabulary` lists the word pieces in order of their ids; `graph` is a serialised ONNX model."""
        self.config = config
        self.digest = digest
        self._pieces = WordPieces(vocabulary)
        self._session = open_graph(graph)

    @classmethod
    def load(cls, folder: Path) -> Encoder:
        """The model in `folder` (the files of `FILES`, and their digests).

        Raises OSError or ValueError if a file is missing, damaged or of another format. `digest` is `sha256:`
        and the hex digest over the three files in this order.
        """
        config = TaggerConfig.read(folder / "config.json")
        settings, pieces, graph = read_files(folder, FILES)
        digest = hashlib.sha256(settings + pieces + graph).hexdigest()
        return cls(config, pieces.decode("utf-8").split("\n")[:-1], graph, f"sha256:{digest}")

    def scores(self, tokens: Tokens, check: Check = no_check) -> FloatArray:
        """Scores (tokens, tags), window by window; `check` is called before each."""
        parts = []
        for start, end in windows(sentences(tokens)):
            check()
            parts.append(self.window(tokens[start:end]))
        return np.concatenate(parts)

    def window(self, tokens: Tokens) -> FloatArray:
        """Scores of one window of at most `WINDOW` tokens."""
        out: FloatArray = self._session.run(None, feed(self._pieces, tokens))[0]
        return out


def feed(pieces: WordPieces, tokens: Tokens) -> dict[str, IntArray]:
    """The graph's inputs for one window: a row per piece (id, case, gap), and each token's first piece."""
    rows = [(START, 0, 0)]
    firsts = []
    for text, gap in zip(tokens.texts, tokens.gaps, strict=True):
        form = case(text)
        firsts.append(len(rows))
        most = max(1, PIECES - len(rows) - len(tokens) + len(firsts))
        first, *others = pieces.of(text)[:most]
        rows.append((first, form, gap + 1))
        rows += [(piece, form, 0) for piece in others]
    rows.append((END, 0, 0))
    return {"pieces": np.array(rows, np.int32), "firsts": np.array(firsts, np.int32)}


def sentences(tokens: Tokens) -> Iterator[tuple[int, int]]:
    """Ranges of at most `WINDOW` tokens that cover all: lines and sentences, longer ones cut anywhere."""
    start = 0
    texts = tokens.texts
    for place, gap in enumerate(tokens.gaps):
        if place == start:
            continue
        ended = gap == BROKEN or (gap == SPACED and texts[place - 1] in _ENDS)
        if ended or place - start == WINDOW:
            yield start, place
            start = place
    if start < len(tokens):
        yield start, len(tokens)


def windows(parts: Iterable[tuple[int, int]], short: int = WINDOW + 1) -> Iterator[tuple[int, int]]:
    """Neighbouring ranges merged into ranges of at most `WINDOW` tokens.

    Two are merged where one of them has less than `short` tokens; as it is, always.
    """
    start = end = 0
    for first, last in parts:
        if first != end or last - start > WINDOW or min(last - first, end - start) >= short:
            if end > start:
                yield start, end
            start = first
        end = last
    if end > start:
        yield start, end
