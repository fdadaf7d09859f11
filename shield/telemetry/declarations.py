"""How series are declared: once, with their text, so that documents can be checked against them."""

from __future__ import annotations

from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from shield.telemetry.single_writer import SingleWriterCounter, SingleWriterHistogram

LATENCY_BUCKETS = (
    0.0005, 0.001, 0.0025, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
    10.0,
)  # fmt: skip
"""Seconds: dense between 1 and 25 ms, where docs/performance.md makes its promises."""

WAIT_BUCKETS = (0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


@dataclass(frozen=True, slots=True)
class Series:
    """One declared series: its name as in a query without a histogram's suffix, its type, its labels."""

    name: str
    kind: str
    labels: tuple[str, ...]
    text: str


class Declarations:
    """Registers series and keeps their declarations, against which documents are checked."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self.series: list[Series] = []

    def counter(self, name: str, text: str, *labels: str) -> Counter:
        self.series.append(Series(name, "counter", labels, text))
        return SingleWriterCounter(name, text, labels, registry=self._registry)

    def gauge(self, name: str, text: str, *labels: str) -> Gauge:
        self.series.append(Series(name, "gauge", labels, text))
        return Gauge(name, text, labels, registry=self._registry)

    def histogram(self, name: str, text: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        self.series.append(Series(name, "histogram", labels, text))
        return SingleWriterHistogram(name, text, labels, registry=self._registry, buckets=buckets)
