"""A Prometheus histogram for a series that one thread writes.

The client library takes a lock for each of the two numbers that an observation changes and walks the
buckets; an exchange observes some ten times, which was a twentieth of its whole cost. Every histogram
of the shield is written by one thread (the event loop, or the inspection's), and a scrape only reads, so
plain additions are enough.
"""

from __future__ import annotations

from bisect import bisect_left

from prometheus_client import Histogram


class SingleWriterHistogram(Histogram):
    """`observe` must always be called by the same thread. Not for the library's multiprocess mode."""

    def observe(self, amount: float, exemplar: dict[str, str] | None = None) -> None:
        """Count `amount` into the first bucket whose bound is not below it; exemplars are not kept."""
        del exemplar
        self._sum._value += amount  # noqa: SLF001  see the module
        self._buckets[bisect_left(self._upper_bounds, amount)]._value += 1.0  # noqa: SLF001
