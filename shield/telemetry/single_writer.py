"""Prometheus counters and histograms for series that only one thread writes.

The client library takes a lock for each number that an observation changes and walks the buckets; an exchange
observes or counts some twenty times, which was a tenth of its whole cost. Every counter and histogram of the
shield is written by one thread (the event loop, or the inspection's), and a scrape only reads, so plain
additions are enough.
"""

from __future__ import annotations

from bisect import bisect_left

from prometheus_client import Counter, Histogram


class SingleWriterHistogram(Histogram):
    """`observe` must always be called by the same thread. Not for the library's multiprocess mode."""

    def observe(self, amount: float, exemplar: dict[str, str] | None = None) -> None:
        """Count `amount` into the first bucket whose bound is not below it; exemplars are not kept."""
        del exemplar
        self._sum._value += amount  # noqa: SLF001  see the module
        self._buckets[bisect_left(self._upper_bounds, amount)]._value += 1.0  # noqa: SLF001  see the module


class SingleWriterCounter(Counter):
    """`inc` must always be called by the same thread. Not for the library's multiprocess mode."""

    def inc(self, amount: float = 1, exemplar: dict[str, str] | None = None) -> None:
        """Count `amount`, which must not be negative; exemplars are not kept."""
        del exemplar
        self._value._value += amount  # noqa: SLF001  see the module
