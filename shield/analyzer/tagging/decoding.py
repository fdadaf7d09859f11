"""Tag scores to spans: the best path on which every `I-` continues its own `B-` or `I-`.

Tags are `O`, then `B-` and `I-` of each label: an odd column begins a span, the even one after it goes on.
Where the best tag of each token already makes a valid path, it is the best path and nothing is computed;
elsewhere Viterbi runs over the stretch between two tokens that are surely outside.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
NEVER: Final = -math.inf
_MARGIN: Final = 1e-3  # of the sums of log-probabilities that are compared


def _stretch(scores: FloatArray, tags: list[int]) -> list[int]:
    """The best valid path through one stretch (tokens, tags), whose best tags by themselves are `tags`.

    Where each `I-` that continues nothing begins a span instead, or the token before it begins its span, the
    path is valid. So the best one loses no more than that does, and of each token only the tags that lose so
    little are looked at.
    """
    spare = _MARGIN
    for place, tag in enumerate(tags):
        before = tags[place - 1] if place else 0
        if tag and tag % 2 == 0 and before not in (tag, tag - 1):
            lost = scores.item(place, tag) - scores.item(place, tag - 1)
            if place:
                lost = min(lost, scores.item(place - 1, before) - scores.item(place - 1, tag - 1))
            spare += lost
    near = scores >= np.subtract(scores.max(axis=1, keepdims=True), spare, dtype=np.float64)
    choices: list[list[tuple[int, float]]] = [[] for _ in tags]
    places, kinds = near.nonzero()
    for place, tag, score in zip(places.tolist(), kinds.tolist(), scores[near].tolist(), strict=True):
        choices[place].append((tag, score))
    best: dict[int, float] = {0: 0.0}  # by the tag of the token before: the first `B-` may follow it
    back: list[dict[int, int]] = []
    for choice in choices:
        leader = max(best, key=best.__getitem__)
        step: dict[int, float] = {}
        origin: dict[int, int] = {}
        for each, score in choice:
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


def best_path(scores: FloatArray) -> IntArray:
    """The tag of each token (tokens, tags) on the best valid path."""
    path: IntArray = scores.argmax(axis=1)
    marked: list[int] = path.nonzero()[0].tolist()
    if not marked:
        return path
    tags: list[int] = path.tolist()
    # An `I-` follows its own `I-`, or the `B-` that stands one below it.
    broken = [
        i
        for i in marked
        if (tag := tags[i]) % 2 == 0 and (i == 0 or ((before := tags[i - 1]) != tag and before != tag - 1))
    ]
    # A token outside both before and after may be taken as a fixed end: the path through it is free.
    done = 0
    for i in broken:
        if i < done:
            continue
        start, end = i, i + 1
        while start and tags[start]:
            start -= 1
        while end < len(tags) and tags[end]:
            end += 1
        done = min(end + 1, len(tags))
        path[start:done] = _stretch(scores[start:done], tags[start:done])
    return path


def spans(path: IntArray) -> list[tuple[int, int, int]]:
    """Ranges of tokens with the number of their label, in order."""
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
