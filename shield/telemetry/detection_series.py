"""Series on how thoroughly writes were inspected: in full, or by patterns alone and again later."""

from __future__ import annotations

import enum

from prometheus_client import Counter

from shield.telemetry.declarations import Declarations


class Rescanned(enum.Enum):
    """The result of a re-scan: the label `result` of `shield_rescans_total`, and of its record."""

    CLEAN = "clean"
    FOUND = "found"  # personal data went through
    FAILED = "failed"
    NOT_DONE = "not_done"  # the process stopped before its turn came
    NOT_SENT = "not_sent"  # nothing to inspect: a stop came before the write was forwarded


class DetectionSeries:
    """Inspections by the tier that ran, and the re-scans of the reduced ones."""

    def __init__(self, declarations: Declarations) -> None:
        self._inspections = declarations.counter(
            "shield_inspections_total",
            "Writes forwarded after inspection, by the tier that ran to its end and whether the policy asks "
            "for more.",
            "route",
            "tier",
            "detection",
        )
        self._rescans = declarations.counter(
            "shield_rescans_total",
            "Re-scans, in full, of writes that patterns alone had inspected in time, by what came of them.",
            "route",
            "result",
        )
        self.queue_length = declarations.gauge(
            "shield_rescan_queue_length", "Writes that wait for their re-scan, the one under way included."
        )
        self.queue_bytes = declarations.gauge(
            "shield_rescan_queue_bytes", "Memory that the texts of these writes take."
        )
        self._children: dict[tuple[str, str, bool], Counter] = {}

    def begin(self, route: str, tier: str, reduced_tier: str | None) -> None:
        """Start the series of a route at 0; `reduced_tier` is None where it never settles for less."""
        self._child(route, tier, reduced=False)
        if reduced_tier is not None:
            self._child(route, reduced_tier, reduced=True)
            for result in Rescanned:
                self._rescans.labels(route, result.value)

    def inspected(self, route: str, tier: str, *, reduced: bool) -> None:
        """Count one inspection; the names come from the configuration."""
        self._child(route, tier, reduced=reduced).inc()

    def rescanned(self, route: str, result: Rescanned) -> None:
        """Count one re-scan."""
        self._rescans.labels(route, result.value).inc()

    def _child(self, route: str, tier: str, *, reduced: bool) -> Counter:
        key = (route, tier, reduced)
        child = self._children.get(key)
        if child is None:
            detection = "reduced" if reduced else "full"
            child = self._children[key] = self._inspections.labels(route, tier, detection)
        return child
