"""Caches what the model computes from a single token, for tokens that recur.

The network's first steps depend only on a token and the gap before it: its features, the entry layer, and
its part in the products of the first layer that mixes neighbours, as left neighbour, as itself and as right
neighbour. They are a graph of their own, run for tokens that are not known yet; the graph for texts looks up
their rows. The products are whole numbers below 2^24, so they and their sums are exact as floats too: a token
has the same result, bit for bit, whether known or not, and whatever it is read with. The cache is bounded and
holds no text: a token is known by its hash, which is keyed by a secret of the process (SipHash, PEP 456). Two
of all cached tokens share a hash of 64 bits once in 10^12 tables.
"""

from __future__ import annotations

import mmap
import threading
from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from shield.analyzer.tagging.features import Features, IntArray
from shield.analyzer.tagging.graphs import open_graph
from shield.analyzer.tagging.tokens import Tokens

KNOWN: Final = 8192  # tokens, including the one that stands for none; each takes 4 KiB at a width of 256
PARTS: Final = ("own", "left", "middle", "right")
"""A token after the entry layer, and its products as left neighbour, as itself and as right neighbour."""

FloatArray = npt.NDArray[np.float32]


class _Table(dict[int, int]):
    """The row of each token by its hash; `parts` are the arrays of these rows. Row 0 stands for no token."""

    __slots__ = ("parts",)

    def __init__(self, widths: Mapping[str, int]) -> None:
        super().__init__()
        # Memory is taken as rows are written. A missing neighbour adds zero to a product.
        self.parts: Mapping[str, FloatArray] = {name: _zeros(width) for name, width in widths.items()}


def _zeros(width: int) -> FloatArray:
    """`KNOWN` rows of zeros in memory pages of their own, which return to the system with them.

    Memory of full tables in the allocator's per-thread heaps would not: a worker that reads ever-new words
    grew by a table now and then. A forked process has its own pages.
    """
    size = KNOWN * width * np.dtype(np.float32).itemsize
    pages = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    return np.frombuffer(pages, np.float32).reshape(KNOWN, width)


class KnownTokens:
    """Gives the rows of tokens, and the arrays that hold them. Thread-safe."""

    def __init__(self, words: Mapping[str, int], graph: bytes) -> None:
        """`words` as for `Features`. Raises ValueError where the graph is not of this version."""
        self._features = Features(words)
        self._session = open_graph(graph)
        outputs = self._session.get_outputs()
        if [each.name for each in outputs] != list(PARTS):
            raise ValueError("the graph of tokens is not one of this version's")
        self._widths: Mapping[str, int] = {each.name: each.shape[1] for each in outputs}
        self._table = _Table(self._widths)
        self._lock = threading.Lock()

    def rows_of(self, tokens: Tokens) -> tuple[IntArray, Mapping[str, FloatArray]]:
        """The row of each token, from 1 on, and the arrays `PARTS` by name, which hold these rows.

        At most `KNOWN` - 1 tokens. The arrays may gain rows later, but those that were given stay valid.
        """
        table = self._table
        keys = map(hash, zip(tokens.texts, tokens.gaps, strict=True))
        try:
            rows = np.fromiter(map(table.__getitem__, keys), np.int32, len(tokens))
        except KeyError:
            rows, table = self._with_new(tokens)
        return rows, table.parts

    def _with_new(self, tokens: Tokens) -> tuple[IntArray, _Table]:
        with self._lock:
            table = self._table
            each = [*zip(tokens.texts, tokens.gaps, strict=True)]
            keys = [*map(hash, each)]
            different = dict(zip(keys, each, strict=True))
            new = [key for key in different if key not in table]
            if len(table) + len(new) >= KNOWN:
                # Threads that still read the full table keep it.
                table, new = _Table(self._widths), [*different]
            first = len(table) + 1
            features = self._features.of_keys([different[key] for key in new])
            for name, made in zip(PARTS, self._session.run(PARTS, {"rows": features}), strict=True):
                table.parts[name][first : first + len(new)] = made
            # Rows are complete before anybody can look them up.
            table.update(zip(new, range(first, first + len(new)), strict=True))
            self._table = table
            return np.fromiter(map(table.__getitem__, keys), np.int32, len(keys)), table
