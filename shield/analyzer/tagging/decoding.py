"""Decodes tag scores to spans: the best path on which every `I-` continues its own `B-` or `I-`.

Tags are `O`, then `B-` and `I-` of each label: an odd column begins a span, the even one after it continues.
Where the best tags of all tokens form a valid path, it is the best path and nothing is computed;
elsewhere Viterbi runs over the stretch between two tokens that are surely outside.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
NEVER: Final = -math.inf
_MARGIN: Final = 1e-3  # tolerance when sums of log-probabilities are compared
_LONG: Final = 64  # tokens of a stretch from which on arrays may be faster
_MUCH: Final = 4.0
"""What a path near the best may lose, as a log-probability, before most tags of a token are considered."""


def _stretch(scores: FloatArray, tags: list[int]) -> list[int]:
    """The best valid path through one stretch (tokens, tags), whose best tags by themselves are `tags`.

    A valid path that is near the best one is made first, token by token. The best path loses no more than
    that one, so for each token only the tags that lose so little are considered.
    """
    # Stretches are short and rare: lists are read faster than arrays once a graph has emptied the caches.
    rows: list[list[float]] = scores.tolist()
    spare = _MARGIN
    before, previous = 0, rows[0]
    for place, (row, tag) in enumerate(zip(rows, tags, strict=True)):
        taken = tag
        if tag and tag % 2 == 0 and before not in (tag, tag - 1):
            # An `I-` that continues nothing: it begins a span, or goes on with the one before it, or the
            # token before begins its span.
            taken = tag - 1
            if before and row[same := before + before % 2] > row[taken]:
                taken = same
            lost = row[tag] - row[taken]
            if place and (instead := previous[before] - previous[tag - 1]) < lost:
                taken, lost = tag, instead
            spare += lost
        before, previous = taken, row
    if len(tags) > _LONG and spare > _MUCH:
        return _whole(scores)
    best: dict[int, float] = {0: 0.0}  # by the tag of the token before: the first `B-` may follow it
    back: list[dict[int, int]] = []
    for row, tag in zip(rows, tags, strict=True):
        least = row[tag] - spare
        near = [score for score in row if score >= least]
        if len(near) == 1:
            choices = [(tag, near[0])]
        else:
            choices = [(each, score) for each, score in enumerate(row) if score >= least]
        leader = max(best, key=best.__getitem__) if len(best) > 1 else next(iter(best))
        step: dict[int, float] = {}
        origin: dict[int, int] = {}
        for each, score in choices:
            comes = leader
            if each and each % 2 == 0:
                begun, within = best.get(each - 1, NEVER), best.get(each, NEVER)
                comes = each - 1 if begun >= within else each
                if comes not in best:
                    continue
            step[each] = best[comes] + score
            origin[each] = comes
        best = step
        back.append(origin)
    found = [max(best, key=best.__getitem__)]
    for origin in reversed(back[1:]):
        found.append(origin[found[-1]])
    found.reverse()
    return found


def _whole(scores: FloatArray) -> list[int]:
    """The same path by Viterbi over all tags: where a long stretch is torn, nearly all of them are near."""
    rows = scores.astype(np.float64)
    count, width = rows.shape
    best = np.full(width, NEVER)
    best[0] = 0.0
    leaders: list[int] = []
    goes_on = np.zeros((count, width // 2), np.bool_)
    for row, within in zip(rows, goes_on, strict=True):
        leader = int(best.argmax())
        np.greater(best[2::2], best[1::2], out=within)
        before = np.full(width, best[leader])
        np.maximum(best[1::2], best[2::2], out=before[2::2])
        best = row + before
        leaders.append(leader)
    found = [int(best.argmax())]
    for leader, within in zip(reversed(leaders[1:]), goes_on[:0:-1], strict=True):
        tag = found[-1]
        if tag and tag % 2 == 0:
            found.append(tag if within[tag // 2 - 1] else tag - 1)
        else:
            found.append(leader)
    found.reverse()
    return found


def best_path(scores: FloatArray, begins: Collection[int] = (0,)) -> IntArray:
    """The tag of each token (tokens, tags) on the best valid path.

    A text begins at each of `begins`: nothing goes on from the text before it, as if it were alone.
    """
    path: IntArray = scores.argmax(axis=1)
    marked: list[int] = path.nonzero()[0].tolist()
    if not marked:
        return path
    tags: list[int] = path.tolist()
    # An `I-` follows its own `I-`, or the `B-` in the column before it.
    broken = [
        i
        for i in marked
        if (tag := tags[i]) % 2 == 0
        and (((before := tags[i - 1]) != tag and before != tag - 1) or i in begins)
    ]
    # A token outside both before and after may be taken as a fixed end: the path through it is free.
    done = 0
    for i in broken:
        if i < done:
            continue
        start, end = i, i + 1
        while tags[start] and start not in begins:
            start -= 1
        while end < len(tags) and tags[end] and end not in begins:
            end += 1
        done = end if end in begins else min(end + 1, len(tags))
        path[start:done] = _stretch(scores[start:done], tags[start:done])
    return path


def spans(path: IntArray) -> list[tuple[int, int, int]]:
    """Ranges of tokens with the index of their label, in order."""
    found: list[tuple[int, int, int]] = []
    marked: list[int] = path.nonzero()[0].tolist()
    tags: list[int] = path.tolist()
    start = -1
    last = -2
    for i in marked:
        tag = tags[i]
        if i != last + 1 or tag % 2 == 1:
            if start >= 0:
                found.append((start, last + 1, (tags[start] - 1) // 2))
            start = i
        last = i
    if start >= 0:
        found.append((start, last + 1, (tags[start] - 1) // 2))
    return found
