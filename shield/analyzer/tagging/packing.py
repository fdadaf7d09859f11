"""Packs several texts into one run of the tagger's graph, so that none affects another.

The graph mixes each token with its neighbours at certain distances. Which tokens these are is an input, so
texts can be concatenated: at the edge of a text there is no neighbour, as if it were alone. So a payload of
many short values costs one run, and each gets exactly the result it would get by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

BESIDE: Final = ("before", "here", "after")
"""The names of the results of `beside`."""

IntArray = npt.NDArray[np.int32]


def distances_of(dilations: Sequence[int]) -> tuple[int, ...]:
    """The distances at which a network with these layers looks, each once, in order."""
    return tuple(sorted(set(dilations)))


def neighbours(most: int, distances: Sequence[int]) -> IntArray:
    """`around` for the first `most` tokens of an endless text.

    A missing neighbour has a very large index: for any text up to that length, `around` is the minimum of
    these and its number of tokens.
    """
    found = np.full((len(distances), most, 3), np.iinfo(np.int32).max, dtype=np.int32)
    places = np.arange(most, dtype=np.int32)
    found[:, :, 1] = places
    for row, distance in enumerate(distances):
        found[row, distance:, 0] = places[: max(0, most - distance)]
        found[row, :, 2] = places + distance
    return found.reshape(len(distances), 3 * most)


def around(lengths: Sequence[int], distances: Sequence[int]) -> IntArray:
    """The indices (distances, 3 x tokens) of each token's left neighbour, itself, and its right neighbour.

    `lengths` are those of the texts, in tokens, in order. The index of a missing neighbour is the number
    of tokens. The three of a token are adjacent, so one look-up gives all that a layer mixes.
    """
    if len(lengths) == 1:
        return np.minimum(neighbours(lengths[0], distances), lengths[0])
    count = sum(lengths)
    places = np.arange(count, dtype=np.int32)
    found = np.empty((len(distances), count, 3), dtype=np.int32)
    found[:, :, 1] = places
    ends = np.cumsum(lengths, dtype=np.int32)
    last = np.repeat(ends - 1, lengths)
    first = np.repeat(ends - np.asarray(lengths, dtype=np.int32), lengths)
    for row, distance in enumerate(distances):
        left, right = places - distance, places + distance
        left[left < first] = count
        right[right > last] = count
        found[row, :, 0], found[row, :, 2] = left, right
    return found.reshape(len(distances), 3 * count)


def beside(rows: IntArray, lengths: Sequence[int]) -> tuple[IntArray, IntArray, IntArray]:
    """The row of the token before each, its own, and that of the token after it; 0 where there is none.

    `lengths` are those of the texts, in tokens, in order.
    """
    count = len(rows)
    edged = np.zeros(count + 2, dtype=np.int32)
    edged[1:-1] = rows
    before, after = edged[:-2], edged[2:]
    if len(lengths) > 1:
        before, after = before.copy(), after.copy()
        edges = np.cumsum(lengths[:-1])
        before[edges[edges < count]] = 0
        after[edges[edges > 0] - 1] = 0
    return before, edged[1:-1], after


def packs(lengths: Sequence[int], most: int) -> Iterator[tuple[int, int]]:
    """Ranges of texts for one run each: at most `most` tokens, unless it is a single text."""
    start = total = 0
    for place, length in enumerate(lengths):
        if total and total + length > most:
            yield start, place
            start, total = place, 0
        total += length
    if start < len(lengths):
        yield start, len(lengths)
