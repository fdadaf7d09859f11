"""Computes rates and quantiles between two scrapes of a running shield. Pure.

The text format is Prometheus'. Rates are per second; a counter that fell was restarted and counts from 0.
Quantiles are those of PromQL's `histogram_quantile`: linear within a bucket.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from prometheus_client.parser import text_string_to_metric_families

Labels = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Scrape:
    """The samples of one scrape, by name and labels."""

    samples: Mapping[str, Mapping[Labels, float]]

    @classmethod
    def parse(cls, text: str) -> Scrape:
        """Parse one exposition. Raises `ValueError` for other text."""
        found: dict[str, dict[Labels, float]] = defaultdict(dict)
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                found[sample.name][frozenset(sample.labels.items())] = sample.value
        return cls(found)


@dataclass(frozen=True, slots=True)
class Window:
    """What happened between two scrapes, `seconds` apart. Names are as exposed (`…_total`)."""

    before: Scrape
    after: Scrape
    seconds: float

    def now(self, name: str, **labels: str) -> float:
        """The sum of a gauge's or counter's values; NaN where there is none."""
        values = [value for _, value in _matching(self.after, name, labels)]
        return math.fsum(values) if values else math.nan

    def least(self, name: str) -> float:
        """The smallest of a gauge's values; NaN where there is none."""
        return min((value for _, value in _matching(self.after, name, {})), default=math.nan)

    def rate(self, name: str, **labels: str) -> float:
        """Rate per second; 0 where nothing was counted."""
        return math.fsum(self._increases(name, labels).values()) / self.seconds

    def by(self, name: str, *keys: str, **labels: str) -> dict[tuple[str, ...], float]:
        """Rates per second by the values of the labels `keys`, highest first, without those that are 0."""
        sums: dict[tuple[str, ...], float] = defaultdict(float)
        for found, value in self._increases(name, labels).items():
            of = dict(found)
            sums[tuple(of.get(key, "") for key in keys)] += value / self.seconds
        return {key: value for key, value in sorted(sums.items(), key=lambda it: (-it[1], it[0])) if value}

    def quantile(self, share: float, histogram: str, **labels: str) -> float:
        """The `share`-quantile (0 to 1) of what a histogram observed in the window; NaN for nothing."""
        buckets: dict[float, float] = defaultdict(float)
        for found, value in self._increases(f"{histogram}_bucket", labels).items():
            buckets[float(dict(found)["le"])] += value
        bounds = sorted(buckets.items())
        if not bounds or not bounds[-1][1]:
            return math.nan
        rank = share * bounds[-1][1]
        for (lower, below), (upper, count) in pairwise([(0.0, 0.0), *bounds]):
            if count >= rank:
                if math.isinf(upper):
                    return lower
                if count <= below:
                    return upper
                within = lower + (upper - lower) * (rank - below) / (count - below)
                return min(within, upper)  # rounding may end a hair above
        return math.nan

    def _increases(self, name: str, labels: Mapping[str, str]) -> dict[Labels, float]:
        past = self.before.samples.get(name, {})
        return {
            found: value - past.get(found, 0.0) if value >= past.get(found, 0.0) else value
            for found, value in _matching(self.after, name, labels)
        }


def _matching(scrape: Scrape, name: str, labels: Mapping[str, str]) -> Iterator[tuple[Labels, float]]:
    wanted = labels.items()
    for found, value in scrape.samples.get(name, {}).items():
        if wanted <= found:
            yield found, value
