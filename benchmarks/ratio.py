"""Percentiles and their ratios with confidence intervals: how much slower one thing is than another. Pure.

The latencies were measured in rounds, each of which ran every kind for a few seconds. Requests of one
round are not independent (a stall of the machine delays many), so the bootstrap draws whole rounds: B. Efron
and R. Tibshirani, An Introduction to the Bootstrap (1993), chapters 8 and 13.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Rounds = Sequence[Sequence[float] | np.ndarray[Any, Any]]
"""Latencies, milliseconds, by round."""

_DRAWS = 1000
_SHARE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with the bounds between which 95 of 100 repetitions would find it."""

    value: float
    low: float
    high: float


def percentile(rounds: Rounds, at: float) -> float:
    """The smallest value that at least `at` percent of all requests do not exceed (nearest rank)."""
    values = np.concatenate([np.asarray(values, dtype=np.float64) for values in rounds])
    place = max(0, math.ceil(len(values) * at / 100) - 1)
    return float(np.partition(values, place)[place])


def percentile_interval(rounds: Rounds, at: float, seed: int = 1) -> Interval:
    """A percentile over all requests, with its interval."""
    arrays = [np.asarray(values, dtype=np.float64) for values in rounds]
    drawn = [percentile([arrays[place] for place in places], at) for places in _draws(len(arrays), seed)]
    return _interval(percentile(arrays, at), drawn)


def ratio_interval(over: Rounds, under: Rounds, at: float, seed: int = 1) -> Interval:
    """A percentile of `over` as a multiple of that of `under`, with its interval; draws pairs of rounds."""
    above, below = ([np.asarray(values, dtype=np.float64) for values in each] for each in (over, under))
    drawn = [
        percentile([above[place] for place in places], at)
        / percentile([below[place] for place in places], at)
        for places in _draws(min(len(above), len(below)), seed)
    ]
    return _interval(percentile(above, at) / percentile(below, at), drawn)


def _draws(count: int, seed: int) -> list[list[int]]:
    chance = random.Random(seed)
    return [chance.choices(range(count), k=count) for _ in range(_DRAWS)]


def _interval(value: float, drawn: Sequence[float]) -> Interval:
    ordered = sorted(drawn)
    edge = round(len(ordered) * (1 - _SHARE) / 2)
    return Interval(value, ordered[edge], ordered[-1 - edge])
