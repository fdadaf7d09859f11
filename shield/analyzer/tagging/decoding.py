"""Tag scores to spans: the best path on which every `I-` continues its own `B-` or `I-`.

Tags are `O`, then `B-` and `I-` of each label: an odd column begins a span, the even one after it goes on.
Where the best tag of each token already makes a valid path, it is the best path and nothing is computed;
elsewhere Viterbi runs over the stretch between two tokens that are surely outside.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
NEVER: Final = np.float32(-1e9)


def _stretch(scores: FloatArray) -> IntArray:
    """Viterbi over one stretch (tokens, tags)."""
    count, tags = scores.shape
    begins = np.arange(1, tags, 2)
    back = np.zeros((count, tags), np.int64)
    best = scores[0].copy()
    best[begins + 1] = NEVER
    for i in range(1, count):
        leader = int(best.argmax())
        step = np.full(tags, best[leader], np.float32)
        back[i] = leader
        from_begin, from_inside = best[begins], best[begins + 1]
        inside = np.maximum(from_begin, from_inside)
        step[begins + 1] = inside
        back[i, begins + 1] = np.where(from_begin >= from_inside, begins, begins + 1)
        best = step + scores[i]
    path = np.zeros(count, np.int64)
    path[-1] = best.argmax()
    for i in range(count - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return path


def best_path(scores: FloatArray) -> IntArray:
    """The tag of each token (tokens, tags) on the best valid path."""
    path: IntArray = scores.argmax(axis=1)
    inside = (path > 0) & (path % 2 == 0)
    before = np.concatenate([np.zeros(1, np.int64), path[:-1]])
    broken = inside & (before != path) & (before != path - 1)
    if not broken.any():
        return path
    # A token outside both before and after may be taken as a fixed end: the path through it is free.
    outside = np.flatnonzero(path == 0)
    done = 0
    for i in np.flatnonzero(broken):
        if i < done:
            continue
        left = int(np.searchsorted(outside, i))
        start = int(outside[left - 1]) if left else 0
        end = int(outside[left]) + 1 if left < len(outside) else len(path)
        path[start:end] = _stretch(scores[start:end])
        done = end
    return path


def spans(path: IntArray) -> list[tuple[int, int, int]]:
    """Ranges of tokens with the number of their label, in order."""
    found: list[tuple[int, int, int]] = []
    marked: list[Any] = np.flatnonzero(path).tolist()
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
