"""What the model makes of a token by itself, kept for tokens that come again.

The network's first steps depend on a token and the gap before it alone: its features, the layer they enter
by, and its part in the products of the first layer that mixes neighbours, as left neighbour, as itself and as
right one. They are a graph of their own, run for tokens that are not known yet; the graph of texts looks
their rows up. The products are whole numbers of less than 2^24, so that they and their sums are exact as
floats too: a token has the same result, bit for bit, known or not, and whatever it is read with. What is kept
is bounded, and holds no text: a token is known by its hash, which is keyed by a secret of the process
(SipHash, PEP 456). Two of as many as are kept share one of 64 bits once in 10^12 tables.
"""

from __future__ import annotations

import mmap
import threading
from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from shield.analyzer.graphs import open_graph
from shield.analyzer.tagging.features import Features, IntArray
from shield.analyzer.tagging.tokens import Tokens

KNOWN: Final = 8192  # tokens, among them the one that stands for none; each takes 4 KiB at a width of 256
PARTS: Final = ("own", "left", "middle", "right")
"""A token behind the entry layer, and its products as left neighbour, as itself and as right neighbour."""

FloatArray = npt.NDArray[np.float32]


class _Table(dict[int, int]):
    """The row of each token by its hash; `parts` are the arrays of these. Row 0 is that of no token."""

    __slots__ = ("parts",)

    def __init__(self, widths: Mapping[str, int]) -> None:
        super().__init__()
        # Memory is taken as rows are written. Zero is what the neighbour that is not there adds to a product.
        self.parts: Mapping[str, FloatArray] = {name: _zeros(width) for name, width in widths.items()}


def _zeros(width: int) -> FloatArray:
    """`KNOWN` rows of zero in pages of their own, which go back to the system with them.

    From the allocator's heaps, one a thread, the holes that full tables leave would not: a worker that reads
    ever-new words grew by a table now and then. A process that is forked has its own.
    """
    size = KNOWN * width * np.dtype(np.float32).itemsize
    pages = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    return np.frombuffer(pages, np.float32).reshape(KNOWN, width)


class KnownTokens:
    """Rows of tokens, and the arrays they are rows of. Any number of threads."""

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
        """The row of each token, from 1 on, and `PARTS` by name, of which they are rows.

        At most `KNOWN` - 1 tokens. The arrays may come to hold more rows, but those that were given stay.
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
                # Who still reads the table that is full keeps it.
                table, new = _Table(self._widths), [*different]
            first = len(table) + 1
            features = self._features.of_keys([different[key] for key in new])
            for name, made in zip(PARTS, self._session.run(PARTS, {"rows": features}), strict=True):
                table.parts[name][first : first + len(new)] = made
            # Rows are whole before anybody can look them up.
            table.update(zip(new, range(first, first + len(new)), strict=True))
            self._table = table
            return np.fromiter(map(table.__getitem__, keys), np.int32, len(keys)), table
