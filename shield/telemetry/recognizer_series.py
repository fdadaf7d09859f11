"""Series on what each recognizer costs, measured in a sample of the inspections."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from prometheus_client import CollectorRegistry

from shield.telemetry.declarations import Declarations, Series


class RecognizerTimes:
    """The series, registered on `registry` at creation. Safe to write from several threads."""

    def __init__(self, registry: CollectorRegistry) -> None:
        declarations = Declarations(registry)
        self._seconds = declarations.counter(
            "shield_recognizer_sampled_seconds_total",
            "Processor time of a recognizer in the inspections of the sample.",
            "recognizer",
        )
        self._inspections = declarations.counter(
            "shield_sampled_inspections_total",
            "Inspections, of a body, a path or a query, in which the recognizers' times were taken.",
        )
        self.declared: tuple[Series, ...] = tuple(declarations.series)
        self._lock = threading.Lock()

    def begin(self, names: Iterable[str]) -> None:
        """Start the series of the recognizers that may run at 0."""
        for name in names:
            self._seconds.labels(name)

    def note(self, name: str, seconds: float) -> None:
        """Add `seconds` of processor time of a recognizer."""
        with self._lock:
            self._seconds.labels(name).inc(seconds)

    def of_one(self, times: Iterable[tuple[str, float]]) -> None:
        """Add one inspection of the sample, with the processor seconds of its recognizers by name."""
        self.sampled()
        for name, seconds in times:
            self.note(name, seconds)

    def sampled(self) -> None:
        """Count one inspection of the sample."""
        with self._lock:
            self._inspections.inc()
