"""Builds the word table: for each word a frozen vector from an encoder, and features from the name lists.

A vector is the encoder's output for the word alone, reduced to a few dimensions, so that words that are not
in the corpus lie near similar ones that are. The columns after it are logarithms of the word's rank among
forenames and surnames, whether it is a city, a region or a country, and how common the word is.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import torch

from models.training import lexicon as lex
from models.training.corpus import Example
from models.training.names import Names
from models.training.precision import autocast
from models.training.teacher import Pieces, Teacher
from shield.analyzer.tagging.features import normal_form
from shield.analyzer.tagging.tokens import tokenize

SURNAMES: Final = 40_000
CONTEXT: Final = 64  # dimensions of the encoder's output kept
INPUT: Final = 24  # dimensions of its input embedding kept
LISTS: Final = 8
LONGEST: Final = 24  # characters of a word

FloatArray = npt.NDArray[np.float32]
Ranks = list[dict[str, int]]


@dataclass(frozen=True, slots=True)
class Table:
    """`words[i]` has row i + 1 of `codes`; row 0 is all zero. A value is `codes * scale`."""

    words: list[str]
    codes: npt.NDArray[np.int8]
    scale: FloatArray

    def save(self, path: Path) -> None:
        np.savez_compressed(
            path,
            words=np.array(json.dumps(self.words, ensure_ascii=False)),
            codes=self.codes,
            scale=self.scale,
        )

    @classmethod
    def load(cls, path: Path) -> Table:
        data = np.load(path)
        return cls(json.loads(str(data["words"])), data["codes"], data["scale"])


def _tokens(names: Sequence[str]) -> list[str]:
    return [normal_form(t.text) for name in names for t in tokenize(name) if t.text[0].isalpha()]


def seen_words(examples: Sequence[Example]) -> Counter[str]:
    """How often each word stands in the examples, in its normal form."""
    return Counter(normal_form(w) for e in examples for w in e.words if w[0].isalpha())


def ranks_of(names: Names) -> Ranks:
    """The rank of each word in each of the lists: forenames, surnames, cities, regions and countries."""
    listed = (
        names.census_first,
        names.census_last[:SURNAMES],
        [n for country in names.first for n in names.first[country]],
        [n for country in names.last for n in names.last[country]],
        [c for text in lex.CITIES.values() for c in lex.listed(text)],
        [*lex.listed(lex.COUNTRIES), *lex.listed(lex.US_STATE_NAMES), *lex.US_STATES],
    )
    ranks: Ranks = []
    for group in listed:
        rank: dict[str, int] = {}
        for i, word in enumerate(_tokens(group)):
            rank.setdefault(word, i)
        ranks.append(rank)
    return ranks


def common_words(pieces: Pieces) -> dict[str, int]:
    """Words that are one piece of the encoder's, which are ordered by how common they are."""
    known = pieces.tokenizer.get_vocab()
    return {w: i for w, i in known.items() if not w.startswith("##") and w[:1].isalpha() and i > 1000}


def columns_of(words: Sequence[str], ranks: Ranks, pieces: Pieces) -> FloatArray:
    """The columns of the words from the lists."""
    common = common_words(pieces)
    columns = np.zeros((len(words), LISTS), np.float32)
    for i, word in enumerate(words):
        for c, rank in enumerate(ranks):
            if word in rank:
                columns[i, c] = 1.0 if c > 1 else 1.2 - 0.1 * math.log(rank[word] + 1)
        columns[i, 6] = 0.0 if word not in common else 1.1 - 0.1 * math.log(common[word])
        columns[i, 7] = len(pieces.of(word)) == 1
    return columns


def vocabulary(examples: Sequence[Example], names: Names, pieces: Pieces) -> tuple[list[str], FloatArray]:
    """The words of the table, with their columns from the lists."""
    ranks = ranks_of(names)
    seen = {w for w, n in seen_words(examples).items() if n > 1 and len(w) < LONGEST}
    words = sorted(seen | set(common_words(pieces)) | {w for r in ranks for w in r})
    return words, columns_of(words, ranks, pieces)


def vectors(words: Sequence[str], model: Teacher, pieces: Pieces) -> tuple[FloatArray, FloatArray]:
    """The encoder's input (mean of pieces) and output (first piece) for each word alone."""
    model.eval()
    inputs: list[FloatArray] = []
    outputs: list[FloatArray] = []
    order = sorted(range(len(words)), key=lambda i: len(pieces.of(words[i])))
    table = model.encoder.embeddings.word_embeddings.weight
    with torch.inference_mode(), autocast():
        for first in range(0, len(order), 256):
            rows = [([words[i]], [1]) for i in order[first : first + 256]]
            ids, mask, cases, gaps, _ = pieces.batch(rows)
            states = model.hidden(ids, mask, cases, gaps)[:, 1].float()
            inner = (mask * (ids != 101) * (ids != 102))[..., None]
            mean = (table[ids] * inner).sum(1) / inner.sum(1)
            inputs.append(mean.float().numpy())
            outputs.append(states.numpy())
    back = np.argsort(order)
    return np.concatenate(inputs)[back], np.concatenate(outputs)[back]


def reduced(values: FloatArray, dimensions: int) -> FloatArray:
    """The first principal components, half-whitened so that the later ones count too."""
    centred = values - values.mean(0)
    variance, basis = np.linalg.eigh(np.cov(centred, rowvar=False).astype(np.float64))
    best = np.argsort(-variance)[:dimensions]
    projected = centred @ basis[:, best] / variance[best] ** 0.25
    return np.asarray(projected / projected.std(), dtype=np.float32)


def build(examples: Sequence[Example], names: Names, model: Teacher, pieces: Pieces) -> Table:
    """The table in eight bits, with one scale per column."""
    words, columns = vocabulary(examples, names, pieces)
    inputs, outputs = vectors(words, model, pieces)
    values = np.concatenate([reduced(outputs, CONTEXT), reduced(inputs, INPUT), columns], axis=1)
    scale = np.maximum(np.quantile(np.abs(values), 0.9995, axis=0), 1e-3) / 127
    codes = np.clip(np.round(values / scale), -127, 127).astype(np.int8)
    return Table(
        words, np.concatenate([np.zeros((1, codes.shape[1]), np.int8), codes]), scale.astype(np.float32)
    )


def extended(table: Table, words: Sequence[str], ranks: Ranks, model: Teacher, pieces: Pieces) -> Table:
    """`table` with rows for the words that it lacks; all others stay as they are.

    `model` is the encoder that the table was made with, or one near it. How its vectors became the columns of
    the table is found anew, by least squares over every eighth word of it.
    """
    have = set(table.words)
    new = sorted({w for w in words if w not in have and len(w) < LONGEST})
    known = table.words[::8]
    values = table.codes[1::8].astype(np.float32) * table.scale
    of_known, of_new = (
        np.concatenate([*vectors(some, model, pieces)[::-1], np.ones((len(some), 1), np.float32)], axis=1)
        for some in (known, new)
    )
    way, *_ = np.linalg.lstsq(of_known, values[:, : CONTEXT + INPUT], rcond=None)
    made = np.concatenate([of_new @ way, columns_of(new, ranks, pieces)], axis=1)
    codes = np.clip(np.round(made / table.scale), -127, 127).astype(np.int8)
    return Table([*table.words, *new], np.concatenate([table.codes, codes]), table.scale)
